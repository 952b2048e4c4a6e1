//! Operations of the store on multipart uploads.

pub(crate) mod completion;

use std::io::{self, Read as _, Seek as _};

use redb::ReadableTable;
use uuid::Uuid;

use super::checksum::{self, Checksum, ChecksumScope, Digest, Hasher};
use super::clock::Moment;
use super::error::{ClientError, StoreError};
use super::events::{CreationReason, EventCause};
use super::index::{self, BUCKETS, PARTS, UPLOADS};
use super::objects::put_record;
use super::receive::NewContent;
use super::record::{ObjectPath, ObjectRecord, PartRecord, UploadRecord};
use super::store::StoreInner;
use completion::{CompletionRequest, listed_parts, multipart_etag};

/// Size of the buffer that a checksum is computed with, in bytes.
const READ_BYTES: usize = 1 << 18;

impl StoreInner {
    pub(crate) fn create_upload(
        &self,
        path: &ObjectPath,
        upload: &UploadRecord,
    ) -> Result<String, StoreError> {
        // IDs sort by time, so that a listing has the uploads of one key in the order of their start.
        let id = Uuid::now_v7().simple().to_string();
        self.write(|transaction| {
            if transaction.open_table(BUCKETS)?.get(path.bucket.as_str())?.is_none() {
                return Err(ClientError::NoSuchBucket.into());
            }
            let key = (path.bucket.as_str(), path.key.as_str(), id.as_str());
            index::put(&mut transaction.open_table(UPLOADS)?, key, upload)?;
            Ok(())
        })?;
        Ok(id)
    }

    pub(crate) fn find_upload_record(&self, path: &ObjectPath, id: &str) -> Result<UploadRecord, StoreError> {
        find_upload(&self.index.begin_read()?.open_table(UPLOADS)?, path, id)
    }

    /// Stores received content as a part. It replaces an earlier part with the same number.
    pub(crate) fn put_part(
        &self,
        path: &ObjectPath,
        id: &str,
        number: u16,
        content: NewContent,
    ) -> Result<PartRecord, StoreError> {
        let record = PartRecord {
            blob: content.blob.name().to_owned(),
            size: content.digest.size,
            etag: hex::encode(content.digest.md5),
            modified_ms: Moment::now().0,
            checksum: content.digest.checksum,
        };
        let transaction = self.index.begin_write()?;
        find_upload(&transaction.open_table(UPLOADS)?, path, id)?;
        let replaced = index::put(&mut transaction.open_table(PARTS)?, (id, number), &record)?;
        // From here on a record may name the file, even if the commit reports a failure.
        content.blob.keep();
        transaction.commit()?;
        self.blobs.remove(replaced.map(|part| part.blob));
        Ok(record)
    }

    /// An upload and its parts, by number.
    pub(crate) fn parts(
        &self,
        path: &ObjectPath,
        id: &str,
    ) -> Result<(UploadRecord, Vec<(u16, PartRecord)>), StoreError> {
        let reading = self.index.begin_read()?;
        let upload = find_upload(&reading.open_table(UPLOADS)?, path, id)?;
        Ok((upload, all_parts(&reading.open_table(PARTS)?, id)?))
    }

    /// The uploads of a bucket after a key and an ID, in order.
    pub(crate) fn uploads(
        &self,
        bucket: &str,
        prefix: &str,
        after: (&str, &str),
        limit: usize,
    ) -> Result<Vec<(String, String, UploadRecord)>, StoreError> {
        self.check_bucket(bucket)?;
        let reading = self.index.begin_read()?;
        let uploads = reading.open_table(UPLOADS)?;
        let mut found = Vec::new();
        for row in uploads.range((bucket, prefix, "")..)? {
            let (row_key, record) = row?;
            let (in_bucket, key, id) = row_key.value();
            if in_bucket != bucket || !key.starts_with(prefix) || found.len() == limit {
                break;
            }
            if (key, id) > after {
                found.push((key.to_owned(), id.to_owned(), index::parse(record.value())?));
            }
        }
        Ok(found)
    }

    pub(crate) fn abort_upload(&self, path: &ObjectPath, id: &str) -> Result<(), StoreError> {
        let removed = self.write(|transaction| {
            find_upload(&transaction.open_table(UPLOADS)?, path, id)?;
            remove_upload(transaction, path, id)
        })?;
        self.blobs.remove(removed);
        Ok(())
    }

    /// Joins the listed parts to an object, and ends the upload.
    pub(crate) fn complete_upload(
        &self,
        path: &ObjectPath,
        completion: &CompletionRequest,
        cause: &EventCause,
    ) -> Result<ObjectRecord, StoreError> {
        let id = completion.upload_id.as_str();
        let (upload, uploaded) = self.parts(path, id)?;
        let parts = listed_parts(completion, &uploaded, self.min_part_bytes)?;
        let (content, checksum) = self.assemble(&upload, &parts)?;
        if completion.checksum.is_some()
            && completion.checksum.as_ref() != checksum.as_ref().map(|sum| &sum.value)
        {
            return Err(ClientError::BadDigest("checksum").into());
        }
        let now = Moment::now();
        let record = ObjectRecord {
            blob: content.blob.name().to_owned(),
            size: content.digest.size,
            etag: multipart_etag(&parts),
            modified_ms: now.0,
            description: upload.description,
            checksum,
        };
        let transaction = self.index.begin_write()?;
        find_upload(&transaction.open_table(UPLOADS)?, path, id)?;
        for (listed, part) in completion.parts.iter().zip(&parts) {
            // The joined content doesn't contain a part that was uploaded again in the meantime.
            let current: Option<PartRecord> =
                index::get(&transaction.open_table(PARTS)?, (id, listed.number))?;
            if current.is_none_or(|current| current.blob != part.blob) {
                return Err(ClientError::InvalidPart(listed.number).into());
            }
        }
        let reason = CreationReason::CompleteMultipartUpload;
        let replaced = put_record(&transaction, now, path, &record, &completion.conditions, reason, cause)?;
        let mut removed = remove_upload(&transaction, path, id)?;
        removed.extend(replaced);
        content.blob.keep();
        transaction.commit()?;
        self.blobs.remove(removed);
        self.notify();
        Ok(record)
    }

    /// Joins parts to one content. Returns it with the checksum of the object.
    fn assemble(
        &self,
        upload: &UploadRecord,
        parts: &[PartRecord],
    ) -> Result<(NewContent, Option<Checksum>), StoreError> {
        let (blob, mut file) = self.blobs.create()?;
        let mut size = 0;
        for part in parts {
            size += io::copy(&mut self.blobs.read(&part.blob)?, &mut file)?;
        }
        let checksum = match upload.checksum {
            None => None,
            Some((algorithm, ChecksumScope::Composite)) => {
                checksum::composite(algorithm, parts.iter().map(|part| part.checksum.as_ref()))
            }
            Some((algorithm, ChecksumScope::FullObject)) => {
                file.rewind()?;
                let mut hasher = Hasher::new(Some(algorithm));
                let mut buffer = vec![0; READ_BYTES];
                loop {
                    let read = file.read(&mut buffer)?;
                    let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
                    hasher.update(bytes);
                }
                hasher.finish().checksum
            }
        };
        self.blobs.sync(&file)?;
        Ok((NewContent { blob, digest: Digest { size, md5: [0; 16], checksum: None } }, checksum))
    }
}

fn find_upload(
    uploads: &impl ReadableTable<(&'static str, &'static str, &'static str), &'static [u8]>,
    path: &ObjectPath,
    id: &str,
) -> Result<UploadRecord, StoreError> {
    let found = index::get(uploads, (path.bucket.as_str(), path.key.as_str(), id))?;
    found.ok_or_else(|| ClientError::NoSuchUpload.into())
}

fn all_parts(
    parts: &impl ReadableTable<(&'static str, u16), &'static [u8]>,
    id: &str,
) -> Result<Vec<(u16, PartRecord)>, StoreError> {
    let mut found = Vec::new();
    for row in parts.range((id, 0)..=(id, u16::MAX))? {
        let (key, record) = row?;
        found.push((key.value().1, index::parse(record.value())?));
    }
    Ok(found)
}

/// Removes an upload and its parts. Returns the files of the parts.
pub(crate) fn remove_upload(
    transaction: &redb::WriteTransaction,
    path: &ObjectPath,
    id: &str,
) -> Result<Vec<String>, StoreError> {
    transaction.open_table(UPLOADS)?.remove((path.bucket.as_str(), path.key.as_str(), id))?;
    let mut parts = transaction.open_table(PARTS)?;
    let mut removed = Vec::new();
    for (number, part) in all_parts(&parts, id)? {
        parts.remove((id, number))?;
        removed.push(part.blob);
    }
    Ok(removed)
}
