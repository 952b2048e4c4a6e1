//! Operations of the store on buckets.

use redb::ReadableTable as _;

use super::clock::Moment;
use super::cors_rule::CorsRule;
use super::error::{ClientError, StoreError};
use super::index::{self, BUCKETS, OBJECTS, UPLOADS};
use super::record::BucketRecord;
use super::store::StoreInner;

impl StoreInner {
    /// Creates a bucket if it doesn't exist.
    pub(crate) fn ensure_bucket(&self, name: &str) -> Result<(), StoreError> {
        match self.create_bucket(name) {
            Err(StoreError::Client(ClientError::BucketAlreadyOwnedByYou)) => Ok(()),
            result => result,
        }
    }

    pub(crate) fn create_bucket(&self, name: &str) -> Result<(), StoreError> {
        if !s3s::path::check_bucket_name(name) {
            return Err(ClientError::InvalidBucketName.into());
        }
        self.write(|transaction| {
            let record = BucketRecord { created_ms: Moment::now().0, cors: None };
            match index::put(&mut transaction.open_table(BUCKETS)?, name, &record)? {
                None => Ok(()),
                Some(_) => Err(ClientError::BucketAlreadyOwnedByYou.into()),
            }
        })
    }

    pub(crate) fn delete_bucket(&self, name: &str) -> Result<(), StoreError> {
        self.write(|transaction| {
            let existing = index::take::<_, BucketRecord>(&mut transaction.open_table(BUCKETS)?, name)?;
            existing.ok_or(ClientError::NoSuchBucket)?;
            let objects = transaction.open_table(OBJECTS)?;
            if objects.range((name, "")..)?.next().transpose()?.is_some_and(|row| row.0.value().0 == name) {
                return Err(ClientError::BucketNotEmpty.into());
            }
            let uploads = transaction.open_table(UPLOADS)?;
            if uploads.range((name, "", "")..)?.next().transpose()?.is_some_and(|row| row.0.value().0 == name)
            {
                return Err(ClientError::BucketNotEmpty.into());
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

    /// The CORS rules of a bucket.
    pub(crate) fn cors(&self, name: &str) -> Result<Vec<CorsRule>, StoreError> {
        let reading = self.index.begin_read()?;
        let record: Option<BucketRecord> = index::get(&reading.open_table(BUCKETS)?, name)?;
        Ok(record.ok_or(ClientError::NoSuchBucket)?.cors.unwrap_or_else(|| vec![CorsRule::open()]))
    }

    /// Replaces the CORS rules of a bucket.
    pub(crate) fn set_cors(&self, name: &str, rules: Vec<CorsRule>) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut buckets = transaction.open_table(BUCKETS)?;
            let record: Option<BucketRecord> = index::get(&buckets, name)?;
            let record = record.ok_or(ClientError::NoSuchBucket)?;
            index::put(&mut buckets, name, &BucketRecord { cors: Some(rules), ..record })?;
            Ok(())
        })
    }

    pub(crate) fn check_bucket(&self, name: &str) -> Result<(), StoreError> {
        let reading = self.index.begin_read()?;
        let exists = reading.open_table(BUCKETS)?.get(name)?.is_some();
        if exists { Ok(()) } else { Err(ClientError::NoSuchBucket.into()) }
    }
}
