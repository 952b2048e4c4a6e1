//! Secret keys for message authentication, and their rotation.

use std::fmt;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The minimum length of a secret in bytes: the length of the digest.
pub const MIN_SECRET_BYTES: usize = 32;

/// The maximum length of a secret in bytes. Two secrets fit into one value of the edge function's key-value store.
pub const MAX_SECRET_BYTES: usize = 256;

/// The length of a message authentication code in bytes.
pub const MAC_BYTES: usize = 32;

/// The current secret, which signs, and an optional previous secret, whose signatures are still valid.
#[derive(Clone)]
pub struct SigningKeys {
    current: String,
    previous: Option<String>,
}

/// The reason why a text can't be read as secrets. The message doesn't repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeysError {
    /// A secret is too short.
    #[error("a secret has at least {MIN_SECRET_BYTES} bytes")]
    Short,
    /// A secret is too long.
    #[error("a secret has at most {MAX_SECRET_BYTES} bytes")]
    Long,
    /// The text has more than two secrets.
    #[error("at most two secrets are accepted, the current one and the previous one")]
    Many,
}

impl SigningKeys {
    /// Reads `current`, or `current,previous` during a rotation.
    ///
    /// # Errors
    /// A secret has a wrong length, or there are more than two.
    pub fn parse(text: &str) -> Result<Self, SigningKeysError> {
        let mut secrets = text.split(',').map(|secret| secret.trim().to_owned());
        let keys = Self { current: secrets.next().unwrap_or_default(), previous: secrets.next() };
        if secrets.next().is_some() {
            return Err(SigningKeysError::Many);
        }
        if keys.secrets().any(|secret| secret.len() < MIN_SECRET_BYTES) {
            return Err(SigningKeysError::Short);
        }
        if keys.secrets().any(|secret| secret.len() > MAX_SECRET_BYTES) {
            return Err(SigningKeysError::Long);
        }
        Ok(keys)
    }

    /// The secrets, the current one first. They may be written to a store of secrets, never to a log.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        [self.current.as_str()].into_iter().chain(self.previous.as_deref())
    }

    /// The HMAC-SHA256 of a text with the current secret.
    pub fn mac(&self, text: &[u8]) -> Vec<u8> {
        keyed(&self.current).chain_update(text).finalize().into_bytes().to_vec()
    }

    /// `true` if the code is that of the text with one of the secrets. The time doesn't depend on the code.
    pub fn verifies(&self, text: &[u8], mac: &[u8]) -> bool {
        let verifies = |secret: &str| keyed(secret).chain_update(text).verify_slice(mac).is_ok();
        verifies(&self.current) | self.previous.as_deref().is_some_and(verifies)
    }
}

#[expect(clippy::expect_used, reason = "HMAC accepts keys of every length")]
fn keyed(secret: &str) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret.as_bytes()).expect("a key of any length is accepted")
}

/// Doesn't print the secrets.
impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys").field("has_previous", &self.previous.is_some()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const NEW: &str = "fedcba9876543210fedcba9876543210";

    #[test]
    fn a_code_of_the_previous_secret_is_valid_until_the_secret_is_removed() {
        let keys = |text: &str| SigningKeys::parse(text).unwrap();
        let code = keys(OLD).mac(b"text");
        assert_eq!(code.len(), MAC_BYTES);
        assert!(keys(OLD).verifies(b"text", &code));
        assert!(keys(&format!("{NEW},{OLD}")).verifies(b"text", &code));
        assert!(!keys(NEW).verifies(b"text", &code));
        assert!(!keys(OLD).verifies(b"texts", &code));
        assert!(!keys(OLD).verifies(b"text", &code[1..]));
        assert_ne!(keys(&format!("{NEW},{OLD}")).mac(b"text"), code);
    }

    #[test]
    fn a_secret_of_32_bytes_is_accepted_and_a_shorter_one_is_not() {
        let check = |text: &str, expected: Option<SigningKeysError>| {
            assert_eq!(SigningKeys::parse(text).err(), expected, "{text}");
        };
        check(OLD, None);
        check(&format!("{NEW}, {OLD}"), None);
        check(&OLD[1..], Some(SigningKeysError::Short));
        check("", Some(SigningKeysError::Short));
        check(&"a".repeat(MAX_SECRET_BYTES), None);
        check(&"a".repeat(MAX_SECRET_BYTES + 1), Some(SigningKeysError::Long));
        check(&format!("{NEW},"), Some(SigningKeysError::Short));
        check(&format!("{NEW},{OLD},{OLD}"), Some(SigningKeysError::Many));
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert!(!format!("{:?}", SigningKeys::parse(OLD).unwrap()).contains("0123"));
    }
}
