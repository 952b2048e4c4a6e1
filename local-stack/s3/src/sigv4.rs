//! The end of Signature Version 4, which is the same whatever is signed: a key of the day, and a code made with it.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The algorithm's name.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Whether `signature`, in hexadecimal digits, is that of `text` under a secret and a scope such as
/// `20260102/us-east-1/s3/aws4_request`. Compared in constant time, so that none can be guessed byte by byte.
pub fn is_signature(signature: &str, text: &str, secret: &str, scope: &str) -> bool {
    let Ok(signature) = hex::decode(signature) else { return false };
    let start = format!("AWS4{secret}").into_bytes();
    scope
        .split('/')
        .try_fold(start, |key, part| Some(mac(&key, part)?.finalize().into_bytes().to_vec()))
        .and_then(|key| mac(&key, text))
        .is_some_and(|mac| mac.verify_slice(&signature).is_ok())
}

/// There always is one: HMAC takes keys of every length.
fn mac(key: &[u8], text: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text.as_bytes());
    Some(mac)
}
