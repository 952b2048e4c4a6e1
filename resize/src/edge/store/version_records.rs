//! Records the last known version of each original, so that a replacement is recognised even if S3's events arrive in
//! another order.

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use bucket::{BucketError, ByteStream, Condition, put_if};
use contract::key::{Key, MAX_KEY_BYTES};
use md5::{Digest as _, Md5};
use service::notification::ObjectCreated;

use super::Store;
use super::error::StoreError;
use crate::edge::variant_metadata::etag_of_bytes;

/// The prefix of records in the bucket of variants or, without one, in the bucket of originals. It is not an area of
/// originals: no viewer can read below it, no event rule and no lifecycle rule of variants matches it.
pub const RECORD_PREFIX: &str = "versions/";

/// The name of the user metadata that marks the record of a replacement.
const REPLACEMENT: &str = "replacement";

/// The name of the user metadata with the request that withdrew the version.
const WITHDRAWAL: &str = "withdrawal";

/// The name of the user metadata with the sequencer of the version's event.
const SEQUENCER: &str = "sequencer";

/// The last known version of an original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VersionRecord {
    /// The entity tag of the version, without quotes.
    pub(crate) etag: String,
    /// The sequencer of the event that announced the version; empty if the event had none.
    pub(crate) sequencer: String,
    /// `true` if the version replaced another.
    pub(crate) is_replacement: bool,
    /// The id of the request that has withdrawn the original, after which it was purged; empty if there was none.
    pub(crate) withdrawal: String,
}

impl VersionRecord {
    /// The record of the version that an event announces.
    pub(crate) fn of(object: &ObjectCreated, is_replacement: bool) -> Self {
        Self {
            etag: object.etag.trim_matches('"').to_owned(),
            sequencer: object.sequencer.clone().unwrap_or_default(),
            is_replacement,
            withdrawal: String::new(),
        }
    }

    /// `true` if this version is the same as the other, or was written after it.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.etag == other.etag
            || (!self.sequencer.is_empty()
                && !other.sequencer.is_empty()
                && order(&self.sequencer) >= order(&other.sequencer))
    }
}

/// A sequencer in a spelling that sorts as text: S3 compares them as hexadecimal digits padded with zeros on the right.
fn order(sequencer: &str) -> String {
    sequencer.trim_end_matches('0').to_ascii_lowercase()
}

impl Store {
    /// The record of an original; `None` if no version of it is known.
    pub(crate) async fn version_record(&self, key: &Key) -> Result<Option<VersionRecord>, StoreError> {
        let Some(records) = &self.records else { return Ok(None) };
        let record = records.get(&record_key(key)).send().await;
        let record = match record.map_err(|error| StoreError::from(BucketError::from(error))) {
            Ok(record) => record,
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        let metadata = record.metadata().cloned().unwrap_or_default();
        let etag = record.body.collect().await.map_err(BucketError::from)?;
        Ok(Some(VersionRecord {
            etag: String::from_utf8_lossy(&etag.into_bytes()).into_owned(),
            sequencer: metadata.get(SEQUENCER).cloned().unwrap_or_default(),
            is_replacement: metadata.contains_key(REPLACEMENT),
            withdrawal: metadata.get(WITHDRAWAL).cloned().unwrap_or_default(),
        }))
    }

    /// Records the first version of an original. Returns `false` if a record exists already.
    pub(crate) async fn create_version_record(
        &self,
        key: &Key,
        record: &VersionRecord,
    ) -> Result<bool, StoreError> {
        let Some(put) = self.put_version_record(key, record) else { return Ok(true) };
        Ok(put_if(put, Condition::Absent).await?.is_some())
    }

    /// Records a version that replaced another.
    pub(crate) async fn replace_version_record(
        &self,
        key: &Key,
        record: &VersionRecord,
    ) -> Result<(), StoreError> {
        let Some(put) = self.put_version_record(key, record) else { return Ok(()) };
        put.send().await.map_err(BucketError::from)?;
        Ok(())
    }

    /// Notes in the record that the original was purged after a request had withdrawn it, unless the record has changed.
    pub(crate) async fn note_withdrawal(
        &self,
        key: &Key,
        known: VersionRecord,
        request: &str,
    ) -> Result<(), StoreError> {
        let unchanged = etag_of_bytes(known.etag.as_bytes());
        let record = VersionRecord { withdrawal: request.to_owned(), ..known };
        let Some(put) = self.put_version_record(key, &record) else { return Ok(()) };
        put_if(put, Condition::Unchanged(&unchanged)).await?;
        Ok(())
    }

    /// Removes the record of an original that was removed.
    pub(crate) async fn delete_version_record(&self, key: &Key) -> Result<(), StoreError> {
        let Some(records) = &self.records else { return Ok(()) };
        let delete = records.client().delete_object().bucket(records.name()).key(record_key(key));
        delete.send().await.map_err(BucketError::from)?;
        Ok(())
    }

    /// The request that writes a record; `None` without a bucket for records.
    fn put_version_record(&self, key: &Key, record: &VersionRecord) -> Option<PutObjectFluentBuilder> {
        let put = self.records.as_ref()?.put(&record_key(key)).metadata(SEQUENCER, &record.sequencer);
        let put = if record.is_replacement { put.metadata(REPLACEMENT, "yes") } else { put };
        let put =
            if record.withdrawal.is_empty() { put } else { put.metadata(WITHDRAWAL, &record.withdrawal) };
        Some(put.body(ByteStream::from(record.etag.as_bytes().to_vec())))
    }
}

/// The key of a record. With a key of nearly the length that S3 allows, it has a digest instead of the original's key.
fn record_key(key: &Key) -> String {
    let record = format!("{RECORD_PREFIX}{key}");
    if record.len() <= MAX_KEY_BYTES {
        return record;
    }
    format!("{RECORD_PREFIX}~{}", hex::encode(Md5::digest(key.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_of_every_key_has_a_key_that_s3_accepts() {
        let key =
            |length: usize| Key::parse(&format!("files/{}", "a".repeat(length - "files/".len()))).unwrap();
        assert_eq!(record_key(&key(10)), "versions/files/aaaa");
        let longest = MAX_KEY_BYTES - RECORD_PREFIX.len();
        assert_eq!(record_key(&key(longest)).len(), MAX_KEY_BYTES);
        let (one, other) = (record_key(&key(longest + 1)), record_key(&key(MAX_KEY_BYTES)));
        assert!(one.starts_with("versions/~") && one.len() < 50, "{one}");
        assert_ne!(one, other);
    }

    #[test]
    fn a_version_covers_itself_and_those_before_it() {
        let record = |etag: &str, sequencer: &str| VersionRecord {
            etag: etag.to_owned(),
            sequencer: sequencer.to_owned(),
            is_replacement: true,
            withdrawal: String::new(),
        };
        let check = |one: (&str, &str), other: (&str, &str), expected: bool| {
            assert_eq!(record(one.0, one.1).covers(&record(other.0, other.1)), expected, "{one:?} {other:?}");
        };
        check(("b", "0B"), ("a", "0A"), true);
        check(("b", "0B"), ("c", "0b1"), false);
        check(("b", "0B0"), ("c", "0b"), true);
        check(("b", "0A"), ("b", "0B"), true);
        check(("b", ""), ("a", "0A"), false);
        check(("b", "0B"), ("a", ""), false);
    }
}
