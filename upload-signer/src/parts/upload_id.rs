//! What a client holds of an upload in parts: S3's upload id and all that was granted, under a code that only the
//! signer can make. So nothing is remembered between requests, and nothing in it can be changed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::key::Key;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Cause, SignError};
use contract::signing_keys::{MAC_BYTES, SigningKeys};

/// Stands before what the code is made of, so that no other text under the same secret is ever taken for an id.
const PURPOSE: &[u8] = b"tintype upload id\n";

/// The first byte: the layout of what follows.
const VERSION: u8 = 1;

/// The longest id that is read, in characters: far above what a key of 1,024 bytes and S3's ids need.
const MAX_CHARACTERS: usize = 4096;

/// An upload in parts that was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultipartUpload {
    /// S3's own id.
    pub s3_id: String,
    /// The object's key.
    pub key: Key,
    /// Whose upload it is; empty where the signer is open to anyone.
    pub owner: String,
    /// The largest object that it may become, in bytes.
    pub max_bytes: u64,
    /// The declared type.
    pub media_type: String,
    /// Until when it may be gone on with, in whole seconds.
    pub expires: Timestamp,
}

/// The members as they are written; the names are short, for the id is part of URLs.
#[derive(Serialize, Deserialize)]
struct Written {
    i: String,
    k: String,
    o: String,
    m: u64,
    t: String,
    e: i64,
}

impl MultipartUpload {
    /// The id that the client gets.
    pub fn seal(&self, keys: &SigningKeys) -> String {
        let written = Written {
            i: self.s3_id.clone(),
            k: self.key.to_string(),
            o: self.owner.clone(),
            m: self.max_bytes,
            t: self.media_type.clone(),
            e: self.expires.as_second(),
        };
        let mut bytes = vec![VERSION];
        // Texts and numbers always have a JSON.
        bytes.extend(serde_json::to_vec(&written).unwrap_or_default());
        let code = keys.mac(&[PURPOSE, &bytes].concat());
        bytes.extend(code);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The upload of an id that `owner` shows for `key`. Whatever is wrong with it, what was granted isn't told.
    pub fn open(
        id: &str,
        key: &str,
        owner: &str,
        now: Timestamp,
        keys: &SigningKeys,
    ) -> Result<Self, SignError> {
        let upload =
            unseal(id, keys).ok_or_else(|| forbidden("uploadId", "it is no upload id of this signer"))?;
        if upload.key.as_str() != key {
            return Err(forbidden("key", "it is not the key of this upload"));
        }
        if upload.owner != owner {
            return Err(forbidden("uploadId", "it is another's upload"));
        }
        if upload.expires <= now {
            return Err(forbidden("uploadId", "the time for this upload is over; begin it again"));
        }
        Ok(upload)
    }
}

fn forbidden(field: &str, sentence: &'static str) -> SignError {
    SignError::at(field, Cause::Forbidden(sentence))
}

fn unseal(id: &str, keys: &SigningKeys) -> Option<MultipartUpload> {
    if id.len() > MAX_CHARACTERS {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(id).ok()?;
    let (sealed, code) = bytes.split_at_checked(bytes.len().checked_sub(MAC_BYTES)?)?;
    if !keys.verifies(&[PURPOSE, sealed].concat(), code) {
        return None;
    }
    let (version, json) = sealed.split_first()?;
    if *version != VERSION {
        return None;
    }
    let written: Written = serde_json::from_slice(json).ok()?;
    Some(MultipartUpload {
        s3_id: written.i,
        key: Key::parse(&written.k).ok()?,
        owner: written.o,
        max_bytes: written.m,
        media_type: written.t,
        expires: Timestamp::from_second(written.e).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = "files/1/café.png";

    fn keys() -> SigningKeys {
        SigningKeys::parse("0123456789abcdef0123456789abcdef").unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn upload() -> MultipartUpload {
        MultipartUpload {
            s3_id: "2~AbC.d_e-f".to_owned(),
            key: Key::parse(KEY).unwrap(),
            owner: "alice".to_owned(),
            max_bytes: 1000,
            media_type: "image/png".to_owned(),
            expires: at(100),
        }
    }

    #[test]
    fn an_id_opens_for_its_owner_key_and_time_alone() {
        let id = upload().seal(&keys());
        let check = |id: &str, key: &str, owner: &str, second: i64, expected: Result<(), &str>| {
            let opened = MultipartUpload::open(id, key, owner, at(second), &keys());
            let expected = expected.map(|()| upload()).map_err(str::to_owned);
            assert_eq!(opened.map_err(|error| error.to_string()), expected);
        };
        check(&id, KEY, "alice", 99, Ok(()));
        check(&id, KEY, "alice", 100, Err("uploadId: the time for this upload is over; begin it again"));
        check(&id, KEY, "bob", 99, Err("uploadId: it is another's upload"));
        check(&id, KEY, "", 99, Err("uploadId: it is another's upload"));
        check(&id, "files/1/other.png", "alice", 99, Err("key: it is not the key of this upload"));
        check(&id, "", "alice", 99, Err("key: it is not the key of this upload"));
        for no_id in ["", "a", "AQ", "not base64!", &"A".repeat(5000)] {
            check(no_id, KEY, "alice", 99, Err("uploadId: it is no upload id of this signer"));
        }
    }

    #[test]
    fn an_id_of_another_secret_does_not_open_and_one_of_the_previous_does() {
        let id = upload().seal(&keys());
        let opens = |text: &str| {
            MultipartUpload::open(&id, KEY, "alice", at(0), &SigningKeys::parse(text).unwrap()).is_ok()
        };
        let other = "fedcba9876543210fedcba9876543210";
        assert!(!opens(other));
        assert!(opens(&format!("{other},0123456789abcdef0123456789abcdef")));
    }

    #[test]
    fn an_id_needs_no_escape_in_a_url() {
        assert!(upload().seal(&keys()).bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    proptest! {
        #[test]
        fn any_flipped_bit_breaks_it(position in any::<prop::sample::Index>(), bit in 0u8..8) {
            let mut bytes = URL_SAFE_NO_PAD.decode(upload().seal(&keys())).unwrap();
            let position = position.index(bytes.len());
            bytes[position] ^= 1 << bit;
            let opened = MultipartUpload::open(&URL_SAFE_NO_PAD.encode(bytes), KEY, "alice", at(0), &keys());
            prop_assert!(opened.is_err());
        }

        #[test]
        fn any_text_is_refused_without_a_panic(text in any::<String>()) {
            prop_assert!(MultipartUpload::open(&text, KEY, "alice", at(0), &keys()).is_err());
        }
    }
}
