//! The id of a file, and its position in a list.

use std::fmt;

use contract::key::Key;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The number of digits of a time in a [`Position`]: 48 bits, as in a UUID of version 7.
const TIME_DIGITS: usize = 12;

/// The number of digits of a digest in a [`Position`]. Two files of the same millisecond have the same digest once in 2⁶⁴.
const DIGEST_DIGITS: usize = 16;

/// The number of digits of the digest in the id of a file that the signer didn't name.
const ID_DIGITS: usize = 32;

/// The largest time in a [`Position`], in milliseconds since 1970.
const MAX_MS: u64 = (1 << 48) - 1;

/// The id of a file: the UUID in a key that the signer made, and `k` with a digest of any other key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId(String);

impl FileId {
    /// The id of a key's file.
    pub fn of(key: &Key) -> Self {
        match upload_id(key) {
            Some(id) => Self(id.to_owned()),
            None => Self(format!("k{}", digest(key, ID_DIGITS))),
        }
    }

    /// The id with this text, which may be the id of no file.
    pub fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The time at which the signer made a key, in milliseconds since 1970. `None` for other keys.
pub fn signed_ms(key: &Key) -> Option<u64> {
    let digits: String = upload_id(key)?.chars().filter(|c| *c != '-').take(TIME_DIGITS).collect();
    u64::from_str_radix(&digits, 16).ok()
}

fn upload_id(key: &Key) -> Option<&str> {
    key.is_write_once().then(|| key.as_str().split('/').nth(1)).flatten()
}

fn digest(key: &Key, digits: usize) -> String {
    let mut text = hex::encode(Sha256::digest(key.as_str()));
    text.truncate(digits);
    text
}

/// The position of a file in a list, as text: its time, then a digest of its key. The order of texts is the order of times.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position(String);

impl Position {
    /// The position of a file that was created at a time, in milliseconds since 1970.
    pub fn new(created_ms: u64, key: &Key) -> Self {
        Self(format!("{}{}", time(created_ms), digest(key, DIGEST_DIGITS)))
    }

    /// The position before those of all files that were created at this time, in milliseconds since 1970, or later.
    pub fn start_of(created_ms: u64) -> Self {
        Self(time(created_ms))
    }

    /// Reads the position of a file. `None` if the text isn't one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == TIME_DIGITS + DIGEST_DIGITS && text.bytes().all(is_digit))
            .then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn time(ms: u64) -> String {
    format!("{:0TIME_DIGITS$x}", ms.min(MAX_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::parse(text).unwrap()
    }

    #[test]
    fn the_id_is_the_signer_s_or_a_digest_of_the_key() {
        let check =
            |text: &str, expected: &str| assert_eq!(FileId::of(&key(text)).as_str(), expected, "{text}");
        let id = "0190163d-8694-739b-aea5-966c26f8ad91";
        check(&format!("files/{id}/cat.jpg"), id);
        check(&format!("private/{id}/cat.jpg"), id);
        check("files/cat.jpg", "k5e2ac1cafb853987d42da15e0b5c1555");
    }

    #[test]
    fn the_signer_s_keys_contain_their_time() {
        assert_eq!(
            signed_ms(&key("files/0190163d-8694-739b-aea5-966c26f8ad91/cat.jpg")),
            Some(0x0190_163d_8694)
        );
        assert_eq!(signed_ms(&key("files/cat.jpg")), None);
    }

    #[test]
    fn positions_are_ordered_by_time() {
        let (a, b) = (key("files/a"), key("files/b"));
        assert!(Position::new(1, &a) < Position::new(2, &b) && Position::new(1, &b) < Position::new(2, &a));
        assert!(Position::start_of(2) < Position::new(2, &a) && Position::new(1, &a) < Position::start_of(2));
        assert_ne!(Position::new(1, &a), Position::new(1, &b));
        assert!(Position::new(u64::MAX, &a) > Position::new(1, &a));
    }

    #[test]
    fn only_the_text_of_a_position_is_read() {
        let position = Position::new(1_700_000_000_000, &key("files/a"));
        assert_eq!(Position::parse(position.as_str()), Some(position.clone()));
        for text in ["", "0", &position.as_str().to_uppercase(), &format!("{}0", position.as_str()), "ZZ"] {
            assert_eq!(Position::parse(text), None, "{text}");
        }
    }
}
