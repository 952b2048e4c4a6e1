//! Signed links: `s` is the HMAC-SHA256 of what a link asks for and until when, in the alphabet of URLs.
//!
//! What is signed is the canonical path, and `?expires=…` behind it where the link ends. Of a negotiated format no
//! viewer is known yet: then it is the path for those that read no newer one, with `fm=auto`, and `,lossless=1`
//! behind it where that is asked.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::given::{Given, decode_component};
use super::{key_of, query_pairs, refused_link, values, variant_of, with_preset};
use crate::error::{Reason, RequestError};
use crate::key::Key;
use crate::policy::Rules;
use crate::sentences;
use crate::signing_keys::SigningKeys;
use crate::variant::Variant;

/// Checks signatures.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'a> {
    /// The keys that links are made with; without any no signature holds.
    pub keys: Option<&'a SigningKeys>,
    /// The time, in seconds since 1970.
    pub now_seconds: u64,
}

impl Verifier<'_> {
    /// For whom no signature holds.
    pub const NONE: Self = Self { keys: None, now_seconds: 0 };

    /// Refuses where the signature isn't that of the request, or its time is over.
    pub(super) fn verify(self, key: &Key, given: &Given) -> Result<(), RequestError> {
        let code = given.text("s").and_then(|text| BASE64_URL_SAFE_NO_PAD.decode(text).ok());
        let text = signed_text(key, given)?;
        let holds = |code: &Vec<u8>| self.keys.is_some_and(|keys| keys.verifies(text.as_bytes(), code));
        if !code.as_ref().is_some_and(holds) {
            return Err(refused_link(Reason::NeedsSignature, "s", sentences::SIGNATURE));
        }
        match given.value("expires", values::expires)? {
            Some(expires) if self.now_seconds >= u64::from(expires) => {
                Err(refused_link(Reason::Expired, "expires", sentences::EXPIRED))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Why a link can't be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Neither an absolute URL nor a path.
    #[error("it is no URL such as https://cdn.example.com/files/1/cat.jpg?w=640, and no path of one")]
    NotUrl,
    /// A request for it would be refused.
    #[error(transparent)]
    Refused(#[from] RequestError),
}

/// The same URL, or path with a query, signed with the current key, good until `expires` in seconds since 1970 or for
/// ever. A signature that it has already, with its time, is replaced; a fragment is dropped.
pub fn sign(url: &str, expires: Option<u32>, rules: &Rules, keys: &SigningKeys) -> Result<String, LinkError> {
    let Parts { origin, path, query } = parts(url)?;
    let is_replaced = |name: &str| matches!(decode_component(name).as_deref(), Some("s" | "expires"));
    let mut pairs: Vec<String> = query_pairs(query)
        .filter(|(name, _)| !is_replaced(name))
        .map(|(name, value)| if value.is_empty() { name.to_owned() } else { format!("{name}={value}") })
        .collect();
    pairs.extend(expires.map(|seconds| format!("expires={seconds}")));

    let given = with_preset(Given::read(&pairs.join("&"), rules.unknown)?, rules)?;
    let code = keys.mac(signed_text(&key_of(path)?, &given)?.as_bytes());
    pairs.push(format!("s={}", BASE64_URL_SAFE_NO_PAD.encode(code)));
    Ok(format!("{origin}{path}?{}", pairs.join("&")))
}

/// The key of the file whose URL it is: what [`sign`] would sign, whichever way it is spelled.
pub fn key_in(url: &str) -> Result<Key, LinkError> {
    Ok(key_of(parts(url)?.path)?)
}

/// A URL, or a path with a query, taken apart.
struct Parts<'a> {
    /// Scheme and authority; empty of a path.
    origin: &'a str,
    path: &'a str,
    /// Without its question mark.
    query: &'a str,
}

/// A fragment is dropped.
fn parts(url: &str) -> Result<Parts<'_>, LinkError> {
    let url = url.split('#').next().unwrap_or_default();
    let path_at = match url.split_once("://") {
        _ if url.starts_with('/') => 0,
        Some((scheme, rest)) => scheme.len() + 3 + rest.find('/').ok_or(LinkError::NotUrl)?,
        None => return Err(LinkError::NotUrl),
    };
    let (origin, path_and_query) = url.split_at_checked(path_at).ok_or(LinkError::NotUrl)?;
    // A query begins at the first question mark: what follows one is no path, whatever it looks like.
    if origin.contains('?') {
        return Err(LinkError::NotUrl);
    }
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    Ok(Parts { origin, path, query })
}

/// Whether a request means to be signed.
pub(super) fn is_signed(given: &Given) -> bool {
    given.text("s").is_some() || given.text("expires").is_some()
}

/// What the signature of a request is made of.
fn signed_text(key: &Key, given: &Given) -> Result<String, RequestError> {
    let path = key.to_path();
    let asked = match variant_of(given, "")? {
        None => path,
        Some(variant) => format!("{path}/{}", for_any_viewer(&variant, given.text("lossless").is_some())),
    };
    Ok(match given.value("expires", values::expires)? {
        Some(expires) => format!("{asked}?expires={expires}"),
        None => asked,
    })
}

/// A variant as it is asked for, whatever the viewer reads. A viewer that reads no WebP gets nothing without loss, so
/// that the variant for it doesn't say whether that is asked.
fn for_any_viewer(variant: &Variant, is_lossless: bool) -> String {
    let canonical = variant.to_string();
    match canonical.strip_suffix("fm=auto.base") {
        Some(before) if is_lossless => format!("{before}fm=auto,lossless=1"),
        Some(before) => format!("{before}fm=auto"),
        None => canonical,
    }
}

#[cfg(test)]
mod tests;
