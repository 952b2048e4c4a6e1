//! What an operator allows to be uploaded.

use std::fmt;
use std::time::Duration;

use crate::signing::media_type::{MediaType, is_restricted_name};

/// The largest object that S3 takes in one POST or PUT, in bytes: 5 GB, which S3 counts in powers of two.
pub const S3_MAX_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// The largest object that S3 takes in parts, in bytes: 5 TB, counted in powers of two.
pub const S3_MAX_OBJECT_BYTES: u64 = 5 * 1024 * 1024 * 1024 * 1024;

/// The longest life of a presigned request of Signature Version 4: a week.
pub const MAX_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// The most bytes of user metadata that S3 keeps with an object, names and values together.
pub const S3_MAX_METADATA_BYTES: usize = 2048;

/// The largest upload unless the operator says otherwise: 100 MiB, above which clients go over to multipart.
const DEFAULT_MAX_BYTES: u64 = 100 * 1024 * 1024;

/// How long an upload may be begun unless the operator says otherwise.
const DEFAULT_LIFETIME: Duration = Duration::from_mins(15);

/// The most files in one request unless the operator says otherwise.
const DEFAULT_MAX_FILES: usize = 100;

/// The media types taken unless the operator says otherwise. SVG is among them because the CDN serves it with a
/// policy that runs no script.
const DEFAULT_TYPES: [&str; 15] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/avif",
    "image/heic",
    "image/heif",
    "image/tiff",
    "image/bmp",
    "image/svg+xml",
    "image/jxl",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-matroska",
];

/// The rules for every upload of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadPolicy {
    /// The types that are taken.
    pub types: Vec<TypePattern>,
    /// The largest file, in bytes. In one request it counts as [`S3_MAX_BYTES`] above that, in parts as
    /// [`S3_MAX_OBJECT_BYTES`].
    pub max_bytes: u64,
    /// The most pixels of a picture whose dimensions are known when it has arrived; none for any number.
    pub max_pixels: Option<u64>,
    /// The most files in one request.
    pub max_files: usize,
    /// How long an upload may be begun, in whole seconds; above [`MAX_LIFETIME`] it counts as that.
    pub lifetime: Duration,
    /// The most bytes of metadata; above [`S3_MAX_METADATA_BYTES`] it counts as that.
    pub max_metadata_bytes: usize,
}

impl Default for UploadPolicy {
    fn default() -> Self {
        Self {
            types: DEFAULT_TYPES.iter().filter_map(|text| TypePattern::parse(text)).collect(),
            max_bytes: DEFAULT_MAX_BYTES,
            max_pixels: None,
            max_files: DEFAULT_MAX_FILES,
            lifetime: DEFAULT_LIFETIME,
            max_metadata_bytes: S3_MAX_METADATA_BYTES,
        }
    }
}

impl UploadPolicy {
    /// Whether files of a type are taken.
    pub fn allows(&self, media_type: &MediaType) -> bool {
        self.types.iter().any(|pattern| pattern.matches(media_type))
    }

    /// The largest file that can be signed for in one request, in bytes.
    pub fn byte_limit(&self) -> u64 {
        self.max_bytes.min(S3_MAX_BYTES)
    }

    /// The largest file that can be signed for in parts, in bytes.
    pub fn multipart_byte_limit(&self) -> u64 {
        self.max_bytes.min(S3_MAX_OBJECT_BYTES)
    }
}

/// One media type, or all of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypePattern {
    /// This type alone.
    Exact(MediaType),
    /// Every type whose part before the slash is this.
    Family(String),
}

impl TypePattern {
    /// `image/png`, or `image/*` for a family. `*/*` is none: a policy names what it takes.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().strip_suffix("/*") {
            Some(family) => is_restricted_name(family).then(|| Self::Family(family.to_ascii_lowercase())),
            None => MediaType::parse(text).map(Self::Exact),
        }
    }

    /// What both patterns match, if there is any such type.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Exact(exact), pattern) | (pattern, Self::Exact(exact)) => {
                pattern.matches(exact).then(|| Self::Exact(exact.clone()))
            }
            (Self::Family(one), Self::Family(other)) => (one == other).then(|| self.clone()),
        }
    }

    fn matches(&self, media_type: &MediaType) -> bool {
        match self {
            Self::Exact(exact) => exact == media_type,
            Self::Family(family) => family == media_type.family(),
        }
    }
}

impl fmt::Display for TypePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(exact) => exact.fmt(f),
            Self::Family(family) => write!(f, "{family}/*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_type_is_a_type() {
        let policy = UploadPolicy::default();
        let spelled: Vec<String> = policy.types.iter().map(ToString::to_string).collect();
        assert_eq!(spelled, DEFAULT_TYPES);
    }

    #[test]
    fn a_pattern_is_a_type_or_a_family() {
        let check = |pattern: &str, text: &str, expected: bool| {
            let pattern = TypePattern::parse(pattern).unwrap();
            assert_eq!(pattern.matches(&MediaType::parse(text).unwrap()), expected, "{pattern} {text}");
        };
        check("image/png", "image/png", true);
        check("image/png", "image/jpeg", false);
        check("image/*", "image/x-anything", true);
        check("IMAGE/*", "image/png", true);
        check("image/*", "imagery/png", false);
        check("image/*", "text/html", false);
        let check_both = |one: &str, other: &str, expected: Option<&str>| {
            let both = TypePattern::parse(one).unwrap().intersection(&TypePattern::parse(other).unwrap());
            assert_eq!(both, expected.and_then(TypePattern::parse), "{one} {other}");
        };
        check_both("image/*", "image/*", Some("image/*"));
        check_both("image/*", "image/png", Some("image/png"));
        check_both("image/png", "image/*", Some("image/png"));
        check_both("image/png", "image/jpeg", None);
        check_both("image/*", "video/*", None);
        for text in ["*/*", "*", "/*", "image", ""] {
            assert_eq!(TypePattern::parse(text), None, "{text:?}");
        }
    }
}
