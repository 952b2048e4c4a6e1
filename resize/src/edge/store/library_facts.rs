//! What the library records about an original. The caller needs the right to read objects in every state, and their tags.

use bucket::{BucketError, ErrorKind};
use contract::key::Key;
use library::record::Facts;
use library::tags::FileTags;

use super::Store;
use super::error::StoreError;

/// The maximum number of replacements during one read of an object and its tags.
const MAX_REPLACEMENTS: usize = 3;

impl Store {
    /// Headers and tags of the newest version of an original; `None` if there is no object.
    pub(crate) async fn library_facts(&self, key: &Key) -> Result<Option<Facts>, StoreError> {
        let mut replacements = 0;
        loop {
            let object = match self.originals.object(key.as_str(), None).await {
                Ok(object) => object,
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    // A bucket that can't be reached has no objects either.
                    return match self.unless_inaccessible::<()>(Err(StoreError::NotFound)).await {
                        Err(StoreError::NotFound) | Ok(()) => Ok(None),
                        Err(error) => Err(error),
                    };
                }
                Err(error) => return Err(StoreError::Unavailable(error)),
            };
            match self.originals.tags(&object).await {
                Ok(tags) => {
                    let tags = FileTags::read(tags.iter().map(|tag| (tag.key(), tag.value())));
                    return Ok(Some(Facts {
                        bytes: object.bytes,
                        etag: object.unquoted_etag().to_owned(),
                        media_type: object.media_type,
                        modified_s: object.modified_s,
                        state: tags.state,
                        reason: tags.reason,
                        dimensions: tags.dimensions,
                        owner: tags.owner,
                    }));
                }
                Err(error) if error.kind() == ErrorKind::NotFound && replacements < MAX_REPLACEMENTS => {
                    replacements += 1;
                }
                Err(error) => return Err(StoreError::Unavailable(error)),
            }
        }
    }

    /// The keys of originals below a prefix, a page of up to 1,000 after `after`.
    pub(crate) async fn keys_below(
        &self,
        prefix: &str,
        after: Option<&str>,
    ) -> Result<Vec<String>, StoreError> {
        let originals = &self.originals;
        let request = originals.client().list_objects_v2().bucket(originals.name()).prefix(prefix);
        let listed =
            request.set_start_after(after.map(str::to_owned)).send().await.map_err(BucketError::from);
        let listed = listed.map_err(StoreError::Unavailable)?;
        Ok(listed.contents.unwrap_or_default().into_iter().filter_map(|object| object.key).collect())
    }
}
