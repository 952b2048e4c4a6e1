//! Changes of a file in the library: what people write about it, its replacement, and its removal.

use contract::key::Key;
use library::edit::{EditChange, EditError};
use library::name::FileId;
use library::record::{Edits, FileRecord, State};
use library::store::{LibraryStore, StoredRecord};
use service::problem::{Kind, Problem};

use super::access::{library, library_problem, may_change, may_see, no_such_file, not_changeable};
use crate::callers::access::Caller;
use crate::http::api::Api;
use crate::http::problem::store_problem;

/// The maximum number of times that a change is tried while others change the same record.
const ATTEMPTS: usize = 8;

/// The file of an id that a caller may change.
async fn changeable(
    store: &dyn LibraryStore,
    api: &Api,
    caller: &Caller,
    id: &FileId,
) -> Result<StoredRecord, Problem> {
    let found = store.find(id).await.map_err(|error| library_problem(&error))?;
    let found = found.filter(|found| may_see(caller, &found.record)).ok_or_else(no_such_file)?;
    if may_change(&api.access, caller, &found.record) { Ok(found) } else { Err(not_changeable(caller)) }
}

/// Changes what people have written about a file. Returns the new record.
pub(super) async fn edit(
    api: &Api,
    caller: &Caller,
    id: &FileId,
    change: &EditChange,
) -> Result<FileRecord, Problem> {
    let store = library(api)?;
    for _ in 0..ATTEMPTS {
        let StoredRecord { record, revision } = changeable(&**store, api, caller, id).await?;
        let edits = change.clone().apply(record.edits.clone()).map_err(edit_problem)?;
        let record = FileRecord { edits, ..record };
        if store.write(&record, revision).await.map_err(|error| library_problem(&error))? {
            return Ok(record);
        }
    }
    Err(busy())
}

/// Lets the file `by` take the place of the file `id`: it gets what people have written about that, which is then removed. A repeated call
/// completes one that was interrupted.
pub(super) async fn replace(
    api: &Api,
    caller: &Caller,
    id: &FileId,
    by: &FileId,
) -> Result<FileRecord, Problem> {
    let store = library(api)?;
    let old = changeable(&**store, api, caller, id).await?.record;
    for _ in 0..ATTEMPTS {
        let new = changeable(&**store, api, caller, by).await.map_err(|problem| problem.at("by"))?;
        admit_replacement(&old, &new.record)?;
        let edits = Edits { name: Some(old.name().to_owned()), ..old.edits.clone() };
        let record = FileRecord { edits, ..new.record };
        if store.write(&record, new.revision).await.map_err(|error| library_problem(&error))? {
            delete(api, caller, id).await?;
            return Ok(record);
        }
    }
    Err(busy())
}

/// Refuses a file that can't take the place of another one.
fn admit_replacement(old: &FileRecord, new: &FileRecord) -> Result<(), Problem> {
    let area = |record: &FileRecord| Key::parse(&record.key).map(|key| key.area()).ok();
    let refused = |kind, sentence: &str| Err(Problem::new(kind, format!("by: {sentence}")).at("by"));
    if old.id == new.id {
        return refused(Kind::BadRequest, "a file can't replace itself");
    }
    if area(old) != area(new) {
        return refused(Kind::BadRequest, "one of the files is public and the other private");
    }
    if old.facts.owner != new.facts.owner {
        return refused(Kind::BadRequest, "the files have different owners");
    }
    match new.facts.state {
        State::Clean => Ok(()),
        State::Pending => refused(Kind::Missing, "the file is being checked; try again when it is clean"),
        State::Refused | State::Unchecked => refused(Kind::BadRequest, "the file isn't served"),
    }
}

fn busy() -> Problem {
    Problem::new(Kind::StorageUnavailable, "others change the same file all the time; try again")
}

/// Removes a file from the bucket and the library. The upkeep removes all that was made of it.
pub(super) async fn delete(api: &Api, caller: &Caller, id: &FileId) -> Result<(), Problem> {
    let store = library(api)?;
    let StoredRecord { record, revision } = changeable(&**store, api, caller, id).await?;
    let key = Key::parse(&record.key).map_err(|_| no_such_file())?;
    api.store.remove(&key).await.map_err(store_problem)?;
    tracing::info!(%key, "a file was deleted");
    // S3's event removes the record, too. If the record has changed meanwhile, that event does it alone.
    store.remove(&key, revision).await.map_err(|error| library_problem(&error))?;
    Ok(())
}

fn edit_problem(EditError { member, sentence }: EditError) -> Problem {
    Problem::new(Kind::BadRequest, format!("{member}: {sentence}")).at(member)
}
