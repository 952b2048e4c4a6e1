//! Secrets that texts are authenticated with, and their rotation.

use std::fmt;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The shortest secret, in bytes: as long as the digest that it keys.
pub const MIN_SECRET_BYTES: usize = 32;

/// The longest secret, in bytes: two of them fit into one value of the edge function's key-value store.
pub const MAX_SECRET_BYTES: usize = 256;

/// The bytes of a code.
pub const MAC_BYTES: usize = 32;

/// One secret that codes are made with, and perhaps an older one that codes may still have been made with.
#[derive(Clone)]
pub struct SigningKeys {
    current: String,
    previous: Option<String>,
}

/// Why a text holds no secrets. The text isn't repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeysError {
    /// One is too short.
    #[error("a secret has at least {MIN_SECRET_BYTES} bytes")]
    Short,
    /// One is too long.
    #[error("a secret has at most {MAX_SECRET_BYTES} bytes")]
    Long,
    /// More than two.
    #[error("at most two secrets are taken, the current one and the previous one")]
    Many,
}

impl SigningKeys {
    /// The secret `current`, or `current,previous` while one takes the other's place.
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

    /// The secrets themselves, the current one first: for a store that keeps them, never for a log.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        [self.current.as_str()].into_iter().chain(self.previous.as_deref())
    }

    /// The HMAC-SHA256 of a text under the current secret.
    pub fn mac(&self, text: &[u8]) -> Vec<u8> {
        keyed(&self.current).chain_update(text).finalize().into_bytes().to_vec()
    }

    /// Whether a code is that of a text under one of the secrets. Takes as long for a wrong code as for a right one.
    pub fn verifies(&self, text: &[u8], code: &[u8]) -> bool {
        let verifies = |secret: &str| keyed(secret).chain_update(text).verify_slice(code).is_ok();
        verifies(&self.current) | self.previous.as_deref().is_some_and(verifies)
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
fn keyed(secret: &str) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret.as_bytes()).expect("a key of any length is taken")
}

/// Without the secrets.
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
    fn a_code_of_the_previous_secret_holds_until_that_is_dropped() {
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
    fn a_secret_of_32_bytes_is_taken_and_a_shorter_one_is_not() {
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
