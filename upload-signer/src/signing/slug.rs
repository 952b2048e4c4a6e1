//! The file name in a key, derived from the file name on the client.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::signing::media_type::MediaType;

/// The longest name in bytes of UTF-8.
const MAX_BYTES: usize = 100;

/// The stem of a name without any allowed character.
const DEFAULT_STEM: &str = "file";

/// The longest suffix that counts as an extension, in letters and digits after the dot. An extension is replaced if it
/// doesn't belong to the type.
const MAX_EXTENSION_BYTES: usize = 4;

/// A name that is safe as the last segment of a key, a URL path and a file path. It has Unicode letters and digits,
/// `.`, `-` and `_`, at most 100 bytes, normalisation form C and an extension of the type. If the client sends a path,
/// only its last segment is used.
///
/// ```
/// use upload_signer::signing::media_type::MediaType;
/// use upload_signer::signing::slug::slug;
///
/// let png = MediaType::parse("image/png").expect("a media type");
/// assert_eq!(slug("My Cat (1).PNG", &png), "My-Cat-1.png");
/// assert_eq!(slug("../../etc/passwd", &png), "passwd.png");
/// ```
pub fn slug(file_name: &str, media_type: &MediaType) -> String {
    let name = clean(file_name.rsplit(['/', '\\']).next().unwrap_or_default());
    let (stem, extension) = split_extension(&name, media_type);
    let extension = media_type.matching_extension(extension);
    let room = MAX_BYTES.saturating_sub(extension.len() + 1);
    let stem = stem.get(..stem.floor_char_boundary(room)).unwrap_or_default();
    let stem = stem.trim_matches(['.', '-']);
    format!("{}.{extension}", if stem.is_empty() { DEFAULT_STEM } else { stem })
}

/// Removes characters that a name must not have. Spaces become hyphens; a run of hyphens or of dots becomes one.
fn clean(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    for c in name.chars().filter(|c| !c.is_control()) {
        let c = if c.is_whitespace() { '-' } else { c };
        let is_kept = match c {
            '.' | '-' => !kept.ends_with(c),
            '_' => true,
            c if is_combining_mark(c) => kept.chars().next_back().is_some_and(carries_marks),
            c => c.is_alphanumeric(),
        };
        if is_kept {
            kept.push(c);
        }
    }
    kept.nfc().collect()
}

/// `true` if a combining mark may follow. A mark without a base character would be invisible or change its neighbour.
fn carries_marks(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// A name's stem and extension. The extension is empty for names such as `v1.2` or `Mr.Smith`.
fn split_extension<'a>(name: &'a str, media_type: &MediaType) -> (&'a str, &'a str) {
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return (name, "");
    };
    let belongs_to_type = media_type.matching_extension(extension).eq_ignore_ascii_case(extension);
    let has_extension_shape = (1..=MAX_EXTENSION_BYTES).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_alphanumeric())
        && extension.bytes().any(|b| b.is_ascii_alphabetic());
    if belongs_to_type || has_extension_shape || extension.is_empty() {
        (stem, extension)
    } else {
        (name, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn png() -> MediaType {
        MediaType::parse("image/png").unwrap()
    }

    #[test]
    fn a_name_keeps_its_safe_characters() {
        let check = |given: &str, expected: &str| assert_eq!(slug(given, &png()), expected, "{given:?}");
        check("cat.png", "cat.png");
        check("My Cat (1).PNG", "My-Cat-1.png");
        check("naïve café 猫 кот.png", "naïve-café-猫-кот.png");
        check("cafe\u{301}.png", "caf\u{e9}.png");
        check("カ\u{3099}.png", "ガ.png");
        check("हिन्दी.png", "हिन्दी.png");
        check("a_b-c.d.png", "a_b-c.d.png");
        check("a - b.png", "a-b.png");
        check("C:\\fakepath\\cat.png", "cat.png");
        check("../../etc/passwd", "passwd.png");
        check("$$a$b.png", "ab.png");
        check("a\0b\nc\u{7f}\u{85}.png", "abc.png");
        check("w=640,fm=webp", "w640fmwebp.png");
        check("a%2e%2e?b#c&d+e;f:g\"h'i<j>k|l*m~n.png", "a2e2ebcdefghijklmn.png");
        check("a\u{202e}gnp.exe", "agnp.png");
        check("a…b..c.png", "ab.c.png");
    }

    #[test]
    fn a_name_without_safe_characters_becomes_file() {
        for given in [
            "",
            ".",
            "..",
            "...",
            "/",
            "a/",
            "-",
            " ",
            "$",
            "😀.png",
            "❤\u{fe0f}.png",
            ".png",
            "-.png",
            "\u{301}",
        ] {
            assert_eq!(slug(given, &png()), "file.png", "{given:?}");
        }
        assert_eq!(slug(".htaccess", &png()), "htaccess.png");
    }

    #[test]
    fn the_extension_follows_the_type() {
        let check = |given: &str, media_type: &str, expected: &str| {
            assert_eq!(slug(given, &MediaType::parse(media_type).unwrap()), expected, "{given:?}");
        };
        check("x.html", "image/png", "x.png");
        check("x.jpg", "image/jpeg", "x.jpg");
        check("x.jpeg", "image/jpeg", "x.jpeg");
        check("x.JPEG", "image/jpeg", "x.jpeg");
        check("IMG_1.HEIC", "image/jpeg", "IMG_1.jpg");
        check("x", "video/quicktime", "x.mov");
        check("x.", "image/gif", "x.gif");
        check("v1.2", "image/png", "v1.2.png");
        check("Mr.Smith", "image/png", "Mr.Smith.png");
        check("x.tar.gz", "image/png", "x.tar.png");
        check("x.html", "application/x-thing", "x.bin");
    }

    #[test]
    fn a_long_name_is_cut_between_characters_and_keeps_its_extension() {
        let check = |given: &str, expected_bytes: usize| {
            let name = slug(given, &png());
            assert_eq!(name.len(), expected_bytes, "{name}");
            assert_eq!(name.rsplit_once('.').unwrap().1, "png");
        };
        check(&format!("{}.png", "a".repeat(96)), 100);
        check(&format!("{}.png", "a".repeat(97)), 100);
        check(&format!("{}.png", "猫".repeat(90)), 100);
        check(&format!("a{}.png", "猫".repeat(90)), 98);
        check(&format!("{} {}.png", "a".repeat(95), "b"), 99);
    }

    proptest! {
        #[test]
        fn any_name_becomes_a_safe_name_that_is_stable(given in any::<String>()) {
            let name = slug(&given, &png());
            prop_assert!(name.len() <= MAX_BYTES && !name.starts_with('.'));
            prop_assert_eq!(name.rsplit_once('.').unwrap().1, "png");
            prop_assert!(name.chars().all(|c| carries_marks(c) || matches!(c, '.' | '-' | '_')), "{}", name);
            prop_assert_eq!(slug(&name, &png()), name);
        }
    }
}
