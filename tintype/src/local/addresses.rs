//! The addresses of a stack, and the stores behind them.

use aws_credential_types::Credentials;
use bucket::{S3Config, Transport};
use resize::edge::config::StoreConfig as ImageStore;
use upload_signer::arrival::store::StoreConfig as UploadStore;

use super::names::{ORIGINALS, REGION, VARIANTS, owner};

/// The URLs that a stack listens on, without a path.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Addresses {
    /// The page, the CDN's paths and the signer.
    pub edge: String,
    /// S3.
    pub s3: String,
    /// `MediaConvert` and CloudFront's API.
    pub mediaconvert: String,
}

impl Addresses {
    /// Both buckets, for a reader with these credentials.
    pub(super) fn image_store(&self, credentials: Credentials) -> ImageStore {
        ImageStore {
            s3: self.s3_config(credentials),
            originals: ORIGINALS.to_owned(),
            variants: Some(VARIANTS.to_owned()),
        }
    }

    /// The bucket of originals, for its owner.
    pub(super) fn upload_store(&self) -> UploadStore {
        UploadStore { s3: self.s3_config(owner()), bucket: ORIGINALS.to_owned() }
    }

    /// S3, for a client with these credentials.
    pub(super) fn s3_config(&self, credentials: Credentials) -> S3Config {
        S3Config {
            endpoint: Some(self.s3.clone()),
            region: REGION.to_owned(),
            credentials,
            transport: Transport::NETWORK,
        }
    }
}
