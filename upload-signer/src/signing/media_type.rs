//! Media types under their canonical names.

use std::fmt;

use contract::media_types::{self, KnownType};

/// The longest type or subtype in bytes (RFC 6838, section 4.2).
const MAX_NAME_BYTES: usize = 127;

/// The extension of a type without a known one.
const UNKNOWN_EXTENSION: &str = "bin";

/// A media type such as `image/png`, without parameters or wildcards. A type in the table [`media_types`] always has
/// its canonical name, also if an alias was parsed; any other type is in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MediaType(String);

impl MediaType {
    /// Parses a media type and drops its parameters: `video/webm;codecs=vp9` is `video/webm`, `image/jpg` is `image/jpeg`.
    pub fn parse(text: &str) -> Option<Self> {
        let essence = essence(text).to_ascii_lowercase();
        if let Some(known) = media_types::find(&essence) {
            return Some(Self(known.name.to_owned()));
        }
        let (family, subtype) = essence.split_once('/')?;
        (is_restricted_name(family) && is_restricted_name(subtype)).then_some(Self(essence))
    }

    /// The row of the type in the table; `None` for a type that the table doesn't contain.
    pub fn known(&self) -> Option<&'static KnownType> {
        media_types::find(&self.0)
    }

    /// `true` if a `Content-Type` names this type by its canonical name, in any case of letters and with any parameters.
    pub fn is_named_by(&self, content_type: &str) -> bool {
        essence(content_type).eq_ignore_ascii_case(&self.0)
    }

    /// The canonical name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the slash.
    pub fn family(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// An extension without its dot for a file of this type: `extension` if it belongs to the type, else the usual one.
    pub fn matching_extension(&self, extension: &str) -> &'static str {
        let known = self.known().map_or(&[][..], |known| known.extensions);
        let same = known.iter().find(|candidate| candidate.eq_ignore_ascii_case(extension));
        same.or(known.first()).copied().unwrap_or(UNKNOWN_EXTENSION)
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A media type without its parameters.
fn essence(text: &str) -> &str {
    text.split(';').next().unwrap_or_default().trim()
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
        check("Image/PJPEG", Some("image/jpeg"));
        check("audio/opus; rate=48000", Some("audio/ogg"));
        check("application/x-thing", Some("application/x-thing"));
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
