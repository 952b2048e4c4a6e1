//! Removes objects.

use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::error::BucketError;
use crate::handle::Bucket;

/// Maximum number of objects that are removed concurrently.
const CONCURRENT_REMOVALS: usize = 16;

impl Bucket {
    /// Removes objects, each by a separate request, so that a permission for a prefix is enough. A missing object is
    /// not an error.
    pub async fn remove(&self, keys: &[String]) -> Result<(), BucketError> {
        let request = |key| self.client().delete_object().bucket(self.name()).key(key);
        // The futures own their values, so that the result is `Send`.
        let removals: Vec<_> = keys.iter().map(|key| request(key).send()).collect();
        stream::iter(removals).buffer_unordered(CONCURRENT_REMOVALS).map_ok(drop).try_collect::<()>().await?;
        Ok(())
    }
}
