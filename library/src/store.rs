//! The interface of a store of records. A store keeps records by id and key, and in the order of their positions: those of all
//! files, and those of each owner.

use std::fmt;

use contract::key::Key;

use crate::name::{FileId, Position};
use crate::record::FileRecord;

/// The number of changes of a record since it was created. A change names the one that it replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision(pub u64);

impl Revision {
    /// The revision of a record that doesn't exist.
    pub const ABSENT: Self = Self(0);
}

/// A record and its revision.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRecord {
    /// The record.
    pub record: FileRecord,
    /// The revision, 1 or more.
    pub revision: Revision,
}

/// The files of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All files.
    All,
    /// The files with this owner in their tags; `None` for those without one.
    Owner(Option<String>),
}

/// A part of a list: positions from `from` to before `before`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first position; `None` for the oldest file.
    pub from: Option<Position>,
    /// The position after the last one; `None` for the newest file.
    pub before: Option<Position>,
}

/// The reason why a store doesn't answer. It is for operators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LibraryError {
    /// The store refuses a request or doesn't answer. Contains the reason.
    #[error("the library doesn't answer: {0}")]
    Unavailable(String),
    /// A record can't be read. Contains the reason.
    #[error("a record of the library can't be read: {0}")]
    Corrupt(String),
}

/// A store of records.
#[async_trait::async_trait]
pub trait LibraryStore: fmt::Debug + Send + Sync {
    /// The record of an id: the one with the first key, if several keys have the same id. It is the newest that was written.
    async fn find(&self, id: &FileId) -> Result<Option<StoredRecord>, LibraryError>;

    /// The record of a key. It is the newest that was written.
    async fn read(&self, key: &Key) -> Result<Option<StoredRecord>, LibraryError>;

    /// Writes a record in place of the revision `replaced`. Returns `false`, and writes nothing, if the stored record has
    /// another revision.
    async fn write(&self, record: &FileRecord, replaced: Revision) -> Result<bool, LibraryError>;

    /// Removes the record of a key that has the revision `removed`. Returns `false`, and removes nothing, if the stored record
    /// has another revision.
    async fn remove(&self, key: &Key, removed: Revision) -> Result<bool, LibraryError>;

    /// The newest records of a part of a list, newest first, at most `limit`. Fewer are all that there are. A record that was
    /// just written may be missing for a moment.
    async fn newest(
        &self,
        scope: &Scope,
        range: &Range,
        limit: usize,
    ) -> Result<Vec<FileRecord>, LibraryError>;
}
