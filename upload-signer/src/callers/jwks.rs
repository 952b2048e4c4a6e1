//! JSON Web Key Sets (RFC 7517): the public keys of a token issuer, for RS256 and ES256.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

use crate::callers::jwt::Token;

/// A set of public keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwks(Vec<Jwk>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Jwk {
    id: Option<String>,
    key: PublicKey,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PublicKey {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// An uncompressed point on the curve P-256.
    P256(Vec<u8>),
}

/// A text is not a usable key set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwksError {
    /// The text is not a JSON Web Key Set. Contains the message of the parser.
    #[error("it is not a JSON Web Key Set: {0}")]
    Malformed(String),
    /// The set has no key for RS256 or ES256.
    #[error("it has no key for RS256 or ES256")]
    Empty,
}

#[derive(Deserialize)]
struct JwksJson {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct JwkJson {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Jwks {
    /// Parses a set. Keys of other types or for other uses are ignored, as RFC 7517 requires.
    pub fn parse(text: &[u8]) -> Result<Self, JwksError> {
        let json: JwksJson =
            serde_json::from_slice(text).map_err(|error| JwksError::Malformed(error.to_string()))?;
        let keys: Vec<Jwk> = json.keys.into_iter().filter_map(jwk).collect();
        if keys.is_empty() { Err(JwksError::Empty) } else { Ok(Self(keys)) }
    }

    /// `true` if a key of the set verifies the signature of a token.
    pub fn verifies(&self, token: &Token<'_>) -> bool {
        self.0.iter().any(|jwk| jwk.matches_id_of(token) && jwk.verifies(token))
    }

    /// `true` if the set has a key with the id in a token.
    #[cfg(feature = "edge")]
    pub(crate) fn has_key_for(&self, token: &Token<'_>) -> bool {
        self.0.iter().any(|jwk| jwk.matches_id_of(token))
    }
}

impl Jwk {
    fn matches_id_of(&self, token: &Token<'_>) -> bool {
        token.header.kid.is_none() || token.header.kid == self.id
    }

    /// The key decides on the algorithm, not the header of the token.
    fn verifies(&self, token: &Token<'_>) -> bool {
        let (signed, signature) = (token.signed.as_bytes(), token.signature.as_slice());
        match &self.key {
            PublicKey::Rsa { modulus, exponent } => {
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                token.header.alg == "RS256"
                    && key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
            }
            PublicKey::P256(point) => {
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                token.header.alg == "ES256" && key.verify(signed, signature).is_ok()
            }
        }
    }
}

fn jwk(value: Value) -> Option<Jwk> {
    let json: JwkJson = serde_json::from_value(value).ok()?;
    if json.purpose.is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let is_for = |alg: &str| json.alg.as_deref().is_none_or(|own| own == alg);
    let key = match (json.kty.as_str(), json.crv.as_deref()) {
        ("RSA", _) if is_for("RS256") => {
            PublicKey::Rsa { modulus: decode(json.n.as_deref())?, exponent: decode(json.e.as_deref())? }
        }
        ("EC", Some("P-256")) if is_for("ES256") => {
            let (x, y) = (decode(json.x.as_deref())?, decode(json.y.as_deref())?);
            PublicKey::P256([&[4], x.as_slice(), y.as_slice()].concat())
        }
        _ => return None,
    };
    Some(Jwk { id: json.kid, key })
}

fn decode(text: Option<&str>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text?).ok()
}

#[cfg(test)]
pub(crate) mod tests;
