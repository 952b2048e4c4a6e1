//! Records the last known version of each original, so that a replacement is recognised even if S3's events arrive in
//! another order.

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use bucket::{BucketError, ByteStream, Condition, put_if};
use contract::key::Key;

use super::Store;
use super::error::StoreError;

/// The last segment of the record's object key, below the original's key in the bucket of variants. It is no canonical
/// text of a variant, so no request leads to it.
const RECORD_NAME: &str = ".seen";

/// The name of the user metadata that marks the record of a replacement.
const REPLACEMENT: &str = "replacement";

/// The last known version of an original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VersionRecord {
    /// The entity tag of the version, without quotes.
    pub(crate) etag: String,
    /// `true` if the version replaced another.
    pub(crate) is_replacement: bool,
}

impl Store {
    /// The record of an original; `None` if no version of it is known.
    pub(crate) async fn version_record(&self, key: &Key) -> Result<Option<VersionRecord>, StoreError> {
        let Some(variants) = &self.variants else { return Ok(None) };
        let record = variants.get(&format!("{key}/{RECORD_NAME}")).send().await;
        let record = match record.map_err(|error| StoreError::from(BucketError::from(error))) {
            Ok(record) => record,
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_replacement = record.metadata().is_some_and(|metadata| metadata.contains_key(REPLACEMENT));
        let etag = record.body.collect().await.map_err(BucketError::from)?;
        let etag = String::from_utf8_lossy(&etag.into_bytes()).into_owned();
        Ok(Some(VersionRecord { etag, is_replacement }))
    }

    /// Records the first version of an original. Returns `false` if a record exists already.
    pub(crate) async fn record_first_version(&self, key: &Key, etag: &str) -> Result<bool, StoreError> {
        let Some(put) = self.put_version_record(key, etag) else { return Ok(true) };
        Ok(put_if(put, Condition::Absent).await?.is_some())
    }

    /// Records a version that replaced another.
    pub(crate) async fn record_replacement(&self, key: &Key, etag: &str) -> Result<(), StoreError> {
        let Some(put) = self.put_version_record(key, etag) else { return Ok(()) };
        put.metadata(REPLACEMENT, "yes").send().await.map_err(BucketError::from)?;
        Ok(())
    }

    /// The request that writes a record; `None` without a bucket for variants.
    fn put_version_record(&self, key: &Key, etag: &str) -> Option<PutObjectFluentBuilder> {
        let object_key = format!("{key}/{RECORD_NAME}");
        let put = self.variants.as_ref()?.put(&object_key);
        Some(put.body(ByteStream::from(etag.as_bytes().to_vec())))
    }
}
