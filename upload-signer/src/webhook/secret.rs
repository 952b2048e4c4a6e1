//! The secret of a webhook, and the signature of a message.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The prefix of a symmetric secret.
const PREFIX: &str = "whsec_";

/// The version of the signature: HMAC with SHA-256.
const VERSION: &str = "v1";

/// The lengths of a key in bytes.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The secret of a webhook: one key or, during a rotation, several. Each message is signed with every key, and the receiver
/// accepts any signature that it can check.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Vec<Vec<u8>>);

/// A text is not the secret of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a secret is {PREFIX} and the base64 of 24 to 64 random bytes, such as the result of \
     `echo whsec_$(openssl rand -base64 32)`; `new,old` signs with both"
)]
pub struct WebhookSecretError;

impl WebhookSecret {
    /// Parses `whsec_<base64>`, or a list of these separated by commas. The prefix may be missing, as in the libraries of
    /// Standard Webhooks.
    pub fn parse(text: &str) -> Result<Self, WebhookSecretError> {
        text.split(',').map(|secret| key(secret.trim())).collect::<Result<_, _>>().map(Self)
    }

    /// The header `webhook-signature` of a message with this id and body that is sent at `timestamp`, in seconds since
    /// 1970.
    pub fn signature(&self, id: &str, timestamp: i64, body: &str) -> String {
        let signed = format!("{id}.{timestamp}.{body}");
        let signatures = self.0.iter().filter_map(|key| {
            // HMAC accepts keys of any length.
            let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
            mac.update(signed.as_bytes());
            Some(format!("{VERSION},{}", STANDARD.encode(mac.finalize().into_bytes())))
        });
        signatures.collect::<Vec<_>>().join(" ")
    }
}

fn key(secret: &str) -> Result<Vec<u8>, WebhookSecretError> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX).unwrap_or(secret));
    key.ok().filter(|key| KEY_BYTES.contains(&key.len())).ok_or(WebhookSecretError)
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSecret").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's libraries (`standardwebhooks` for JavaScript, README).
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const TIMESTAMP: i64 = 1_614_265_330;
    const BODY: &str = r#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn a_message_is_signed_as_in_the_published_example() {
        assert_eq!(WebhookSecret::parse(SECRET).unwrap().signature(ID, TIMESTAMP, BODY), SIGNATURE);
        let bare = WebhookSecret::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(bare.signature(ID, TIMESTAMP, BODY), SIGNATURE);
    }

    #[test]
    fn id_time_body_and_key_each_change_the_signature() {
        let secret = WebhookSecret::parse(SECRET).unwrap();
        let other = WebhookSecret::parse("whsec_NfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        for changed in [
            secret.signature("msg_q5jXN8AQM9LWM0D4loKWxJek", TIMESTAMP, BODY),
            secret.signature(ID, TIMESTAMP + 1, BODY),
            secret.signature(ID, TIMESTAMP, r#"{"test":2432232314}"#),
            other.signature(ID, TIMESTAMP, BODY),
        ] {
            assert_ne!(changed, SIGNATURE);
        }
    }

    #[test]
    fn two_secrets_make_two_signatures() {
        let both = WebhookSecret::parse(&format!("{}, {SECRET}", SECRET.replace("_M", "_N"))).unwrap();
        let signatures = both.signature(ID, TIMESTAMP, BODY);
        let (new, old) = signatures.split_once(' ').unwrap();
        assert_eq!(old, SIGNATURE);
        assert!(new.starts_with("v1,") && new != old, "{new}");
    }

    #[test]
    fn a_secret_has_24_to_64_bytes_in_base64() {
        let check = |bytes: usize, expected: bool| {
            let secret = format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
            assert_eq!(WebhookSecret::parse(&secret).is_ok(), expected, "{bytes}");
        };
        check(23, false);
        check(24, true);
        check(64, true);
        check(65, false);
        for bad in ["", "whsec_", "secret", "whsec_not base64", &format!("{SECRET},"), &format!("{SECRET},x")]
        {
            assert_eq!(WebhookSecret::parse(bad), Err(WebhookSecretError), "{bad:?}");
        }
    }
}
