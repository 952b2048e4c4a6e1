//! Lifecycle rules: objects and multipart uploads that are removed some days after their creation.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html>

use jiff::Timestamp;
use redb::ReadableTable;
use uuid::Uuid;

use super::clock::Moment;
use super::error::StoreError;
use super::events::{self, DeletionReason, EventCause};
use super::index::{self, OBJECTS, UPLOADS};
use super::multipart::remove_upload;
use super::record::{ObjectPath, ObjectRecord, Tag, UploadRecord};
use super::store::{Store, StoreInner};

const DAY_MS: i64 = 86_400_000;

/// A lifecycle rule of a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LifecycleRule {
    /// The beginning of the keys of the rule's objects.
    pub prefix: String,
    /// The tags that an object must have, each a key and a value.
    pub tags: Vec<(String, String)>,
    /// The days after which an object is removed. `None` keeps it.
    pub expiration_days: Option<u32>,
    /// The days after which a multipart upload that isn't complete is removed. `None` keeps it.
    pub abortion_days: Option<u32>,
}

impl LifecycleRule {
    fn covers(&self, key: &str, tags: &[Tag]) -> bool {
        let has =
            |(key, value): &(String, String)| tags.iter().any(|tag| tag.key == *key && tag.value == *value);
        key.starts_with(&self.prefix) && self.tags.iter().all(has)
    }
}

/// `true` if `days` after `start` are over: S3 rounds the time up to the next midnight (UTC).
fn is_over(start: Moment, days: u32, now: Moment) -> bool {
    let end = start.0.saturating_add(i64::from(days) * DAY_MS);
    now.0 >= end.div_euclid(DAY_MS).saturating_add(i64::from(end.rem_euclid(DAY_MS) > 0)) * DAY_MS
}

impl Store {
    /// Removes what the rules of a bucket have expired by `now`, and writes events of the region. Returns the keys.
    pub async fn expire(
        &self,
        bucket: &str,
        rules: &[LifecycleRule],
        region: &str,
        now: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let (bucket, rules, now) = (bucket.to_owned(), rules.to_vec(), Moment(now.as_millisecond()));
        let request_id = Uuid::new_v4().simple().to_string().to_uppercase();
        let cause = EventCause { region: region.to_owned(), request_id };
        self.run(move |store| store.expire(&bucket, &rules, now, &cause)).await
    }
}

impl StoreInner {
    fn expire(
        &self,
        bucket: &str,
        rules: &[LifecycleRule],
        now: Moment,
        cause: &EventCause,
    ) -> Result<Vec<String>, StoreError> {
        let (keys, blobs) = self.write(|transaction| {
            let (mut keys, mut blobs) = (Vec::new(), Vec::new());
            let uploads = expired_uploads(&transaction.open_table(UPLOADS)?, bucket, rules, now)?;
            for (key, id) in uploads {
                let path = ObjectPath { bucket: bucket.to_owned(), key };
                blobs.extend(remove_upload(transaction, &path, &id)?);
                keys.push(path.key);
            }
            let mut objects = transaction.open_table(OBJECTS)?;
            for (key, object) in expired_objects(&objects, bucket, rules, now)? {
                objects.remove((bucket, key.as_str()))?;
                let path = ObjectPath { bucket: bucket.to_owned(), key };
                let reason = DeletionReason::LifecycleExpiration;
                events::record_deleted(transaction, Moment::now(), &path, &object, reason, cause)?;
                keys.push(path.key);
                blobs.push(object.blob);
            }
            Ok((keys, blobs))
        })?;
        self.blobs.remove(blobs);
        self.notify();
        Ok(keys)
    }
}

fn expired_objects(
    objects: &impl ReadableTable<(&'static str, &'static str), &'static [u8]>,
    bucket: &str,
    rules: &[LifecycleRule],
    now: Moment,
) -> Result<Vec<(String, ObjectRecord)>, StoreError> {
    let mut found = Vec::new();
    for row in objects.range((bucket, "")..)? {
        let (row_key, record) = row?;
        let (in_bucket, key) = row_key.value();
        if in_bucket != bucket {
            break;
        }
        let object: ObjectRecord = index::parse(record.value())?;
        let written = Moment(object.modified_ms);
        let mut rules = rules.iter().filter(|rule| rule.covers(key, &object.description.tags));
        if rules.any(|rule| rule.expiration_days.is_some_and(|days| is_over(written, days, now))) {
            found.push((key.to_owned(), object));
        }
    }
    Ok(found)
}

/// The keys and IDs of the uploads that the rules abort.
fn expired_uploads(
    uploads: &impl ReadableTable<(&'static str, &'static str, &'static str), &'static [u8]>,
    bucket: &str,
    rules: &[LifecycleRule],
    now: Moment,
) -> Result<Vec<(String, String)>, StoreError> {
    let mut found = Vec::new();
    for row in uploads.range((bucket, "", "")..)? {
        let (row_key, record) = row?;
        let (in_bucket, key, id) = row_key.value();
        if in_bucket != bucket {
            break;
        }
        let started = Moment(index::parse::<UploadRecord>(record.value())?.initiated_ms);
        let mut rules = rules.iter().filter(|rule| key.starts_with(&rule.prefix));
        if rules.any(|rule| rule.abortion_days.is_some_and(|days| is_over(started, days, now))) {
            found.push((key.to_owned(), id.to_owned()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_end_at_the_next_midnight() {
        let moment = |text: &str| Moment(text.parse::<Timestamp>().unwrap().as_millisecond());
        let check = |start: &str, days: u32, now: &str, expected: bool| {
            assert_eq!(is_over(moment(start), days, moment(now)), expected, "{start} {days} {now}");
        };
        check("2026-01-15T10:30:00Z", 3, "2026-01-18T23:59:59Z", false);
        check("2026-01-15T10:30:00Z", 3, "2026-01-19T00:00:00Z", true);
        check("2026-01-15T00:00:00Z", 1, "2026-01-16T00:00:00Z", true);
        check("2026-01-15T00:00:00.001Z", 1, "2026-01-16T00:00:00Z", false);
    }
}
