//! The tables: records by id and key, and in the order of lists.

use std::ops::Bound;
use std::path::Path;

use contract::key::Key;
use library::name::{FileId, Position};
use library::record::FileRecord;
use library::store::{LibraryError, Range, Revision, Scope, StoredRecord};
use redb::{Database, ReadableDatabase as _, TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// Records by id and key.
const FILES: TableDefinition<'static, (&str, &str), &[u8]> = TableDefinition::new("files");

/// Records by list and position. A list is [`ALL`], or that of an owner.
const LISTS: TableDefinition<'static, (&str, &str), &[u8]> = TableDefinition::new("lists");

/// The list of all files.
const ALL: &str = "all";

/// The text that begins the name of an owner's list.
const OWNER: &str = "owner:";

/// A text that is greater than every position.
const END: &str = "g";

/// A record in the table of files.
#[derive(Serialize, Deserialize)]
struct Row {
    revision: u64,
    record: FileRecord,
}

/// The open file. All methods block.
pub(crate) struct Tables {
    database: Database,
    /// Dropped last, so that its receivers learn that the file is closed.
    pub(crate) open: watch::Sender<()>,
}

impl Tables {
    pub(crate) fn open(file: &Path) -> Result<Self, LibraryError> {
        let database = Database::create(file).map_err(unavailable)?;
        let transaction = database.begin_write().map_err(unavailable)?;
        transaction.open_table(FILES).map_err(unavailable)?;
        transaction.open_table(LISTS).map_err(unavailable)?;
        transaction.commit().map_err(unavailable)?;
        Ok(Self { database, open: watch::Sender::new(()) })
    }

    pub(crate) fn find(&self, id: &FileId) -> Result<Option<StoredRecord>, LibraryError> {
        let reading = self.database.begin_read().map_err(unavailable)?;
        let files = reading.open_table(FILES).map_err(unavailable)?;
        let mut rows = files.range((id.as_str(), "")..).map_err(unavailable)?;
        let Some(row) = rows.next() else { return Ok(None) };
        let (name, row) = row.map_err(unavailable)?;
        if name.value().0 == id.as_str() { stored(row.value()).map(Some) } else { Ok(None) }
    }

    pub(crate) fn read(&self, key: &Key) -> Result<Option<StoredRecord>, LibraryError> {
        let id = FileId::of(key);
        let reading = self.database.begin_read().map_err(unavailable)?;
        let files = reading.open_table(FILES).map_err(unavailable)?;
        let row = files.get((id.as_str(), key.as_str())).map_err(unavailable)?;
        row.map(|row| stored(row.value())).transpose()
    }

    pub(crate) fn write(&self, record: &FileRecord, replaced: Revision) -> Result<bool, LibraryError> {
        self.change(record.id.as_str(), &record.key, replaced, |transaction| {
            let row = Row { revision: replaced.0 + 1, record: record.clone() };
            let (row, listed) = (to_json(&row)?, to_json(record)?);
            let mut files = transaction.open_table(FILES).map_err(unavailable)?;
            files.insert((record.id.as_str(), record.key.as_str()), row.as_slice()).map_err(unavailable)?;
            let mut lists = transaction.open_table(LISTS).map_err(unavailable)?;
            for (list, position) in places(record)? {
                lists.insert((list.as_str(), position.as_str()), listed.as_slice()).map_err(unavailable)?;
            }
            Ok(())
        })
    }

    pub(crate) fn remove(&self, key: &Key, removed: Revision) -> Result<bool, LibraryError> {
        self.change(FileId::of(key).as_str(), key.as_str(), removed, |_| Ok(()))
    }

    pub(crate) fn newest(
        &self,
        scope: &Scope,
        range: &Range,
        limit: usize,
    ) -> Result<Vec<FileRecord>, LibraryError> {
        let list = match scope {
            Scope::All => ALL.to_owned(),
            Scope::Owner(owner) => owner_list(owner.as_deref()),
        };
        let from = range.from.as_ref().map_or("", Position::as_str);
        let before = range.before.as_ref().map_or(END, Position::as_str);
        if from >= before {
            return Ok(Vec::new());
        }
        let part = (Bound::Included((list.as_str(), from)), Bound::Excluded((list.as_str(), before)));
        let reading = self.database.begin_read().map_err(unavailable)?;
        let lists = reading.open_table(LISTS).map_err(unavailable)?;
        let rows = lists.range::<(&str, &str)>(part).map_err(unavailable)?.rev().take(limit);
        rows.map(|row| from_json(row.map_err(unavailable)?.1.value())).collect()
    }

    /// Removes the row of a key and its places in lists, and then does the rest, in one durable transaction. Changes nothing and
    /// returns `false` if the row has another revision than `expected`.
    fn change(
        &self,
        id: &str,
        key: &str,
        expected: Revision,
        rest: impl FnOnce(&WriteTransaction) -> Result<(), LibraryError>,
    ) -> Result<bool, LibraryError> {
        let transaction = self.database.begin_write().map_err(unavailable)?;
        let before = {
            let mut files = transaction.open_table(FILES).map_err(unavailable)?;
            let row = files.remove((id, key)).map_err(unavailable)?;
            row.map(|row| stored(row.value())).transpose()?
        };
        let revision = before.as_ref().map_or(Revision::ABSENT, |before| before.revision);
        if revision != expected {
            transaction.abort().map_err(unavailable)?;
            return Ok(false);
        }
        if let Some(StoredRecord { record, .. }) = before {
            let mut lists = transaction.open_table(LISTS).map_err(unavailable)?;
            for (list, position) in places(&record)? {
                lists.remove((list.as_str(), position.as_str())).map_err(unavailable)?;
            }
        }
        rest(&transaction)?;
        transaction.commit().map_err(unavailable)?;
        Ok(true)
    }
}

/// The places of a record in lists.
fn places(record: &FileRecord) -> Result<[(String, Position); 2], LibraryError> {
    let position =
        record.position().ok_or_else(|| LibraryError::Corrupt(format!("{} is not a key", record.key)))?;
    Ok([(ALL.to_owned(), position.clone()), (owner_list(record.facts.owner.as_deref()), position)])
}

fn owner_list(owner: Option<&str>) -> String {
    format!("{OWNER}{}", owner.unwrap_or_default())
}

fn stored(row: &[u8]) -> Result<StoredRecord, LibraryError> {
    let Row { revision, record } = from_json(row)?;
    Ok(StoredRecord { record, revision: Revision(revision) })
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, LibraryError> {
    serde_json::to_vec(value).map_err(|error| LibraryError::Corrupt(error.to_string()))
}

fn from_json<T: for<'a> Deserialize<'a>>(text: &[u8]) -> Result<T, LibraryError> {
    serde_json::from_slice(text).map_err(|error| LibraryError::Corrupt(error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the error by value")]
fn unavailable(error: impl ToString) -> LibraryError {
    LibraryError::Unavailable(error.to_string())
}
