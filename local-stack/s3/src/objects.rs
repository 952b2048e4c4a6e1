//! Operations of the store on objects.

use std::fs::File;
use std::io;

use redb::{ReadableTable as _, WriteTransaction};

use super::clock::Moment;
use super::conditions::WriteConditions;
use super::error::{ClientError, StoreError};
use super::events::{self, CreationReason, DeletionReason, EventCause};
use super::index::{self, BUCKETS, OBJECTS};
use super::listing::{self, ListPage, ListQuery};
use super::receive::NewContent;
use super::record::{Description, ObjectPath, ObjectRecord, Tag};
use super::store::StoreInner;

/// Maximum number of times that a reader looks an object up. An overwrite may remove the content between the lookup and the
/// read.
const MAX_READS: usize = 16;

impl StoreInner {
    pub(crate) fn look_up(&self, path: &ObjectPath) -> Result<ObjectRecord, StoreError> {
        let reading = self.index.begin_read()?;
        let objects = reading.open_table(OBJECTS)?;
        match index::get(&objects, (path.bucket.as_str(), path.key.as_str()))? {
            Some(record) => Ok(record),
            None if reading.open_table(BUCKETS)?.get(path.bucket.as_str())?.is_some() => {
                Err(ClientError::NoSuchKey.into())
            }
            None => Err(ClientError::NoSuchBucket.into()),
        }
    }

    /// Opens an object's content. An open file stays readable after the object is overwritten.
    pub(crate) fn open_object(&self, path: &ObjectPath) -> Result<(ObjectRecord, File), StoreError> {
        let mut reads = 1;
        loop {
            let record = self.look_up(path)?;
            match self.blobs.read(&record.blob) {
                Ok(file) => return Ok((record, file)),
                Err(error) if error.kind() == io::ErrorKind::NotFound && reads < MAX_READS => reads += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub(crate) fn list(&self, query: &ListQuery) -> Result<ListPage, StoreError> {
        self.check_bucket(&query.bucket)?;
        listing::list(&self.index.begin_read()?.open_table(OBJECTS)?, query)
    }

    /// Stores received content as an object.
    pub(crate) fn put_object(
        &self,
        path: &ObjectPath,
        content: NewContent,
        description: Description,
        conditions: &WriteConditions,
        reason: CreationReason,
        cause: &EventCause,
    ) -> Result<ObjectRecord, StoreError> {
        let now = Moment::now();
        let record = ObjectRecord {
            blob: content.blob.name().to_owned(),
            size: content.digest.size,
            etag: hex::encode(content.digest.md5),
            modified_ms: now.0,
            description,
            checksum: content.digest.checksum,
        };
        let transaction = self.index.begin_write()?;
        let replaced = put_record(&transaction, now, path, &record, conditions, reason, cause)?;
        // From here on a record may name the file, even if the commit reports a failure.
        content.blob.keep();
        transaction.commit()?;
        self.blobs.remove(replaced);
        self.notify();
        Ok(record)
    }

    /// Removes objects. A missing key is not an error, unless its conditions need an object.
    pub(crate) fn delete_objects(
        &self,
        bucket: &str,
        keys: &[(String, WriteConditions)],
        cause: &EventCause,
    ) -> Result<Vec<Result<(), ClientError>>, StoreError> {
        let now = Moment::now();
        let mut removed = Vec::new();
        let results = self.write(|transaction| {
            if transaction.open_table(BUCKETS)?.get(bucket)?.is_none() {
                return Err(ClientError::NoSuchBucket.into());
            }
            let mut objects = transaction.open_table(OBJECTS)?;
            let mut results = Vec::new();
            for (key, conditions) in keys {
                let existing: Option<ObjectRecord> = index::get(&objects, (bucket, key.as_str()))?;
                let result = conditions.check(existing.as_ref());
                if let (Ok(()), Some(existing)) = (&result, existing) {
                    objects.remove((bucket, key.as_str()))?;
                    let path = ObjectPath { bucket: bucket.to_owned(), key: key.clone() };
                    events::record_deleted(
                        transaction,
                        now,
                        &path,
                        &existing,
                        DeletionReason::Request,
                        cause,
                    )?;
                    removed.push(existing.blob);
                }
                results.push(result);
            }
            Ok(results)
        })?;
        self.blobs.remove(removed);
        self.notify();
        Ok(results)
    }

    /// Replaces the tags of an object. Fails if `version` isn't the newest.
    pub(crate) fn set_tags(
        &self,
        path: &ObjectPath,
        version: Option<&str>,
        tags: Vec<Tag>,
        cause: &EventCause,
    ) -> Result<(), StoreError> {
        let now = Moment::now();
        self.write(|transaction| {
            let mut objects = transaction.open_table(OBJECTS)?;
            let key = (path.bucket.as_str(), path.key.as_str());
            let mut record: ObjectRecord = index::get(&objects, key)?.ok_or(ClientError::NoSuchKey)?;
            record.check_version(version)?;
            record.description.tags = tags;
            index::put(&mut objects, key, &record)?;
            if !record.description.tags.is_empty() {
                events::record_tagged(transaction, now, path, &record, cause)?;
            }
            Ok(())
        })?;
        self.notify();
        Ok(())
    }
}

/// Writes the record of an object, and its event. Returns the file of the object that it replaces.
pub(crate) fn put_record(
    transaction: &WriteTransaction,
    now: Moment,
    path: &ObjectPath,
    record: &ObjectRecord,
    conditions: &WriteConditions,
    reason: CreationReason,
    cause: &EventCause,
) -> Result<Option<String>, StoreError> {
    if transaction.open_table(BUCKETS)?.get(path.bucket.as_str())?.is_none() {
        return Err(ClientError::NoSuchBucket.into());
    }
    let key = (path.bucket.as_str(), path.key.as_str());
    let mut objects = transaction.open_table(OBJECTS)?;
    let existing: Option<ObjectRecord> = index::get(&objects, key)?;
    conditions.check(existing.as_ref())?;
    index::put(&mut objects, key, record)?;
    events::record_created(transaction, now, path, record, reason, cause)?;
    Ok(existing.map(|existing| existing.blob))
}
