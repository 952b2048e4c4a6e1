//! How long each outcome may be kept.

use crate::key::Key;

/// A year: the longest that caches honour.
const YEAR_SECONDS: u32 = 31_536_000;

/// What a cache may do with a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// For ever: what the URL names never changes.
    Immutable,
    /// For some seconds.
    Seconds(u32),
    /// Not at all.
    Never,
}

impl Caching {
    /// For the word that a file isn't there: it may be there in a moment, when its upload has been checked.
    pub const MISSING: Self = Self::Seconds(1);

    /// For what a key names: for ever where the signer made the key, else for the policy's time.
    pub fn of(key: &Key, mutable_seconds: u32) -> Self {
        if key.is_write_once() { Self::Immutable } else { Self::Seconds(mutable_seconds) }
    }

    /// The value of `Cache-Control`.
    pub fn header(self) -> String {
        match self {
            Self::Immutable => format!("public, max-age={YEAR_SECONDS}, immutable"),
            Self::Seconds(seconds) => format!("public, max-age={seconds}"),
            Self::Never => "no-store".to_owned(),
        }
    }
}

/// The longest cache tag that the CDN takes, in characters.
const MAX_TAG_CHARS: usize = 256;

/// The tag that all cached responses made of one source carry, so that one invalidation reaches them: visible
/// ASCII without comma, at most 256 characters, compared without regard to case. Longer paths share a tag with
/// others of the same beginning, which purges too much rather than too little.
pub fn cache_tag(key: &Key) -> String {
    let mut tag: String = key.to_path().split_off(1);
    tag.truncate(MAX_TAG_CHARS);
    tag
}

/// `Content-Disposition` for a file that is shown in place and saved under `name` (RFC 6266): an ASCII
/// fallback, and the name itself in UTF-8.
pub fn inline_disposition(name: &str) -> String {
    disposition("inline", name)
}

/// The same for a file that is saved and not shown. Without a name the viewer takes that of the path.
pub fn attachment_disposition(name: &str) -> String {
    if name.is_empty() { "attachment".to_owned() } else { disposition("attachment", name) }
}

fn disposition(kind: &str, name: &str) -> String {
    let fallback: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' })
        .collect();
    if fallback == name {
        return format!("{kind}; filename=\"{name}\"");
    }
    let encoded = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("{kind}; filename=\"{fallback}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_short_visible_ascii() {
        let tag = |text: &str| cache_tag(&Key::parse(text).unwrap());
        assert_eq!(tag("files/1/a, é.jpg"), "files/1/a%2C%20%C3%A9.jpg");
        assert_eq!(tag(&format!("files/{}", "é".repeat(400))).len(), 256);
    }

    #[test]
    fn a_name_beyond_ascii_is_given_twice() {
        assert_eq!(inline_disposition("cat.webp"), "inline; filename=\"cat.webp\"");
        assert_eq!(
            inline_disposition("é\".webp"),
            "inline; filename=\"__.webp\"; filename*=UTF-8''%C3%A9%22%2Ewebp"
        );
    }
}
