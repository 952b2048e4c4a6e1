//! Changes of a file in the library: what people write about it, and its removal.

use contract::key::Key;
use library::edit::{EditChange, EditError};
use library::name::FileId;
use library::record::FileRecord;
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
    Err(Problem::new(Kind::StorageUnavailable, "others change the same file all the time; try again"))
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
