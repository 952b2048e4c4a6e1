//! The spelling of texts in canonical paths.
//!
//! CloudFront signs its requests to a Lambda function URL. Lambda encodes a path that has a `%` once more than CloudFront
//! does when it computes the signature, and refuses the request. So a canonical path has no `%`, and no other character
//! that Signature Version 4 would encode differently.

use std::fmt::Write as _;

/// The text with ASCII letters, digits, `-`, `.`, `_` and `/` as they are, and every other byte of its UTF-8 as `~` and
/// two upper-case hexadecimal digits. A tilde is `~7E`, so different texts have different spellings.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(escaped, "~{byte:02X}");
        }
    }
    escaped
}

/// The text that [`escape`] writes in this way. `None` if it writes no text so.
pub(crate) fn unescape(escaped: &str) -> Option<String> {
    let mut parts = escaped.split('~');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok().filter(|text| escape(text) == escaped)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._/".contains(&byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_but_letters_digits_and_four_signs_is_written_as_bytes() {
        let check = |text: &str, expected: &str| assert_eq!(escape(text), expected);
        check("a/Z-0._", "a/Z-0._");
        check("café", "caf~C3~A9");
        check("a b+c%d", "a~20b~2Bc~25d");
        check("~", "~7E");
        check("~C3~A9", "~7EC3~7EA9");
        check("w=1,fm=png", "w~3D1~2Cfm~3Dpng");
        check("\"'!()*:", "~22~27~21~28~29~2A~3A");
        check("😺", "~F0~9F~98~BA");
    }

    #[test]
    fn only_what_is_written_so_is_read() {
        for text in ["~", "~7", "~7e", "~61", "~C3", "~+1", "~é", "é", "%20", "a b", "a=b", "a:b", "~~7E"] {
            assert_eq!(unescape(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_read_from_its_spelling(text in any::<String>()) {
            let escaped = escape(&text);
            prop_assert!(escaped.bytes().all(|byte| is_plain(byte) || byte == b'~'), "{}", escaped);
            prop_assert_eq!(unescape(&escaped), Some(text));
        }

        #[test]
        fn a_spelling_that_is_read_is_written_again(escaped in "([a-z/]|~[0-9A-F]{2}|~7E){0,9}") {
            if let Some(text) = unescape(&escaped) {
                prop_assert_eq!(escape(&text), escaped);
            }
        }
    }
}
