//! S3: originals are read; variants are stored and removed.

pub mod client;

pub mod error;

pub(crate) mod originals;

pub mod variants;

pub(crate) mod version_records;

use aws_sdk_s3::Client;

use client::client;

use crate::edge::config::StoreConfig;

/// The bucket of originals, which is read, and the bucket of variants, which is written.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    originals: String,
    variants: Option<String>,
}

impl Store {
    /// The buckets of a configuration. Sends no request.
    pub fn new(config: &StoreConfig) -> Self {
        let (originals, variants) = (config.originals.clone(), config.variants.clone());
        Self { client: client(config), originals, variants }
    }

    /// `true` if there is a bucket for variants. Without one, every request renders its variant.
    pub(crate) fn has_variants(&self) -> bool {
        self.variants.is_some()
    }
}
