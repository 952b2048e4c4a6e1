//! The library's store on one machine: ordered tables in one file, changed in durable transactions. It takes the place of the
//! deployment's `DynamoDB` table, and passes the same table of test cases.
//!
//! Reading order: `tables` has the tables and their changes; [`RedbLibrary`] runs them on blocking threads.

mod tables;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use contract::key::Key;
use library::name::FileId;
use library::record::FileRecord;
use library::store::{LibraryError, LibraryStore, Range, Revision, Scope, StoredRecord};

use tables::Tables;

/// A library in a file. Clones are handles to the same file.
#[derive(Clone)]
pub struct RedbLibrary {
    tables: Arc<Tables>,
}

impl fmt::Debug for RedbLibrary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbLibrary").finish_non_exhaustive()
    }
}

impl RedbLibrary {
    /// Opens the file, and creates it if it is missing. Blocks the thread. Fails if another process has it open.
    pub fn open(file: &Path) -> Result<Self, LibraryError> {
        Ok(Self { tables: Arc::new(Tables::open(file)?) })
    }

    /// Drops this handle and waits until all others are dropped and the file is closed. An operation continues after its caller
    /// has gone, so it may still hold a handle.
    pub async fn close(self) {
        let mut open = self.tables.open.subscribe();
        drop(self);
        while open.changed().await.is_ok() {}
    }

    async fn run<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&Tables) -> Result<T, LibraryError> + Send + 'static,
    ) -> Result<T, LibraryError> {
        let tables = Arc::clone(&self.tables);
        let done = tokio::task::spawn_blocking(move || operation(&tables)).await;
        done.map_err(|error| LibraryError::Unavailable(error.to_string()))?
    }
}

#[async_trait::async_trait]
impl LibraryStore for RedbLibrary {
    async fn find(&self, id: &FileId) -> Result<Option<StoredRecord>, LibraryError> {
        let id = id.clone();
        self.run(move |tables| tables.find(&id)).await
    }

    async fn read(&self, key: &Key) -> Result<Option<StoredRecord>, LibraryError> {
        let key = key.clone();
        self.run(move |tables| tables.read(&key)).await
    }

    async fn write(&self, record: &FileRecord, replaced: Revision) -> Result<bool, LibraryError> {
        let record = record.clone();
        self.run(move |tables| tables.write(&record, replaced)).await
    }

    async fn remove(&self, key: &Key, removed: Revision) -> Result<bool, LibraryError> {
        let key = key.clone();
        self.run(move |tables| tables.remove(&key, removed)).await
    }

    async fn newest(
        &self,
        scope: &Scope,
        range: &Range,
        limit: usize,
    ) -> Result<Vec<FileRecord>, LibraryError> {
        let (scope, range) = (scope.clone(), range.clone());
        self.run(move |tables| tables.newest(&scope, &range, limit)).await
    }
}
