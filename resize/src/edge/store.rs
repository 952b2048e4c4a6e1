//! S3: originals are read; variants are stored and removed.

pub mod error;

pub(crate) mod originals;

pub mod variants;

pub(crate) mod outdated;

pub mod version_records;

use bucket::{Bucket, Timeouts, client};

use crate::edge::config::StoreConfig;

/// The bucket of originals, which is read, and the bucket of variants, which is written.
#[derive(Clone, Debug)]
pub struct Store {
    originals: Bucket,
    variants: Option<Bucket>,
}

impl Store {
    /// The buckets of a configuration. Sends no request.
    pub fn new(config: &StoreConfig) -> Self {
        let client = client(&config.s3, Timeouts::INTERACTIVE);
        let variants = config.variants.as_ref().map(|name| Bucket::new(client.clone(), name));
        Self { originals: Bucket::new(client, &config.originals), variants }
    }

    /// `true` if there is a bucket for variants. Without one, every request renders its variant.
    pub(crate) fn has_variants(&self) -> bool {
        self.variants.is_some()
    }
}
