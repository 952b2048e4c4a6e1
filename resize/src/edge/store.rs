//! S3: originals are read; variants are stored and removed.

pub mod access;

pub mod error;

pub(crate) mod originals;

pub(crate) mod renditions;

pub mod variants;

pub(crate) mod outdated;

pub mod version_records;

use bucket::{Bucket, Timeouts, client};

use access::AccessCheck;

use crate::edge::config::StoreConfig;

/// The bucket of originals, which is read, and the bucket of variants, which is written.
#[derive(Clone, Debug)]
pub struct Store {
    originals: Bucket,
    variants: Option<Bucket>,
    access: AccessCheck,
}

impl Store {
    /// The buckets of a configuration. Sends no request.
    pub fn new(config: &StoreConfig) -> Self {
        let client = client(&config.s3, Timeouts::INTERACTIVE);
        let variants = config.variants.as_ref().map(|name| Bucket::new(client.clone(), name));
        let originals = Bucket::new(client, &config.originals);
        let access = AccessCheck::new([originals.clone()].into_iter().chain(variants.clone()).collect());
        Self { originals, variants, access }
    }

    /// The check that S3 accepts the requests for both buckets.
    pub fn access(&self) -> &AccessCheck {
        &self.access
    }

    /// The bucket of originals.
    pub fn originals(&self) -> &Bucket {
        &self.originals
    }

    /// `true` if there is a bucket for variants. Without one, every request renders its variant.
    pub(crate) fn has_variants(&self) -> bool {
        self.variants.is_some()
    }
}
