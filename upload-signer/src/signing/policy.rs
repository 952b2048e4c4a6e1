//! The uploads that the operator allows.

use std::fmt;
use std::time::Duration;

use contract::media_types::{KnownType, MEDIA_TYPES};

use crate::signing::media_type::{MediaType, is_restricted_name};

/// S3's limit for one POST or PUT, in bytes: 5 GiB, which AWS writes as 5 GB.
pub const S3_MAX_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// S3's limit for a multipart upload, in bytes: 5 TiB, which AWS writes as 5 TB.
pub const S3_MAX_OBJECT_BYTES: u64 = 5 * 1024 * 1024 * 1024 * 1024;

/// The longest lifetime of a presigned request of Signature Version 4: a week.
pub const MAX_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// S3's limit for the user metadata of an object, in bytes of names and values together.
pub const S3_MAX_METADATA_BYTES: usize = 2048;

/// Default size limit: 100 MiB, above which clients switch to multipart uploads.
const DEFAULT_MAX_BYTES: u64 = 100 * 1024 * 1024;

/// Default lifetime of a signature.
const DEFAULT_LIFETIME: Duration = Duration::from_mins(15);

/// Default maximum number of files in one request.
const DEFAULT_MAX_FILES: usize = 100;

/// The rules for every upload of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadPolicy {
    /// The allowed media types.
    pub types: Vec<TypePattern>,
    /// The largest file in bytes, capped at [`S3_MAX_BYTES`] for one request and at [`S3_MAX_OBJECT_BYTES`] for a
    /// multipart upload.
    pub max_bytes: u64,
    /// The most pixels of a picture with readable dimensions; `None` for no limit. The finaliser checks it.
    pub max_pixels: Option<u64>,
    /// The maximum number of files in one request.
    pub max_files: usize,
    /// The lifetime of a signature in whole seconds, capped at [`MAX_LIFETIME`]. A request must begin within it.
    pub lifetime: Duration,
    /// The most bytes of metadata, capped at [`S3_MAX_METADATA_BYTES`].
    pub max_metadata_bytes: usize,
}

impl Default for UploadPolicy {
    fn default() -> Self {
        Self {
            // SVG is safe among them because the CDN serves it with a content security policy that blocks scripts.
            types: MEDIA_TYPES
                .iter()
                .filter(|known| known.is_default())
                .filter_map(|known| TypePattern::parse(known.name))
                .collect(),
            max_bytes: DEFAULT_MAX_BYTES,
            max_pixels: None,
            max_files: DEFAULT_MAX_FILES,
            lifetime: DEFAULT_LIFETIME,
            max_metadata_bytes: S3_MAX_METADATA_BYTES,
        }
    }
}

impl UploadPolicy {
    /// `true` if files of this type are allowed. A picture that the resize service doesn't read never is: it would be
    /// accepted here and refused at each request for a variant.
    pub fn allows(&self, media_type: &MediaType) -> bool {
        let is_unread =
            media_type.family() == "image" && !media_type.known().is_some_and(KnownType::is_source);
        !is_unread && self.types.iter().any(|pattern| pattern.matches(media_type))
    }

    /// The largest file in bytes that one request may send.
    pub fn byte_limit(&self) -> u64 {
        self.max_bytes.min(S3_MAX_BYTES)
    }

    /// The largest file in bytes that a multipart upload may send.
    pub fn multipart_byte_limit(&self) -> u64 {
        self.max_bytes.min(S3_MAX_OBJECT_BYTES)
    }
}

/// The families of types that a pattern may name (IANA's registry, without those for messages).
const FAMILIES: [&str; 7] = ["application", "audio", "font", "image", "model", "text", "video"];

/// A media type, or all types with the same part before the slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypePattern {
    /// Exactly this type.
    Exact(MediaType),
    /// Every type with this part before the slash.
    Family(String),
}

impl TypePattern {
    /// Parses `image/png`, or `image/*` for a family. `*/*` is `None`: a policy must name the types that it allows.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().strip_suffix("/*") {
            Some(family) => is_restricted_name(family).then(|| Self::Family(family.to_ascii_lowercase())),
            None => MediaType::parse(text).map(Self::Exact),
        }
    }

    /// Checks that the pattern names something that can be uploaded. The error says what is wrong with it: a name that
    /// isn't in the table of types is probably misspelt. Names of `application/` and `text/` that begin with `vnd.`,
    /// `prs.` or `x-` belong to their vendors, and any of them is accepted.
    pub fn check_name(&self) -> Result<(), String> {
        match self {
            Self::Exact(media_type) if media_type.known().is_some() || is_of_vendor(media_type) => Ok(()),
            Self::Exact(_) => Err("it is not a known media type".to_owned()),
            Self::Family(family) if FAMILIES.contains(&family.as_str()) => Ok(()),
            Self::Family(_) => Err(format!("there are only the families {}", FAMILIES.join(", "))),
        }
    }

    /// A pattern of the types that both patterns match; `None` if no type matches both.
    ///
    /// ```
    /// use upload_signer::signing::policy::TypePattern;
    ///
    /// let images = TypePattern::parse("image/*").expect("a pattern");
    /// let png = TypePattern::parse("image/png").expect("a pattern");
    /// let videos = TypePattern::parse("video/*").expect("a pattern");
    /// assert_eq!(images.intersection(&png), Some(png.clone()));
    /// assert_eq!(png.intersection(&videos), None);
    /// ```
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

fn is_of_vendor(media_type: &MediaType) -> bool {
    let (family, subtype) = media_type.as_str().split_once('/').unwrap_or_default();
    matches!(family, "application" | "text")
        && ["vnd.", "prs.", "x-"].into_iter().any(|prefix| subtype.starts_with(prefix))
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
    fn the_default_policy_allows_what_is_read_and_transcoded_under_every_name() {
        let policy = UploadPolicy::default();
        for known in &MEDIA_TYPES {
            for name in [&[known.name], known.aliases].concat() {
                assert_eq!(policy.allows(&MediaType::parse(name).unwrap()), known.is_default(), "{name}");
            }
        }
    }

    #[test]
    fn no_policy_allows_a_picture_that_the_resize_service_cannot_read() {
        let types = ["image/*", "image/jp2"].map(|text| TypePattern::parse(text).unwrap()).to_vec();
        let policy = UploadPolicy { types, ..UploadPolicy::default() };
        for (name, expected) in
            [("image/jp2", false), ("image/heif", true), ("image/x-new", false), ("image/x-icon", true)]
        {
            assert_eq!(policy.allows(&MediaType::parse(name).unwrap()), expected, "{name}");
        }
    }

    #[test]
    fn a_pattern_with_an_unknown_name_is_an_error() {
        let check = |pattern: &str, expected: Option<&str>| {
            let checked = TypePattern::parse(pattern).unwrap().check_name();
            assert_eq!(checked.err().as_deref(), expected, "{pattern}");
        };
        check("image/png", None);
        check("image/x-ms-bmp", None);
        check("audio/*", None);
        check("font/*", None);
        check("application/vnd.ms-excel", None);
        check("application/x-blender", None);
        check("image/pgn", Some("it is not a known media type"));
        check("image/x-pgn", Some("it is not a known media type"));
        check("application/pdff", Some("it is not a known media type"));
        check("image/heic", None);
        let families = "there are only the families application, audio, font, image, model, text, video";
        check("imgae/*", Some(families));
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
