//! The name of an object, made from the name that the client gave.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::signing::media_type::MediaType;

/// The longest name, in bytes of UTF-8.
pub const MAX_BYTES: usize = 100;

/// The name of a file of whose own name nothing is left.
const NAMELESS: &str = "file";

/// What is taken for an extension, and so may be replaced: at most so many letters and digits behind a dot.
const MAX_EXTENSION_BYTES: usize = 4;

/// A name that is safe as the last segment of a key, a path and a file system: Unicode letters and digits, `.`,
/// `-` and `_`, at most [`MAX_BYTES`] bytes, in normal form C, with an extension that fits the type. Of a path
/// only the last part counts.
pub fn slug(given: &str, media_type: &MediaType) -> String {
    let name = clean(given.rsplit(['/', '\\']).next().unwrap_or_default());
    let (stem, given_extension) = split_extension(&name, media_type);
    let extension = media_type.extension(given_extension);
    let room = MAX_BYTES.saturating_sub(extension.len() + 1);
    let stem = stem.get(..stem.floor_char_boundary(room)).unwrap_or_default();
    let stem = stem.trim_matches(['.', '-']);
    format!("{}.{extension}", if stem.is_empty() { NAMELESS } else { stem })
}

/// Only what a name may have; spaces become hyphens, runs of hyphens and of dots become one.
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

/// Without something to stand on a mark would be an invisible name, or change its neighbour.
fn carries_marks(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// A name and its extension, which is empty where the name has none: `v1.2` or `Mr.Smith` end in no extension.
fn split_extension<'a>(name: &'a str, media_type: &MediaType) -> (&'a str, &'a str) {
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return (name, "");
    };
    let fits = media_type.extension(extension).eq_ignore_ascii_case(extension);
    let looks_like_one = (1..=MAX_EXTENSION_BYTES).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_alphanumeric())
        && extension.bytes().any(|b| b.is_ascii_alphabetic());
    if fits || looks_like_one || extension.is_empty() { (stem, extension) } else { (name, "") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn png() -> MediaType {
        MediaType::parse("image/png").unwrap()
    }

    #[test]
    fn a_name_keeps_what_is_safe() {
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
    fn a_name_of_which_nothing_is_left_gets_one() {
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
        fn any_name_becomes_a_safe_one_that_stays_as_it_is(given in any::<String>()) {
            let name = slug(&given, &png());
            prop_assert!(name.len() <= MAX_BYTES && !name.starts_with('.'));
            prop_assert_eq!(name.rsplit_once('.').unwrap().1, "png");
            prop_assert!(name.chars().all(|c| carries_marks(c) || matches!(c, '.' | '-' | '_')), "{}", name);
            prop_assert_eq!(slug(&name, &png()), name);
        }
    }
}
