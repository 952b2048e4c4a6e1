//! Makes the record of a file equal to what the bucket has.
//!
//! Events of one key come several times, late, in any order, and to several processes at once. Each of them runs [`keep`]: it
//! reads the record, then asks the bucket, and writes the difference in place of exactly the revision that it has read. It ends
//! only when a record that it has read equals what the bucket said afterwards. So a process that was slow and has written what
//! is outdated corrects it itself, or its event is delivered again.

use contract::key::Key;

use crate::record::{Description, Facts, FileRecord};
use crate::store::{LibraryError, LibraryStore, Revision, StoredRecord};

/// The maximum number of rounds. More are needed only while others change the same file.
const MAX_ROUNDS: usize = 16;

/// The bucket, as the library needs it.
pub trait Originals: Sync {
    /// What the bucket says about a key now; `None` if there is no object.
    fn facts(&self, key: &Key) -> impl Future<Output = Result<Option<Facts>, SourceError>> + Send;

    /// The description of a clean picture; `None` if it can't be read as a picture.
    fn describe(&self, key: &Key) -> impl Future<Output = Result<Option<Description>, SourceError>> + Send;
}

/// The bucket doesn't answer or refuses a request. Contains the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SourceError(pub String);

/// The reason why a record isn't up to date. Another try may succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeepError {
    /// The store of records doesn't answer.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The bucket doesn't answer.
    #[error("the record of a file can't be computed: {0}")]
    Source(#[from] SourceError),
    /// Others change the same file all the time.
    #[error("the record of a file changes all the time")]
    Contended,
}

/// Makes the record of a key equal to the bucket.
pub async fn keep(store: &dyn LibraryStore, originals: &impl Originals, key: &Key) -> Result<(), KeepError> {
    let mut read_version = None;
    for _ in 0..MAX_ROUNDS {
        let stored = store.read(key).await?;
        let (record, revision) = match stored {
            Some(StoredRecord { record, revision }) => (Some(record), revision),
            None => (None, Revision::ABSENT),
        };
        let facts = originals.facts(key).await?;
        let mut next = next_record(key, record.as_ref(), facts);
        if next == record {
            let Some(record) = next.as_mut() else { return Ok(()) };
            let version = Some(record.facts.etag.clone());
            if !record.needs_description() || read_version == version {
                return Ok(());
            }
            read_version = version;
            let description = originals.describe(key).await?;
            record.description = description.filter(|one| one.etag == record.facts.etag);
            if record.description.is_none() {
                continue;
            }
        }
        // Another round compares the record with the bucket again, whether this write was lost or not.
        match next {
            Some(record) => store.write(&record, revision).await?,
            None => store.remove(key, revision).await?,
        };
    }
    Err(KeepError::Contended)
}

/// The record of a key for what the bucket says; `None` if there is no object.
fn next_record(key: &Key, record: Option<&FileRecord>, facts: Option<Facts>) -> Option<FileRecord> {
    let facts = facts?;
    Some(match record {
        Some(record) => record.clone().with_facts(facts),
        None => FileRecord::new(key, facts),
    })
}

#[cfg(test)]
mod tests;
