//! Multipart uploads: parts until they are complete, then one object.

use std::io::{self, Read as _, Seek as _};

use redb::{ReadableDatabase as _, ReadableTable};
use s3s::crypto::{Checksum as _, Md5};
use uuid::Uuid;

use super::checksum::{self, Checksum, Digest, Hasher, Kind};
use super::clock::Moment;
use super::conditions::WriteConditions;
use super::error::{Refusal, StoreError};
use super::events::{Cause, Reason};
use super::index::{self, BUCKETS, PARTS, UPLOADS};
use super::receive::Received;
use super::record::{ObjectRecord, PartRecord, Place, UploadRecord};
use super::store::{Shared, place_object};

/// The bytes that are read at once for a checksum.
const READ_BYTES: usize = 1 << 18;

/// A part as the request that completes an upload lists it.
#[derive(Clone, Debug)]
pub(crate) struct ListedPart {
    pub(crate) number: u16,
    pub(crate) etag: String,
    pub(crate) checksum: Option<String>,
}

/// What the request that completes an upload says.
#[derive(Debug)]
pub(crate) struct Completion {
    pub(crate) upload_id: String,
    pub(crate) parts: Vec<ListedPart>,
    /// The bytes that the object must have.
    pub(crate) size: Option<u64>,
    /// The checksum that the object must have.
    pub(crate) checksum: Option<String>,
    pub(crate) conditions: WriteConditions,
}

/// Blocking operations on uploads.
impl Shared {
    pub(crate) fn create_upload(&self, place: &Place, upload: &UploadRecord) -> Result<String, StoreError> {
        // In the order in which they begin, so that listings of one key are too.
        let id = Uuid::now_v7().simple().to_string();
        self.write(|transaction| {
            if transaction.open_table(BUCKETS)?.get(place.bucket.as_str())?.is_none() {
                return Err(Refusal::NoSuchBucket.into());
            }
            let key = (place.bucket.as_str(), place.key.as_str(), id.as_str());
            index::put(&mut transaction.open_table(UPLOADS)?, key, upload)?;
            Ok(())
        })?;
        Ok(id)
    }

    pub(crate) fn look_up_upload(&self, place: &Place, id: &str) -> Result<UploadRecord, StoreError> {
        find_upload(&self.index.begin_read()?.open_table(UPLOADS)?, place, id)
    }

    /// Makes what was received a part, in place of an earlier one of its number.
    pub(crate) fn put_part(
        &self,
        place: &Place,
        id: &str,
        number: u16,
        received: Received,
    ) -> Result<PartRecord, StoreError> {
        let record = PartRecord {
            blob: received.blob.name().to_owned(),
            size: received.digest.size,
            etag: hex::encode(received.digest.md5),
            modified_ms: Moment::now().0,
            checksum: received.digest.checksum,
        };
        let transaction = self.index.begin_write()?;
        find_upload(&transaction.open_table(UPLOADS)?, place, id)?;
        let replaced = index::put(&mut transaction.open_table(PARTS)?, (id, number), &record)?;
        // From here on a row may name the file, even where the commit reports a failure.
        received.blob.keep();
        transaction.commit()?;
        self.blobs.remove(replaced.map(|part| part.blob));
        Ok(record)
    }

    /// An upload and its parts, by number.
    pub(crate) fn parts(
        &self,
        place: &Place,
        id: &str,
    ) -> Result<(UploadRecord, Vec<(u16, PartRecord)>), StoreError> {
        let reading = self.index.begin_read()?;
        let upload = find_upload(&reading.open_table(UPLOADS)?, place, id)?;
        Ok((upload, all_parts(&reading.open_table(PARTS)?, id)?))
    }

    /// The uploads of a bucket after a key and an id, in order.
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
            let (place, record) = row?;
            let (in_bucket, key, id) = place.value();
            if in_bucket != bucket || !key.starts_with(prefix) || found.len() == limit {
                break;
            }
            if (key, id) > after {
                found.push((key.to_owned(), id.to_owned(), index::parse(record.value())?));
            }
        }
        Ok(found)
    }

    pub(crate) fn abort_upload(&self, place: &Place, id: &str) -> Result<(), StoreError> {
        let removed = self.write(|transaction| {
            find_upload(&transaction.open_table(UPLOADS)?, place, id)?;
            remove_upload(transaction, place, id)
        })?;
        self.blobs.remove(removed);
        Ok(())
    }

    /// Makes the listed parts an object, and ends the upload.
    pub(crate) fn complete_upload(
        &self,
        place: &Place,
        completion: &Completion,
        cause: &Cause,
    ) -> Result<ObjectRecord, StoreError> {
        let id = completion.upload_id.as_str();
        let (upload, uploaded) = self.parts(place, id)?;
        let parts = listed_parts(completion, &uploaded, self.least_part_bytes)?;
        let (received, checksum) = self.assemble(&upload, &parts)?;
        if completion.checksum.is_some()
            && completion.checksum.as_ref() != checksum.as_ref().map(|sum| &sum.value)
        {
            return Err(Refusal::BadDigest("checksum").into());
        }
        let now = Moment::now();
        let record = ObjectRecord {
            blob: received.blob.name().to_owned(),
            size: received.digest.size,
            etag: multipart_etag(&parts),
            modified_ms: now.0,
            description: upload.description,
            checksum,
        };
        let transaction = self.index.begin_write()?;
        find_upload(&transaction.open_table(UPLOADS)?, place, id)?;
        for (listed, part) in completion.parts.iter().zip(&parts) {
            // A part that was uploaded again while the others were joined isn't in what was joined.
            let current: Option<PartRecord> =
                index::get(&transaction.open_table(PARTS)?, (id, listed.number))?;
            if current.is_none_or(|current| current.blob != part.blob) {
                return Err(Refusal::InvalidPart(listed.number).into());
            }
        }
        let reason = Reason::CompleteMultipartUpload;
        let replaced =
            place_object(&transaction, now, place, &record, &completion.conditions, reason, cause)?;
        let mut removed = remove_upload(&transaction, place, id)?;
        removed.extend(replaced);
        received.blob.keep();
        transaction.commit()?;
        self.blobs.remove(removed);
        self.notify();
        Ok(record)
    }

    /// Joins parts to one content.
    fn assemble(
        &self,
        upload: &UploadRecord,
        parts: &[PartRecord],
    ) -> Result<(Received, Option<Checksum>), StoreError> {
        let (blob, mut file) = self.blobs.create()?;
        let mut size = 0;
        for part in parts {
            size += io::copy(&mut self.blobs.read(&part.blob)?, &mut file)?;
        }
        let checksum = match upload.checksum {
            None => None,
            Some((algorithm, Kind::Composite)) => {
                checksum::composite(algorithm, parts.iter().map(|part| part.checksum.as_ref()))
            }
            Some((algorithm, Kind::FullObject)) => {
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
        Ok((Received { blob, digest: Digest { size, md5: [0; 16], checksum: None } }, checksum))
    }
}

fn find_upload(
    uploads: &impl ReadableTable<(&'static str, &'static str, &'static str), &'static [u8]>,
    place: &Place,
    id: &str,
) -> Result<UploadRecord, StoreError> {
    let found = index::get(uploads, (place.bucket.as_str(), place.key.as_str(), id))?;
    found.ok_or_else(|| Refusal::NoSuchUpload.into())
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

/// Removes an upload and its parts. Returns the parts' contents.
fn remove_upload(
    transaction: &redb::WriteTransaction,
    place: &Place,
    id: &str,
) -> Result<Vec<String>, StoreError> {
    transaction.open_table(UPLOADS)?.remove((place.bucket.as_str(), place.key.as_str(), id))?;
    let mut parts = transaction.open_table(PARTS)?;
    let mut removed = Vec::new();
    for (number, part) in all_parts(&parts, id)? {
        parts.remove((id, number))?;
        removed.push(part.blob);
    }
    Ok(removed)
}

/// The parts of the list, where they are what the list says.
fn listed_parts(
    completion: &Completion,
    uploaded: &[(u16, PartRecord)],
    least: u64,
) -> Result<Vec<PartRecord>, Refusal> {
    if completion.parts.is_empty() {
        return Err(Refusal::MalformedXml("the list of parts is empty"));
    }
    if !completion.parts.is_sorted_by(|one, next| one.number < next.number) {
        return Err(Refusal::InvalidPartOrder);
    }
    let mut parts = Vec::new();
    for listed in &completion.parts {
        let found = uploaded.iter().find(|(number, _)| *number == listed.number).map(|(_, part)| part);
        let part =
            found.filter(|part| part.etag == listed.etag).ok_or(Refusal::InvalidPart(listed.number))?;
        let checksum = part.checksum.as_ref().map(|checksum| &checksum.value);
        if listed.checksum.is_some() && listed.checksum.as_ref() != checksum {
            return Err(Refusal::InvalidPart(listed.number));
        }
        parts.push(part.clone());
    }
    let all_but_last = parts.iter().rev().skip(1);
    if all_but_last.clone().any(|part| part.size < least) {
        return Err(Refusal::EntityTooSmall { least });
    }
    let size: u64 = parts.iter().map(|part| part.size).sum();
    if let Some(claimed) = completion.size.filter(|claimed| *claimed != size) {
        return Err(Refusal::InvalidRequest(format!(
            "x-amz-mp-object-size says {claimed} bytes and the parts have {size}"
        )));
    }
    Ok(parts)
}

/// The MD5 of the parts' MD5s, and their number.
fn multipart_etag(parts: &[PartRecord]) -> String {
    let mut hasher = Md5::new();
    for part in parts {
        hasher.update(&hex::decode(&part.etag).unwrap_or_default());
    }
    format!("{}-{}", hex::encode(hasher.finalize()), parts.len())
}
