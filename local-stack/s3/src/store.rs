//! The store: an index and a directory of contents. Both are always consistent.

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use redb::WriteTransaction;
use tokio::sync::{Notify, watch};

use super::blob::Blobs;
use super::cors_rule::CorsRule;
use super::database::Database;
use super::error::StoreError;
use super::index::{self, OBJECTS, PARTS};

/// Minimum size of every part but the last: 5 MiB.
const MIN_PART_BYTES: u64 = 5 << 20;

/// Buckets and objects in a directory. Clones are handles to the same store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<StoreInner>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

/// The open files of a store. Its methods block.
pub(crate) struct StoreInner {
    pub(crate) index: Database,
    pub(crate) blobs: Blobs,
    /// Minimum size of every part but the last, in bytes.
    pub(crate) min_part_bytes: u64,
    event_written: Notify,
    /// Dropped last, so that its receivers learn that the files are closed.
    open: watch::Sender<()>,
}

impl Store {
    /// Opens the store in a directory, creates what is missing, and removes files that an earlier process left
    /// unfinished. Blocks the thread. Fails if the directory can't be written or another process has it open.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        Self::open_with_parts(directory, MIN_PART_BYTES)
    }

    /// Opens the store with another minimum size, in bytes, of all parts but the last. A size below that of S3 lets
    /// tests upload thousands of parts without gigabytes of data.
    pub fn open_with_parts(directory: &Path, min_part_bytes: u64) -> Result<Self, StoreError> {
        let blobs = Blobs::open(&directory.join("blobs"))?;
        let index = index::open(&directory.join("index.redb"))?;
        File::open(directory)?.sync_all()?;
        let reading = index.begin_read()?;
        blobs.sweep(&index::named_blobs(&reading.open_table(OBJECTS)?, &reading.open_table(PARTS)?)?)?;
        let (event_written, open) = (Notify::new(), watch::Sender::new(()));
        let inner = StoreInner { index, blobs, min_part_bytes, event_written, open };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Creates a bucket if it doesn't exist. Blocks the thread. Fails if its name breaks the rules of S3.
    pub fn create_bucket(&self, name: &str) -> Result<(), StoreError> {
        self.inner.ensure_bucket(name)
    }

    /// Replaces the CORS rules of a bucket; none closes it to pages of other origins. Blocks the thread.
    pub fn set_cors(&self, name: &str, rules: Vec<CorsRule>) -> Result<(), StoreError> {
        self.inner.set_cors(name, rules)
    }

    /// Waits until an event was written since the last call. Wakes one waiter.
    pub(crate) async fn wait_for_event(&self) {
        self.inner.event_written.notified().await;
    }

    /// Drops this handle and waits until all others are dropped and the files are closed. An operation continues after
    /// its caller has gone, so it may still hold a handle.
    pub async fn close(self) {
        let mut open = self.inner.open.subscribe();
        drop(self);
        while open.changed().await.is_ok() {}
    }

    /// Runs a blocking operation on a thread for it. The operation completes even if the caller is dropped.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&StoreInner) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || operation(&inner)).await?
    }

    /// The directory of contents.
    pub(crate) fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }
}

impl StoreInner {
    /// Changes the index in one durable transaction.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&WriteTransaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction = self.index.begin_write()?;
        let result = change(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }

    /// Wakes the waiter for events.
    pub(crate) fn notify(&self) {
        self.event_written.notify_one();
    }
}
