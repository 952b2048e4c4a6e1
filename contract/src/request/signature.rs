//! Signatures of links: `s` is the HMAC-SHA256 of the signed text, in base64url without padding.
//!
//! The signed text is the canonical path, followed by `?expires=…` if the link expires. A link is signed before its
//! viewer is known. So the text of a negotiated format contains no class. It is the path for viewers that read neither
//! AVIF nor WebP, it ends in `fm=auto`, and `,lossless=1` follows if the link asks for lossless WebP.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::error::{Reason, RequestError};
use crate::key::Key;
use crate::query::variant::{RequestedVariant, requested_variant};
use crate::query::{QueryValues, values};
use crate::sentences;
use crate::signing_keys::SigningKeys;
use crate::variant::Variant;

/// Verifies the signatures of links.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'a> {
    /// The keys that links are signed with. Without keys every signature is refused.
    pub keys: Option<&'a SigningKeys>,
    /// The current time, in seconds since 1970.
    pub now_seconds: u64,
}

impl Verifier<'_> {
    /// A verifier that refuses every signature.
    pub const NONE: Self = Self { keys: None, now_seconds: 0 };

    /// Verifies the signature of a request and its time.
    ///
    /// # Errors
    /// The signature is missing or doesn't match the request, or the link has expired.
    pub(super) fn verify(self, key: &Key, values: &QueryValues) -> Result<(), RequestError> {
        let Some(signature) = values.text("s").filter(|text| !text.is_empty()) else {
            return Err(RequestError::link(Reason::NeedsSignature, "s", sentences::UNSIGNED_LINK));
        };
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok();
        let text = signed_text(key, values)?;
        let matches = |mac: &Vec<u8>| self.keys.is_some_and(|keys| keys.verifies(text.as_bytes(), mac));
        if !signature.as_ref().is_some_and(matches) {
            return Err(RequestError::link(Reason::NeedsSignature, "s", sentences::SIGNATURE));
        }
        match values.value("expires", values::expires)? {
            Some(expires) if self.now_seconds >= u64::from(expires) => {
                Err(RequestError::link(Reason::Expired, "expires", sentences::EXPIRED))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// `true` if a request counts as signed: it has a signature or an expiry time.
pub(super) fn is_signed(values: &QueryValues) -> bool {
    values.text("s").is_some() || values.text("expires").is_some()
}

/// The signature of a signed text, as the value of `s`.
pub(crate) fn code(text: &str, keys: &SigningKeys) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(keys.mac(text.as_bytes()))
}

/// The text that the signature of a request authenticates.
pub(crate) fn signed_text(key: &Key, values: &QueryValues) -> Result<String, RequestError> {
    let path = key.to_canonical_path();
    let canonical = match requested_variant(values, "")? {
        None => path,
        Some(RequestedVariant { variant, .. }) => {
            format!("{path}/{}", for_any_viewer(&variant, values.text("lossless").is_some()))
        }
    };
    Ok(match values.value("expires", values::expires)? {
        Some(expires) => format!("{canonical}?expires={expires}"),
        None => canonical,
    })
}

/// The text of a variant independent of the viewer's `Accept`. The variant for viewers that don't read WebP never has
/// `lossless=1`, so the caller must pass whether the request asks for it.
fn for_any_viewer(variant: &Variant, is_lossless: bool) -> String {
    let canonical = variant.to_string();
    match canonical.strip_suffix("fm=auto.base") {
        Some(before) if is_lossless => format!("{before}fm=auto,lossless=1"),
        Some(before) => format!("{before}fm=auto"),
        None => canonical,
    }
}
