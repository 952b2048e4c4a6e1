//! Cache lifetimes and response headers.

use crate::key::Key;

/// A year, which is the longest lifetime that caches accept.
const YEAR_SECONDS: u32 = 31_536_000;

/// The cache lifetime of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// Cached without limit: the content of the URL never changes.
    Immutable,
    /// Cached for this number of seconds.
    Seconds(u32),
    /// Not cached.
    Never,
}

impl Caching {
    /// The lifetime of a 404 for a file: one second, because the file appears as soon as its upload is checked.
    pub const MISSING: Self = Self::Seconds(1);

    /// The lifetime of an object: without limit if the upload signer generated the key, else `mutable_seconds`.
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

/// The maximum length of a cache tag at the CDN, in characters.
const MAX_TAG_CHARS: usize = 256;

/// The maximum length of the text after a name's last dot that counts as an extension.
const MAX_EXTENSION_CHARS: usize = 8;

/// The cache tag of all responses for one source, with which one invalidation removes them: visible ASCII without
/// comma, at most 256 characters, compared without regard to case. Longer paths are truncated and share a tag with
/// others of the same beginning, so that an invalidation removes too much rather than too little.
pub fn cache_tag(key: &Key) -> String {
    let mut tag = key.to_canonical_path().split_off(1);
    tag.truncate(MAX_TAG_CHARS);
    tag
}

/// `Content-Disposition` for a file that the viewer shows, and saves under `name` if the user asks for it (RFC 6266):
/// an ASCII fallback, and the full name in UTF-8.
pub fn inline_disposition(name: &str) -> String {
    disposition("inline", name)
}

/// `Content-Disposition` for a file that is saved and not shown. If `name` is empty, the viewer uses the name in the
/// path.
pub fn attachment_disposition(name: &str) -> String {
    if name.is_empty() { "attachment".to_owned() } else { disposition("attachment", name) }
}

/// The name under which a download is saved: the requested one with the extension of the file's format, so that no file gets
/// the extension of a program. `extension` has no dot. An extension in `name` is replaced, unless it means the same format.
///
/// ```
/// use contract::caching::saved_name;
///
/// assert_eq!(saved_name("cat.JPEG", "jpg"), "cat.JPEG");
/// assert_eq!(saved_name("setup.hta", "jpg"), "setup.jpg");
/// assert_eq!(saved_name("v1.2", "jpg"), "v1.2.jpg");
/// ```
pub fn saved_name(name: &str, extension: &str) -> String {
    let is_extension = |text: &str| {
        (1..=MAX_EXTENSION_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    match name.rsplit_once('.').filter(|(_, given)| is_extension(given)) {
        Some((_, given)) if format_of(given) == format_of(extension) => name.to_owned(),
        Some((stem, given)) if given.bytes().any(|b| b.is_ascii_alphabetic()) => {
            format!("{stem}.{extension}")
        }
        Some(_) | None => format!("{name}.{extension}"),
    }
}

/// The extension in lower case. Extensions that mean the same format have the same result.
fn format_of(extension: &str) -> String {
    let extension = extension.to_ascii_lowercase();
    match extension.as_str() {
        "jpeg" | "jpe" | "jfif" => "jpg".to_owned(),
        "tiff" => "tif".to_owned(),
        _ => extension,
    }
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
    fn a_cache_tag_is_short_visible_ascii() {
        let tag = |text: &str| cache_tag(&Key::parse(text).unwrap());
        assert_eq!(tag("files/1/a, é.jpg"), "files/1/a~2C~20~C3~A9.jpg");
        assert_eq!(tag("files/1/a*.jpg"), "files/1/a~2A.jpg");
        assert_eq!(tag(&format!("files/{}", "é".repeat(400))).len(), 256);
    }

    #[test]
    fn a_name_beyond_ascii_has_a_fallback_in_ascii() {
        assert_eq!(inline_disposition("cat.webp"), "inline; filename=\"cat.webp\"");
        assert_eq!(
            inline_disposition("é\".webp"),
            "inline; filename=\"__.webp\"; filename*=UTF-8''%C3%A9%22%2Ewebp"
        );
    }
}
