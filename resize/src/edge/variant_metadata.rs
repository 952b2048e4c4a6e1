//! The metadata of a variant: the headers of its response, stored with its object.

use contract::caching::{Caching, cache_tag, inline_disposition};
use contract::key::Key;
use md5::{Digest as _, Md5};

/// The metadata of a variant. Fields that depend on the content are empty until it is rendered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct VariantMetadata {
    /// A strong entity tag with its quotes; empty for a response that can't be revalidated.
    pub(crate) etag: String,
    /// Length in bytes; `None` until the variant is rendered.
    pub(crate) length: Option<u64>,
    /// The media type.
    pub(crate) media_type: String,
    /// The value of `Cache-Control`.
    pub(crate) cache_control: String,
    /// The value of `Content-Disposition`.
    pub(crate) disposition: String,
    /// The tag that purges the variant from caches.
    pub(crate) cache_tag: String,
}

impl VariantMetadata {
    /// The metadata that all variants of a key share. Variants of a key that the signer didn't create may be cached
    /// for `mutable_seconds`.
    pub(crate) fn of_key(key: &Key, mutable_seconds: u32) -> Self {
        Self {
            cache_control: Caching::of(key, mutable_seconds).header(),
            cache_tag: cache_tag(key),
            ..Self::default()
        }
    }
}

/// `Content-Disposition` with the original's file name and the suffix of the variant's format.
pub(crate) fn disposition(key: &Key, extension: &str) -> String {
    let stem = key.file_name().rsplit_once('.').map_or(key.file_name(), |(stem, _)| stem);
    inline_disposition(&format!("{stem}.{extension}"))
}

/// The entity tag of a stored variant: the one that S3 computes, the MD5 of the bytes.
pub(crate) fn etag_of_bytes(bytes: &[u8]) -> String {
    format!("\"{}\"", hex::encode(Md5::digest(bytes)))
}

/// Part of every entity tag that is computed before rendering. It must be changed whenever the same request gives other
/// bytes.
const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// The entity tag of a variant that isn't stored. It is known before rendering, since encoders are deterministic.
pub(crate) fn etag_before_rendering(source_etag: &str, path: &str) -> String {
    etag_of_bytes(format!("{source_etag}\n{path}\n{ENGINE_VERSION}").as_bytes())
}
