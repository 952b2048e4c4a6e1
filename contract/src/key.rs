//! The name of an object in the originals bucket.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::escape::{escape, unescape};

/// The maximum length of a key in S3, in bytes of UTF-8.
pub const MAX_KEY_BYTES: usize = 1024;

/// The characters that need an escape: all characters that JavaScript's `encodeURIComponent` escapes. So the edge
/// function and this crate write the same path.
const URI_COMPONENT: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// A key that viewers may request: below one of the [`Area`]s, no empty, `.` or `..` segment, no control
/// characters, at most [`MAX_KEY_BYTES`] bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

/// The area of a key, which is its first segment. The area decides who may read the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    /// `files/`: readable by everyone.
    Files,
    /// `private/`: readable with a signed URL.
    Private,
    /// `videos/`: readable by everyone; written by transcoding jobs.
    Videos,
    /// `private-videos/`: readable with a signed URL or a pass in the path; written by transcoding jobs.
    PrivateVideos,
}

impl Area {
    /// Every area.
    pub const ALL: [Self; 4] = [Self::Files, Self::Private, Self::Videos, Self::PrivateVideos];

    /// The area's first path segment.
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Private => "private",
            Self::Videos => "videos",
            Self::PrivateVideos => "private-videos",
        }
    }

    /// `true` if viewers need a signature to read the area.
    pub const fn is_private(self) -> bool {
        match self {
            Self::Private | Self::PrivateVideos => true,
            Self::Files | Self::Videos => false,
        }
    }
}

/// The reason why a text is not a [`Key`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key is below none of the areas, or has no name below the area.
    #[error("paths of files begin with /files/, /private/, /videos/ or /private-videos/")]
    Area,
    /// The key has an empty, `.` or `..` segment, or a control character.
    #[error("the path has an empty segment, a dot segment or a control character")]
    Segment,
    /// The key is longer than [`MAX_KEY_BYTES`].
    #[error("the path is longer than {MAX_KEY_BYTES} bytes")]
    Length,
    /// The path has a `%` without two hexadecimal digits, or bytes that are not UTF-8.
    #[error("the path is not valid percent-encoded UTF-8")]
    Encoding,
}

impl Key {
    /// Reads a key that is not percent-encoded.
    ///
    /// # Errors
    /// The text is not a key; see [`KeyError`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if text.len() > MAX_KEY_BYTES {
            return Err(KeyError::Length);
        }
        let below_area = Area::ALL
            .iter()
            .find_map(|area| text.strip_prefix(area.segment())?.strip_prefix('/'))
            .ok_or(KeyError::Area)?;
        if below_area.is_empty() {
            return Err(KeyError::Area);
        }
        let is_forbidden = |segment: &str| {
            matches!(segment, "" | "." | "..") || segment.chars().any(|c| c < '\u{20}' || c == '\u{7f}')
        };
        if below_area.split('/').any(is_forbidden) {
            return Err(KeyError::Segment);
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads the path of a URL, from its leading slash. Every percent-encoding of a path gives the same key.
    ///
    /// # Errors
    /// The path is not a key; see [`KeyError`].
    pub fn from_path(path: &str) -> Result<Self, KeyError> {
        Self::parse(decode_path(path)?.strip_prefix('/').ok_or(KeyError::Area)?)
    }

    /// Reads a canonical path, only as [`Key::to_canonical_path`] writes it. `None` if it is the canonical path of no key.
    pub fn from_canonical_path(path: &str) -> Option<Self> {
        Self::parse(&unescape(path.strip_prefix('/')?)?).ok()
    }

    /// The key as S3 has it, without percent-encoding.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The area, which decides who may read the object.
    pub fn area(&self) -> Area {
        Area::ALL
            .into_iter()
            .find(|area| self.0.split('/').next() == Some(area.segment()))
            .unwrap_or(Area::Private)
    }

    /// The file's name, which is the last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// `true` if the upload signer generated the key: `<area>/<UUID of version 7>/<name>`. Such a key is written only
    /// once, so its object may be cached without limit.
    pub fn is_write_once(&self) -> bool {
        let mut segments = self.0.split('/').skip(1);
        let id = segments.next().unwrap_or_default();
        segments.count() == 1 && is_uuid_v7(id)
    }

    /// The path of a URL for this key, percent-encoded, with its leading slash. S3 and viewers read it.
    pub fn to_path(&self) -> String {
        let mut path = String::with_capacity(self.0.len() + 8);
        for segment in self.0.split('/') {
            path.push('/');
            path.extend(utf8_percent_encode(segment, &URI_COMPONENT));
        }
        path
    }

    /// The canonical path, with its leading slash: the beginning of the paths and of the objects' keys of all variants,
    /// and the text that a link's signature covers. It has ASCII letters, digits, `-`, `.`, `_` and `/`, and each other
    /// byte of the key as `~XX`, in upper-case hexadecimal digits.
    pub fn to_canonical_path(&self) -> String {
        format!("/{}", escape(&self.0))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Decodes a percent-encoded path. Strict like JavaScript's `decodeURIComponent`.
///
/// # Errors
/// [`KeyError::Encoding`] if an escape is broken or the bytes are not UTF-8.
pub fn decode_path(path: &str) -> Result<String, KeyError> {
    if !escapes_are_whole(path) {
        return Err(KeyError::Encoding);
    }
    percent_decode_str(path).decode_utf8().map(Into::into).map_err(|_| KeyError::Encoding)
}

/// `true` if two hexadecimal digits follow every `%`.
pub(crate) fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let mut bytes = after.bytes();
        let mut is_hex = || bytes.next().is_some_and(|b| b.is_ascii_hexdigit());
        is_hex() && is_hex()
    })
}

/// `true` for a UUID of version 7 (RFC 9562, section 5.7) in lower case with hyphens.
fn is_uuid_v7(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            14 => b == b'7',
            19 => matches!(b, b'8' | b'9' | b'a' | b'b'),
            _ => matches!(b, b'0'..=b'9' | b'a'..=b'f'),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_below_an_area_and_has_no_empty_or_dot_segment() {
        let check = |text: &str, expected: Result<Area, KeyError>| {
            assert_eq!(Key::parse(text).map(|key| key.area()), expected, "{text:?}");
        };
        check("files/1/cat.jpg", Ok(Area::Files));
        check("private/1/cat.jpg", Ok(Area::Private));
        check("videos/1/poster.jpg", Ok(Area::Videos));
        check("private-videos/1/poster.jpg", Ok(Area::PrivateVideos));
        check("files/$$ +é😀%.jpg", Ok(Area::Files));
        check("files", Err(KeyError::Area));
        check("files/", Err(KeyError::Area));
        check("filesx/a", Err(KeyError::Area));
        check("", Err(KeyError::Area));
        check("files//a", Err(KeyError::Segment));
        check("files/a/", Err(KeyError::Segment));
        check("files/../a", Err(KeyError::Segment));
        check("files/./a", Err(KeyError::Segment));
        check("files/a\nb", Err(KeyError::Segment));
        check("files/a\u{7f}", Err(KeyError::Segment));
        check(&format!("files/{}", "a".repeat(MAX_KEY_BYTES - 6)), Ok(Area::Files));
        check(&format!("files/{}", "a".repeat(MAX_KEY_BYTES - 5)), Err(KeyError::Length));
    }

    #[test]
    fn every_percent_encoding_of_a_path_gives_the_same_key() {
        let check = |path: &str, expected: Result<&str, KeyError>| {
            let key = Key::from_path(path);
            assert_eq!(key.as_ref().map(Key::as_str).map_err(|e| *e), expected, "{path:?}");
        };
        check("/files/1/cat.jpg", Ok("files/1/cat.jpg"));
        check("/files/1/%63at.jpg", Ok("files/1/cat.jpg"));
        check("/files/1%2Fcat.jpg", Ok("files/1/cat.jpg"));
        check("/files/a+b%20c", Ok("files/a+b c"));
        check("/files/%E2%82%AC", Ok("files/€"));
        check("/files/%2e%2e/a", Err(KeyError::Segment));
        check("/files/100%", Err(KeyError::Encoding));
        check("/files/%zz", Err(KeyError::Encoding));
        check("/files/%ff", Err(KeyError::Encoding));
        check("files/a", Err(KeyError::Area));
    }

    #[test]
    fn a_key_round_trips_through_its_path() {
        for text in ["files/1/cat.jpg", "files/é 😀/+&%?#.jpg", "videos/'()*!~-_./x"] {
            let key = Key::parse(text).unwrap();
            assert_eq!(Key::from_path(&key.to_path()), Ok(key));
        }
        assert_eq!(Key::parse("files/é +(1).jpg").unwrap().to_path(), "/files/%C3%A9%20%2B(1).jpg");
    }

    #[test]
    fn a_canonical_path_has_no_percent_sign_and_gives_the_key_again() {
        for (text, path) in [
            ("files/1/cat.jpg", "/files/1/cat.jpg"),
            ("files/é +%.jpg", "/files/~C3~A9~20~2B~25.jpg"),
            ("files/a~b'\"😺", "/files/a~7Eb~27~22~F0~9F~98~BA"),
        ] {
            let key = Key::parse(text).unwrap();
            assert_eq!(key.to_canonical_path(), path);
            assert_eq!(Key::from_canonical_path(path), Some(key));
        }
        for path in
            ["files/1/cat.jpg", "/files/caf%C3%A9", "/files/caf~c3~a9", "/files/~61", "/files/~0A", "/x/1"]
        {
            assert_eq!(Key::from_canonical_path(path), None, "{path}");
        }
    }

    #[test]
    fn only_keys_of_the_upload_signer_are_write_once() {
        let is_write_once = |text: &str| Key::parse(text).unwrap().is_write_once();
        assert!(is_write_once("files/0190163d-8694-739b-aea5-966c26f8ad91/cat.jpg"));
        assert!(!is_write_once("files/0190163d-8694-439b-aea5-966c26f8ad91/cat.jpg"));
        assert!(!is_write_once("files/0190163d-8694-739b-aea5-966c26f8ad91/a/cat.jpg"));
        assert!(!is_write_once("files/0190163d-8694-739b-aea5-966c26f8ad91"));
        assert!(!is_write_once("files/1/cat.jpg"));
    }
}
