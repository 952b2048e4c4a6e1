//! Computes the whole library again from the bucket. What people have written stays; the records of removed originals go.

use contract::key::Area;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use library::keep::{KeepError, SourceError};
use library::store::{Range, Scope};

use super::{LibraryKeeper, LibraryKeeperError};

/// Maximum number of records that are computed concurrently.
const CONCURRENT: usize = 8;

/// The number of records that are read at once.
const CHUNK: usize = 1000;

impl LibraryKeeper {
    /// Makes every record equal to the bucket. Returns the number of objects that were compared. Changes that happen
    /// meanwhile are safe: their events compare the same records.
    pub async fn rebuild(&self) -> Result<usize, LibraryKeeperError> {
        let mut compared = 0;
        for area in [Area::Files, Area::Private] {
            let prefix = format!("{}/", area.segment());
            let mut after = None;
            loop {
                let keys = self.store.keys_below(&prefix, after.as_deref()).await;
                let keys = keys.map_err(|error| LibraryKeeperError::List(SourceError(error.to_string())))?;
                let Some(last) = keys.last().cloned() else { break };
                compared += keys.len();
                after = Some(last);
                self.keep_all(keys).await?;
            }
        }
        self.compare_records().await?;
        Ok(compared)
    }

    /// Compares each record with the bucket, so that those of removed originals go.
    async fn compare_records(&self) -> Result<(), LibraryKeeperError> {
        let mut range = Range::default();
        loop {
            let records = self.library.newest(&Scope::All, &range, CHUNK).await.map_err(KeepError::from)?;
            let Some(last) = records.last() else { return Ok(()) };
            range.before = last.position();
            self.keep_all(records.into_iter().map(|record| record.key).collect()).await?;
        }
    }

    async fn keep_all(&self, keys: Vec<String>) -> Result<(), LibraryKeeperError> {
        let kept: Vec<_> = keys.iter().map(|key| self.keep(key)).collect();
        stream::iter(kept).buffer_unordered(CONCURRENT).try_collect::<()>().await
    }
}
