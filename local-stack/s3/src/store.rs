//! The store: an index and a directory of contents that agree at every moment.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use redb::{Database, ReadableDatabase as _, ReadableTable as _, WriteTransaction};
use tokio::sync::{Notify, watch};

use super::blob::Blobs;
use super::clock::Moment;
use super::conditions::WriteConditions;
use super::error::{Refusal, StoreError};
use super::events::{self, Cause, Reason};
use super::index::{self, BUCKETS, OBJECTS, PARTS, UPLOADS};
use super::listing::{self, Page, Query};
use super::receive::Received;
use super::record::{BucketRecord, Description, ObjectRecord, Place, Tag};

/// How often a reader looks an object up again when an overwrite takes its content away in between.
const READ_TRIES: usize = 16;

/// The fewest bytes of a part that isn't the last: 5 MiB.
const LEAST_PART_BYTES: u64 = 5 << 20;

/// Buckets and objects in a directory. A clone is another handle to the same store.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

pub(crate) struct Shared {
    pub(crate) index: Database,
    pub(crate) blobs: Blobs,
    /// The fewest bytes of a part that isn't the last.
    pub(crate) least_part_bytes: u64,
    arrived: Notify,
    /// Dropped after everything else: whoever watches it sees that the files are closed.
    open: watch::Sender<()>,
}

impl Store {
    /// Opens the store in a directory, making what is missing, and removes what an earlier process left
    /// unfinished. Blocks. Fails where the directory can't be written or another process has it open.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        Self::open_with_parts(directory, LEAST_PART_BYTES)
    }

    /// The same where parts that aren't the last have at least `least_part_bytes`, which is less than S3 asks for:
    /// so that thousands of parts are no gigabytes.
    pub fn open_with_parts(directory: &Path, least_part_bytes: u64) -> Result<Self, StoreError> {
        let blobs = Blobs::open(&directory.join("blobs"))?;
        let index = index::open(&directory.join("index.redb"))?;
        File::open(directory)?.sync_all()?;
        let reading = index.begin_read()?;
        blobs.sweep(&index::named_blobs(&reading.open_table(OBJECTS)?, &reading.open_table(PARTS)?)?)?;
        let shared =
            Shared { index, blobs, least_part_bytes, arrived: Notify::new(), open: watch::Sender::new(()) };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Makes a bucket unless it exists. Blocks. Fails where its name breaks the rules of S3.
    pub fn create_bucket(&self, name: &str) -> Result<(), StoreError> {
        match self.shared.create_bucket(name) {
            Err(StoreError::Refused(Refusal::BucketAlreadyOwnedByYou)) => Ok(()),
            result => result,
        }
    }

    /// Waits until an event was written since the last call. Wakes one waiter.
    pub(crate) async fn wait_for_event(&self) {
        self.shared.arrived.notified().await;
    }

    /// Gives this handle up, and waits until no other is left and the files are closed: work that was begun for a
    /// caller who went away is under way still.
    pub async fn close(self) {
        let mut open = self.shared.open.subscribe();
        drop(self);
        while open.changed().await.is_ok() {}
    }

    /// Does blocking work of the store on a thread for it. It goes on to its end even where the caller
    /// goes away.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let shared = Arc::clone(&self.shared);
        tokio::task::spawn_blocking(move || work(&shared)).await?
    }

    /// Where contents go.
    pub(crate) fn blobs(&self) -> &Blobs {
        &self.shared.blobs
    }
}

/// Blocking operations.
impl Shared {
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&WriteTransaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction = self.index.begin_write()?;
        let result = change(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }

    pub(crate) fn create_bucket(&self, name: &str) -> Result<(), StoreError> {
        if !s3s::path::check_bucket_name(name) {
            return Err(Refusal::InvalidBucketName.into());
        }
        self.write(|transaction| {
            let record = BucketRecord { created_ms: Moment::now().0 };
            match index::put(&mut transaction.open_table(BUCKETS)?, name, &record)? {
                None => Ok(()),
                Some(_) => Err(Refusal::BucketAlreadyOwnedByYou.into()),
            }
        })
    }

    pub(crate) fn delete_bucket(&self, name: &str) -> Result<(), StoreError> {
        self.write(|transaction| {
            let existing = index::take::<_, BucketRecord>(&mut transaction.open_table(BUCKETS)?, name)?;
            existing.ok_or(Refusal::NoSuchBucket)?;
            let objects = transaction.open_table(OBJECTS)?;
            if objects.range((name, "")..)?.next().transpose()?.is_some_and(|row| row.0.value().0 == name) {
                return Err(Refusal::BucketNotEmpty.into());
            }
            let uploads = transaction.open_table(UPLOADS)?;
            if uploads.range((name, "", "")..)?.next().transpose()?.is_some_and(|row| row.0.value().0 == name)
            {
                return Err(Refusal::BucketNotEmpty.into());
            }
            Ok(())
        })
    }

    pub(crate) fn buckets(&self) -> Result<Vec<(String, BucketRecord)>, StoreError> {
        let reading = self.index.begin_read()?;
        let mut buckets = Vec::new();
        for row in reading.open_table(BUCKETS)?.iter()? {
            let (name, record) = row?;
            buckets.push((name.value().to_owned(), index::parse(record.value())?));
        }
        Ok(buckets)
    }

    pub(crate) fn check_bucket(&self, name: &str) -> Result<(), StoreError> {
        let reading = self.index.begin_read()?;
        let exists = reading.open_table(BUCKETS)?.get(name)?.is_some();
        if exists { Ok(()) } else { Err(Refusal::NoSuchBucket.into()) }
    }

    pub(crate) fn look_up(&self, place: &Place) -> Result<ObjectRecord, StoreError> {
        let reading = self.index.begin_read()?;
        let objects = reading.open_table(OBJECTS)?;
        match index::get(&objects, (place.bucket.as_str(), place.key.as_str()))? {
            Some(record) => Ok(record),
            None if reading.open_table(BUCKETS)?.get(place.bucket.as_str())?.is_some() => {
                Err(Refusal::NoSuchKey.into())
            }
            None => Err(Refusal::NoSuchBucket.into()),
        }
    }

    /// An object and its content. What is open stays readable when the object is overwritten.
    pub(crate) fn open_object(&self, place: &Place) -> Result<(ObjectRecord, File), StoreError> {
        let mut tries = 1;
        loop {
            let record = self.look_up(place)?;
            match self.blobs.read(&record.blob) {
                Ok(file) => return Ok((record, file)),
                Err(error) if error.kind() == io::ErrorKind::NotFound && tries < READ_TRIES => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub(crate) fn list(&self, query: &Query) -> Result<Page, StoreError> {
        self.check_bucket(&query.bucket)?;
        listing::list(&self.index.begin_read()?.open_table(OBJECTS)?, query)
    }

    /// Makes what was received an object.
    pub(crate) fn put_object(
        &self,
        place: &Place,
        received: Received,
        description: Description,
        conditions: &WriteConditions,
        reason: Reason,
        cause: &Cause,
    ) -> Result<ObjectRecord, StoreError> {
        let now = Moment::now();
        let record = ObjectRecord {
            blob: received.blob.name().to_owned(),
            size: received.digest.size,
            etag: hex::encode(received.digest.md5),
            modified_ms: now.0,
            description,
            checksum: received.digest.checksum,
        };
        let transaction = self.index.begin_write()?;
        let replaced = place_object(&transaction, now, place, &record, conditions, reason, cause)?;
        // From here on a row may name the file, even where the commit reports a failure.
        received.blob.keep();
        transaction.commit()?;
        self.blobs.remove(replaced);
        self.notify();
        Ok(record)
    }

    /// Removes objects. A key that doesn't exist is passed over, unless its conditions want one.
    pub(crate) fn delete_objects(
        &self,
        bucket: &str,
        keys: &[(String, WriteConditions)],
        cause: &Cause,
    ) -> Result<Vec<Result<(), Refusal>>, StoreError> {
        let now = Moment::now();
        let mut removed = Vec::new();
        let results = self.write(|transaction| {
            if transaction.open_table(BUCKETS)?.get(bucket)?.is_none() {
                return Err(Refusal::NoSuchBucket.into());
            }
            let mut objects = transaction.open_table(OBJECTS)?;
            let mut results = Vec::new();
            for (key, conditions) in keys {
                let existing: Option<ObjectRecord> = index::get(&objects, (bucket, key.as_str()))?;
                let result = conditions.check(existing.as_ref());
                if let (Ok(()), Some(existing)) = (&result, existing) {
                    objects.remove((bucket, key.as_str()))?;
                    let place = Place { bucket: bucket.to_owned(), key: key.clone() };
                    events::record_deleted(transaction, now, &place, &existing, cause)?;
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

    /// Replaces the tags of an object, or of a version of it while that is the newest.
    pub(crate) fn set_tags(
        &self,
        place: &Place,
        version: Option<&str>,
        tags: Vec<Tag>,
        cause: &Cause,
    ) -> Result<(), StoreError> {
        let now = Moment::now();
        self.write(|transaction| {
            let mut objects = transaction.open_table(OBJECTS)?;
            let key = (place.bucket.as_str(), place.key.as_str());
            let mut record: ObjectRecord = index::get(&objects, key)?.ok_or(Refusal::NoSuchKey)?;
            record.check_version(version)?;
            record.description.tags = tags;
            index::put(&mut objects, key, &record)?;
            if !record.description.tags.is_empty() {
                events::record_tagged(transaction, now, place, &record, cause)?;
            }
            Ok(())
        })?;
        self.notify();
        Ok(())
    }

    pub(crate) fn notify(&self) {
        self.arrived.notify_one();
    }
}

/// Puts a record in its place and its event into the outbox. Returns the content that it replaces.
pub(crate) fn place_object(
    transaction: &WriteTransaction,
    now: Moment,
    place: &Place,
    record: &ObjectRecord,
    conditions: &WriteConditions,
    reason: Reason,
    cause: &Cause,
) -> Result<Option<String>, StoreError> {
    if transaction.open_table(BUCKETS)?.get(place.bucket.as_str())?.is_none() {
        return Err(Refusal::NoSuchBucket.into());
    }
    let key = (place.bucket.as_str(), place.key.as_str());
    let mut objects = transaction.open_table(OBJECTS)?;
    let existing: Option<ObjectRecord> = index::get(&objects, key)?;
    conditions.check(existing.as_ref())?;
    index::put(&mut objects, key, record)?;
    events::record_created(transaction, now, place, record, reason, cause)?;
    Ok(existing.map(|existing| existing.blob))
}
