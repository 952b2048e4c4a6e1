//! The upload id that a client holds: S3's upload id and the grant, sealed with a message authentication code (MAC). The
//! signer therefore stores nothing between requests, and a client can't change its grant.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::key::Key;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Cause, SignError};
use contract::signing_keys::{MAC_BYTES, SigningKeys};

/// The prefix of the authenticated bytes, so that another text under the same secret is never valid as an id.
const PURPOSE: &[u8] = b"tintype upload id\n";

/// The first byte of an id: the version of its layout.
const VERSION: u8 = 1;

/// The longest id in characters, far more than a key of 1,024 bytes and an upload id of S3 need.
const MAX_CHARACTERS: usize = 4096;

/// A granted multipart upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultipartUpload {
    /// The upload id of S3.
    pub s3_id: String,
    /// The key of the object.
    pub key: Key,
    /// The owner of the upload; empty for an anonymous caller.
    pub owner: String,
    /// The largest size of the object in bytes.
    pub max_bytes: u64,
    /// The declared media type.
    pub media_type: String,
    /// The end of the grant in whole seconds.
    pub expires: Timestamp,
}

/// The JSON in an id. The names are short because ids are part of URLs.
#[derive(Serialize, Deserialize)]
struct SealedFields {
    i: String,
    k: String,
    o: String,
    m: u64,
    t: String,
    e: i64,
}

impl MultipartUpload {
    /// The sealed id for the client.
    pub fn seal(&self, keys: &SigningKeys) -> String {
        let fields = SealedFields {
            i: self.s3_id.clone(),
            k: self.key.to_string(),
            o: self.owner.clone(),
            m: self.max_bytes,
            t: self.media_type.clone(),
            e: self.expires.as_second(),
        };
        let mut bytes = vec![VERSION];
        // Strings and numbers always serialise.
        bytes.extend(serde_json::to_vec(&fields).unwrap_or_default());
        let mac = keys.mac(&[PURPOSE, &bytes].concat());
        bytes.extend(mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Opens the sealed id that `owner` sends for `key`. An error reveals nothing about the grant.
    pub fn open(
        id: &str,
        key: &str,
        owner: &str,
        now: Timestamp,
        keys: &SigningKeys,
    ) -> Result<Self, SignError> {
        let upload =
            unseal(id, keys).ok_or_else(|| forbidden("uploadId", "it is not an upload id of this signer"))?;
        if upload.key.as_str() != key {
            return Err(forbidden("key", "it is not the key of this upload"));
        }
        if upload.owner != owner {
            return Err(forbidden("uploadId", "it is the id of another owner's upload"));
        }
        if upload.expires <= now {
            return Err(forbidden("uploadId", "the time for this upload has expired; start it again"));
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
    let (sealed, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC_BYTES)?)?;
    if !keys.verifies(&[PURPOSE, sealed].concat(), mac) {
        return None;
    }
    let (version, json) = sealed.split_first()?;
    if *version != VERSION {
        return None;
    }
    let fields: SealedFields = serde_json::from_slice(json).ok()?;
    Some(MultipartUpload {
        s3_id: fields.i,
        key: Key::parse(&fields.k).ok()?,
        owner: fields.o,
        max_bytes: fields.m,
        media_type: fields.t,
        expires: Timestamp::from_second(fields.e).ok()?,
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
    fn an_id_opens_only_for_its_owner_and_key_and_in_its_time() {
        let id = upload().seal(&keys());
        let check = |id: &str, key: &str, owner: &str, second: i64, expected: Result<(), &str>| {
            let opened = MultipartUpload::open(id, key, owner, at(second), &keys());
            let expected = expected.map(|()| upload()).map_err(str::to_owned);
            assert_eq!(opened.map_err(|error| error.to_string()), expected);
        };
        check(&id, KEY, "alice", 99, Ok(()));
        check(&id, KEY, "alice", 100, Err("uploadId: the time for this upload has expired; start it again"));
        check(&id, KEY, "bob", 99, Err("uploadId: it is the id of another owner's upload"));
        check(&id, KEY, "", 99, Err("uploadId: it is the id of another owner's upload"));
        check(&id, "files/1/other.png", "alice", 99, Err("key: it is not the key of this upload"));
        check(&id, "", "alice", 99, Err("key: it is not the key of this upload"));
        for no_id in ["", "a", "AQ", "not base64!", &"A".repeat(5000)] {
            check(no_id, KEY, "alice", 99, Err("uploadId: it is not an upload id of this signer"));
        }
    }

    #[test]
    fn an_id_opens_with_the_previous_secret_but_with_no_other() {
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
        fn any_flipped_bit_invalidates_an_id(position in any::<prop::sample::Index>(), bit in 0u8..8) {
            let mut bytes = URL_SAFE_NO_PAD.decode(upload().seal(&keys())).unwrap();
            let position = position.index(bytes.len());
            bytes[position] ^= 1 << bit;
            let opened = MultipartUpload::open(&URL_SAFE_NO_PAD.encode(bytes), KEY, "alice", at(0), &keys());
            prop_assert!(opened.is_err());
        }

        #[test]
        fn any_other_text_is_refused_without_a_panic(text in any::<String>()) {
            prop_assert!(MultipartUpload::open(&text, KEY, "alice", at(0), &keys()).is_err());
        }
    }
}
