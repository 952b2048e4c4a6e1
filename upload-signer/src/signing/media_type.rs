//! Media types, and the file extensions that belong to them.

use std::fmt;

/// The longest type or subtype in bytes (RFC 6838, section 4.2).
const MAX_NAME_BYTES: usize = 127;

/// The extension of a type that [`EXTENSIONS`] doesn't list.
const UNKNOWN_EXTENSION: &str = "bin";

/// A media type such as `image/png`, in lower case and without parameters or wildcards.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MediaType(String);

impl MediaType {
    /// Parses a media type and drops its parameters: `video/webm;codecs=vp9` is `video/webm`.
    pub fn parse(text: &str) -> Option<Self> {
        let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (family, subtype) = essence.split_once('/')?;
        (is_restricted_name(family) && is_restricted_name(subtype)).then_some(Self(essence))
    }

    /// The canonical spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the slash.
    pub fn family(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// An extension without its dot for a file of this type: `extension` if it belongs to the type, else the usual one.
    pub fn matching_extension(&self, extension: &str) -> &'static str {
        let known = EXTENSIONS.iter().find(|(name, _)| *name == self.0).map_or(&[][..], |(_, all)| all);
        let same = known.iter().find(|candidate| candidate.eq_ignore_ascii_case(extension));
        same.or(known.first()).copied().unwrap_or(UNKNOWN_EXTENSION)
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `true` for a `restricted-name` of RFC 6838, section 4.2.
pub(crate) fn is_restricted_name(text: &str) -> bool {
    let is_restricted = |b: u8| {
        b.is_ascii_alphanumeric() || matches!(b, b'!' | b'#' | b'$' | b'&' | b'-' | b'^' | b'_' | b'.' | b'+')
    };
    text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && text.len() <= MAX_NAME_BYTES
        && text.bytes().all(is_restricted)
}

/// Extensions by type. The usual one comes first.
const EXTENSIONS: [(&str, &[&str]); 21] = [
    ("image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    ("image/png", &["png"]),
    ("image/webp", &["webp"]),
    ("image/gif", &["gif"]),
    ("image/avif", &["avif"]),
    ("image/heic", &["heic", "heif"]),
    ("image/heif", &["heif", "heic"]),
    ("image/tiff", &["tif", "tiff"]),
    ("image/bmp", &["bmp"]),
    ("image/svg+xml", &["svg"]),
    ("image/jxl", &["jxl"]),
    ("video/mp4", &["mp4", "m4v"]),
    ("video/quicktime", &["mov", "qt"]),
    ("video/webm", &["webm"]),
    ("video/x-matroska", &["mkv"]),
    ("audio/mpeg", &["mp3"]),
    ("audio/mp4", &["m4a"]),
    ("audio/ogg", &["ogg", "oga", "opus"]),
    ("audio/wav", &["wav"]),
    ("application/pdf", &["pdf"]),
    ("text/plain", &["txt"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_parsed_into_its_canonical_spelling() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(MediaType::parse(text).as_ref().map(MediaType::as_str), expected, "{text:?}");
        };
        check("image/png", Some("image/png"));
        check("Image/PNG", Some("image/png"));
        check("video/webm;codecs=vp9", Some("video/webm"));
        check("image/svg+xml; charset=utf-8", Some("image/svg+xml"));
        check("", None);
        check("image", None);
        check("image/", None);
        check("/png", None);
        check("image/*", None);
        check("image/png/x", None);
        check("image/p ng", None);
        check("image/png\r\nx-evil: 1", None);
        check("imagé/png", None);
        check(&format!("image/{}", "a".repeat(127)), Some(&format!("image/{}", "a".repeat(127))));
        check(&format!("image/{}", "a".repeat(128)), None);
    }

    #[test]
    fn an_extension_of_another_type_is_replaced() {
        let check = |text: &str, given: &str, expected: &str| {
            assert_eq!(MediaType::parse(text).unwrap().matching_extension(given), expected, "{text} {given}");
        };
        check("image/jpeg", "jpg", "jpg");
        check("image/jpeg", "JPEG", "jpeg");
        check("image/jpeg", "html", "jpg");
        check("image/png", "jpg", "png");
        check("video/quicktime", "", "mov");
        check("application/x-thing", "html", "bin");
    }
}
