//! S3: originals are read; variants are stored and removed.

pub mod access;

pub mod error;

pub(crate) mod originals;

pub(crate) mod library_facts;

pub(crate) mod renditions;

pub(crate) mod transfer;

pub mod variants;

pub mod outdated;

pub mod version_records;

use bucket::{Bucket, Timeouts, client};
use contract::key::{Key, MAX_KEY_BYTES};

use access::AccessCheck;

use crate::edge::config::StoreConfig;

/// The bucket of originals, which is read, and the bucket of variants, which is written.
#[derive(Clone, Debug)]
pub struct Store {
    originals: Bucket,
    variants: Option<Bucket>,
    /// The bucket of the records and marks by which a changed original is purged.
    records: Option<Bucket>,
    access: AccessCheck,
}

impl Store {
    /// The buckets of a configuration. Sends no request.
    pub fn new(config: &StoreConfig) -> Self {
        let client = client(&config.s3, Timeouts::INTERACTIVE);
        let variants = config.variants.as_ref().map(|name| Bucket::new(client.clone(), name));
        let originals = Bucket::new(client, &config.originals);
        let records = variants.clone();
        let access = AccessCheck::new([originals.clone()].into_iter().chain(variants.clone()).collect());
        Self { originals, variants, records, access }
    }

    /// The buckets behind a CDN, whose copies are purged by records and marks. Without a bucket for variants, these are in
    /// the bucket of originals.
    pub fn behind_cdn(config: &StoreConfig) -> Self {
        let store = Self::new(config);
        let records = store.variants.clone().unwrap_or_else(|| store.originals.clone());
        Self { records: Some(records), ..store }
    }

    /// The check that S3 accepts the requests for both buckets.
    pub fn access(&self) -> &AccessCheck {
        &self.access
    }

    /// The bucket of originals.
    pub fn originals(&self) -> &Bucket {
        &self.originals
    }

    /// The place of an object below an original in the bucket of variants: the bucket and the object's key, which is the
    /// canonical path. An empty `name` gives the prefix of all of them. `None` without a bucket, or if the key would be longer
    /// than S3 permits: such a variant is never stored.
    pub(crate) fn place(&self, key: &Key, name: &str) -> Option<(&Bucket, String)> {
        let object_key = format!("{}/{name}", key.to_canonical_path()).split_off(1);
        let bucket = self.variants.as_ref()?;
        (object_key.len() <= MAX_KEY_BYTES).then_some((bucket, object_key))
    }

    /// `true` if there is a bucket for variants. Without one, every request renders its variant.
    pub(crate) fn has_variants(&self) -> bool {
        self.variants.is_some()
    }
}
