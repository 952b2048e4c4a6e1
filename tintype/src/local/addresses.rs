//! The addresses of a stack, and the stores behind them.

use bucket::{S3Config, Transport};
use cdn_config::policy::Keep;
use local_s3::Principal;
use resize::edge::config::StoreConfig as ImageStore;
use upload_signer::arrival::store::StoreConfig as UploadStore;

use super::names::{ORIGINALS, REGION, VARIANTS};

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
    /// The bucket of originals and, if variants are stored, that of variants, for a principal.
    pub(super) fn image_store(&self, principal: &Principal, keep: Keep) -> ImageStore {
        ImageStore {
            s3: self.s3_config(principal),
            originals: ORIGINALS.to_owned(),
            variants: (keep != Keep::Never).then(|| VARIANTS.to_owned()),
        }
    }

    /// The bucket of originals, for a principal.
    pub(super) fn upload_store(&self, principal: &Principal) -> UploadStore {
        UploadStore { s3: self.s3_config(principal), bucket: ORIGINALS.to_owned() }
    }

    /// S3, for a principal.
    pub(super) fn s3_config(&self, principal: &Principal) -> S3Config {
        S3Config {
            endpoint: Some(self.s3.clone()),
            region: REGION.to_owned(),
            credentials: principal.credentials.clone(),
            transport: Transport::NETWORK,
        }
    }
}
