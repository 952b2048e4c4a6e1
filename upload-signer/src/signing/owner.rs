//! The owner of an upload in a tag of its object. Tags, unlike metadata, are never served.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The owner of an upload as the value of a tag: a digest of the owner's name, because a tag allows few characters and
/// names may be personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(String);

impl Owner {
    /// The owner with a name, which is that of a session or of a token's subject.
    pub fn new(name: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(Sha256::digest(name)))
    }

    /// The owner that a tag names.
    #[cfg(any(feature = "edge", test))]
    pub(crate) fn from_tag(value: &str) -> Self {
        Self(value.to_owned())
    }

    /// The value of the tag: 43 letters, digits, `-` and `_`.
    pub fn tag(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_a_valid_value_of_a_tag() {
        for name in ["session:alice", "token:Zo\u{eb} <a@b.example>", "", &"a".repeat(255)] {
            let owner = Owner::new(name);
            assert_eq!(owner.tag().len(), 43);
            assert!(owner.tag().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            assert_eq!(Owner::from_tag(owner.tag()), owner);
        }
        assert_ne!(Owner::new("session:alice"), Owner::new("token:alice"));
    }
}
