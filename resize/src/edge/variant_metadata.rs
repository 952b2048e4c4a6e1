//! The metadata of a variant: the headers of its response, stored with its object.

use contract::caching::{Caching, cache_tag, inline_disposition};
use contract::key::Key;
use md5::{Digest as _, Md5};

use crate::settings::Settings;

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

/// The entity tag of a variant that the CDN reads from the bucket: the one that S3 computes, the MD5 of the bytes.
pub(crate) fn etag_of_bytes(bytes: &[u8]) -> String {
    format!("\"{}\"", hex::encode(Md5::digest(bytes)))
}

/// Part of every entity tag that is computed before rendering. It must be changed whenever the same request gives other
/// bytes.
const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// The settings on which the bytes of variants depend, as a text.
pub(crate) fn settings_text(settings: &Settings) -> String {
    let Settings { limits, qualities, avif_budget, jpeg_decoder, profile, is_progressive, keeps_credit } =
        settings;
    let side = limits.output_side;
    format!(
        "{side:?} {qualities:?} {avif_budget:?} {jpeg_decoder:?} {profile:?} {is_progressive} {keeps_credit}"
    )
}

/// The entity tag of a variant that the service sends itself, stored or not. It is known before rendering, since encoders are
/// deterministic: the same source, path and settings, of which it gets the text, give the same bytes.
pub(crate) fn etag_before_rendering(source_etag: &str, path: &str, settings: &str) -> String {
    etag_of_bytes(format!("{source_etag}\n{path}\n{ENGINE_VERSION}\n{settings}").as_bytes())
}

#[cfg(test)]
mod tests {
    use contract::policy::Profile;

    use super::*;
    use crate::settings::test_settings;

    #[test]
    fn whatever_changes_the_bytes_changes_the_entity_tag() {
        let tag = |path, settings| etag_before_rendering("\"a\"", path, &settings_text(&settings));
        let path = "/files/1/cat.jpg/w=64,fm=jpeg";
        let with = |profile| Settings { profile, ..test_settings() };
        let tags = [
            tag(path, test_settings()),
            tag("/files/1/cat.jpg/w=64,light=linear,fm=jpeg", test_settings()),
            tag(path, with(Profile::Faithful)),
            tag(path, with(Profile::Fast)),
            tag(path, Settings { is_progressive: true, ..test_settings() }),
            tag(path, Settings { keeps_credit: true, ..test_settings() }),
        ];
        assert_eq!(std::collections::HashSet::from(tags).len(), 6);
    }
}
