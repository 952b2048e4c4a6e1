//! The public keys of an issuer of tokens (RFC 7517), and the signatures that they verify: RS256 and ES256.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

use crate::callers::jwt::Token;

/// Keys by their ids.
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
    /// An uncompressed point of the curve P-256.
    P256(Vec<u8>),
}

/// Why a text holds no keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwksError {
    /// No JSON of the right shape.
    #[error("it is no JSON Web Key Set: {0}")]
    Malformed(String),
    /// Nothing in it that can be used.
    #[error("it has no key for RS256 or ES256")]
    Empty,
}

#[derive(Deserialize)]
struct Written {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct WrittenKey {
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
    /// Reads a set. Keys of other kinds and for other purposes are passed over, as the standard asks.
    pub fn parse(json: &[u8]) -> Result<Self, JwksError> {
        let written: Written =
            serde_json::from_slice(json).map_err(|error| JwksError::Malformed(error.to_string()))?;
        let keys: Vec<Jwk> = written.keys.into_iter().filter_map(jwk).collect();
        if keys.is_empty() { Err(JwksError::Empty) } else { Ok(Self(keys)) }
    }

    /// Whether one of the keys signed a token.
    pub fn verifies(&self, token: &Token<'_>) -> bool {
        self.0.iter().any(|jwk| jwk.may_sign(token) && jwk.verifies(token))
    }

    /// Whether a key has the id that a token names.
    pub fn knows(&self, token: &Token<'_>) -> bool {
        self.0.iter().any(|jwk| jwk.may_sign(token))
    }
}

impl Jwk {
    fn may_sign(&self, token: &Token<'_>) -> bool {
        token.header.kid.is_none() || token.header.kid == self.id
    }

    /// The algorithm is the key's, not what the token says of itself.
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
    let written: WrittenKey = serde_json::from_value(value).ok()?;
    if written.purpose.is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let is_for = |alg: &str| written.alg.as_deref().is_none_or(|own| own == alg);
    let key = match (written.kty.as_str(), written.crv.as_deref()) {
        ("RSA", _) if is_for("RS256") => PublicKey::Rsa {
            modulus: decoded(written.n.as_deref())?,
            exponent: decoded(written.e.as_deref())?,
        },
        ("EC", Some("P-256")) if is_for("ES256") => {
            let (x, y) = (decoded(written.x.as_deref())?, decoded(written.y.as_deref())?);
            PublicKey::P256([&[4], x.as_slice(), y.as_slice()].concat())
        }
        _ => return None,
    };
    Some(Jwk { id: written.kid, key })
}

fn decoded(text: Option<&str>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text?).ok()
}

#[cfg(test)]
pub(crate) mod tests;
