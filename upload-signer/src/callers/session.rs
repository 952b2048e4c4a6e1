//! Sessions: tokens that an application's backend issues for a user. A client sends its session in the path,
//! `/u/<session>/…`, so that upload clients without custom headers work. A session is a JSON Web Token with HMAC-SHA256 under
//! a secret that backend and signer share, so that backends can use any JWT library.

use std::time::Duration;

use contract::key::Area;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::callers::jwt::{
    READ_ALL_SCOPE, TimeError, Token, WRITE_ALL_SCOPE, encode, has_scope, subject, valid_until,
};
use crate::signing::policy::TypePattern;
use crate::signing::request::Visibility;
use contract::signing_keys::SigningKeys;

/// The only accepted algorithm.
const ALGORITHM: &str = "HS256";

/// The sentence about a session with a limit of 0, a fraction or another type.
const INVALID_LIMIT: &str = "maxBytes, maxFiles and lifetime of a session are whole numbers of 1 or more";

/// A session with its limits, which can only narrow the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The owner (`sub`), 1 to 255 bytes. Only the owner may continue an upload.
    pub owner: String,
    /// The expiry (`exp`).
    pub expires: Timestamp,
    /// The allowed types (`types`, such as `["image/png","video/*"]`); `None` for those of the policy.
    pub types: Option<Vec<TypePattern>>,
    /// The largest file in bytes, 1 or more (`maxBytes`); `None` for the limit of the policy.
    pub max_bytes: Option<u64>,
    /// The maximum number of files in one request, 1 or more (`maxFiles`); `None` for the limit of the policy.
    pub max_files: Option<usize>,
    /// The lifetime of signatures, 1 second or more (`lifetime`, in seconds); `None` for that of the policy.
    pub lifetime: Option<Duration>,
    /// `true` if the session may read every private file (`scope` contains [`READ_ALL_SCOPE`]), as that of a backend may.
    pub reads_all: bool,
    /// `true` if the session may change and delete the files of all owners (`scope` contains [`WRITE_ALL_SCOPE`]).
    pub writes_all: bool,
    /// The only visibility of uploads (`prefix`, `files/` or `private/`); `None` for both.
    pub visibility: Option<Visibility>,
}

impl Session {
    /// A session without limits.
    pub fn new(owner: &str, expires: Timestamp) -> Self {
        let owner = owner.to_owned();
        Self {
            owner,
            expires,
            types: None,
            max_bytes: None,
            max_files: None,
            lifetime: None,
            reads_all: false,
            writes_all: false,
            visibility: None,
        }
    }

    /// Encodes and signs the session.
    ///
    /// ```
    /// use contract::signing_keys::SigningKeys;
    /// use jiff::Timestamp;
    /// use upload_signer::callers::session::Session;
    ///
    /// let keys = SigningKeys::parse("a secret of at least 32 characters").expect("a secret");
    /// let end = Timestamp::from_second(2_000_000_000).expect("a time");
    /// let session = Session { max_files: Some(1), ..Session::new("alice", end) };
    /// let token = session.to_token(&keys);
    /// assert_eq!(Session::from_token(&token, &keys, Timestamp::UNIX_EPOCH), Ok(session));
    /// ```
    pub fn to_token(&self, keys: &SigningKeys) -> String {
        let mut claims = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                claims.insert(name.to_owned(), value);
            }
        };
        set("sub", Some(json!(self.owner)));
        set("exp", Some(json!(self.expires.as_second())));
        let type_list =
            |all: &Vec<TypePattern>| json!(all.iter().map(ToString::to_string).collect::<Vec<_>>());
        set("types", self.types.as_ref().map(type_list));
        set("maxBytes", self.max_bytes.map(|bytes| json!(bytes)));
        set("maxFiles", self.max_files.map(|files| json!(files)));
        set("lifetime", self.lifetime.map(|lifetime| json!(lifetime.as_secs())));
        let scopes = [(self.reads_all, READ_ALL_SCOPE), (self.writes_all, WRITE_ALL_SCOPE)];
        let scopes: Vec<&str> = scopes.into_iter().filter(|(has, _)| *has).map(|(_, scope)| scope).collect();
        set("scope", (!scopes.is_empty()).then(|| json!(scopes.join(" "))));
        set("prefix", self.visibility.map(|visibility| json!(prefix(visibility))));
        encode(ALGORITHM, &claims, |signed| keys.mac(signed))
    }

    /// Verifies and reads a token. An error is a sentence for the client. An unreadable limit is an error, because the
    /// backend wanted a restriction.
    pub fn from_token(token: &str, keys: &SigningKeys, now: Timestamp) -> Result<Self, &'static str> {
        let token = Token::parse(token).ok_or("the session can't be read")?;
        let is_ours =
            token.header.alg == ALGORITHM && keys.verifies(token.signed.as_bytes(), &token.signature);
        if !is_ours {
            return Err("the session is not signed with this signer's session secret");
        }
        let claims = &token.claims;
        // Nothing outlives a session. The one who signs it chooses its end, whatever the clocks say.
        let expires = valid_until(claims, now, 0).map_err(time_sentence)?;
        let owner = subject(claims).ok_or("the session has no owner of 1 to 255 bytes")?;
        let limit = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(value) => value.as_u64().filter(|limit| *limit > 0).map(Some).ok_or(INVALID_LIMIT),
        };
        Ok(Self {
            types: types(claims)?,
            max_bytes: limit("maxBytes")?,
            max_files: limit("maxFiles")?.map(|files| usize::try_from(files).unwrap_or(usize::MAX)),
            lifetime: limit("lifetime")?.map(Duration::from_secs),
            reads_all: has_scope(claims, READ_ALL_SCOPE),
            writes_all: has_scope(claims, WRITE_ALL_SCOPE),
            visibility: visibility(claims)?,
            ..Self::new(owner, expires)
        })
    }
}

const fn time_sentence(error: TimeError) -> &'static str {
    match error {
        TimeError::Unreadable => {
            "the session has no readable time: exp is required, and exp and nbf are seconds since 1970"
        }
        TimeError::Expired => "the session has expired; ask for a new one",
        TimeError::NotYet => "the session isn't valid yet; see its nbf",
    }
}

fn types(claims: &Map<String, Value>) -> Result<Option<Vec<TypePattern>>, &'static str> {
    let unreadable = "the types of the session can't be read";
    let Some(value) = claims.get("types") else { return Ok(None) };
    let list = value.as_array().ok_or(unreadable)?;
    let parse = |entry: &Value| entry.as_str().and_then(TypePattern::parse);
    list.iter().map(parse).collect::<Option<_>>().map(Some).ok_or(unreadable)
}

fn visibility(claims: &Map<String, Value>) -> Result<Option<Visibility>, &'static str> {
    let Some(value) = claims.get("prefix") else { return Ok(None) };
    let found = [Visibility::Public, Visibility::Private]
        .into_iter()
        .find(|visibility| value.as_str() == Some(&prefix(*visibility)));
    found.map(Some).ok_or("the prefix of the session is neither files/ nor private/")
}

fn prefix(visibility: Visibility) -> String {
    let area: Area = visibility.area();
    format!("{}/", area.segment())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn keys() -> SigningKeys {
        SigningKeys::parse(SECRET).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn session(claims: &Value) -> Result<Session, &'static str> {
        let token = encode(ALGORITHM, claims.as_object().unwrap(), |signed| keys().mac(signed));
        Session::from_token(&token, &keys(), at(1000))
    }

    #[test]
    fn a_session_round_trips_through_its_token() {
        let whole = Session {
            types: Some(vec![
                TypePattern::parse("image/*").unwrap(),
                TypePattern::parse("video/mp4").unwrap(),
            ]),
            max_bytes: Some(5_000_000_000_000),
            max_files: Some(3),
            lifetime: Some(Duration::from_mins(1)),
            reads_all: true,
            writes_all: true,
            visibility: Some(Visibility::Private),
            ..Session::new("alice", at(2000))
        };
        for session in [Session::new("bob é", at(2000)), whole] {
            assert_eq!(Session::from_token(&session.to_token(&keys()), &keys(), at(1000)), Ok(session));
        }
    }

    #[test]
    fn only_a_session_with_the_scope_reads_all_files() {
        let check = |scope: Value, expected: bool| {
            let session = session(&json!({ "sub": "a", "exp": 2000, "scope": scope })).unwrap();
            assert_eq!(session.reads_all, expected, "{scope}");
        };
        check(json!("tintype/files.read"), true);
        check(json!("openid tintype/files.read email"), true);
        check(json!("tintype/files.reader"), false);
        check(json!("TINTYPE/FILES.READ"), false);
        check(json!(["tintype/files.read"]), false);
        check(json!(""), false);
    }

    /// The token was made with Python: `hmac.new(secret, signed, "sha256")` over the two parts in base64url.
    #[test]
    fn a_token_of_another_library_is_accepted() {
        let token = concat!(
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9",
            ".eyJzdWIiOiJhbGljZSIsImV4cCI6MjAwMH0",
            ".ZpymR6wugXqgen2S_uFrdWIqea0H6d9fgVTsQYPsurQ"
        );
        assert_eq!(Session::from_token(token, &keys(), at(1000)), Ok(Session::new("alice", at(2000))));
    }

    #[test]
    fn an_unreadable_claim_is_an_error() {
        let check = |claims: Value, expected: Option<&str>| {
            assert_eq!(session(&claims).err(), expected, "{claims}");
        };
        check(json!({ "sub": "a", "exp": 2000 }), None);
        check(json!({ "sub": "a", "exp": 1000 }), Some("the session has expired; ask for a new one"));
        check(json!({ "sub": "a", "exp": 900 }), Some("the session has expired; ask for a new one"));
        let no_time =
            "the session has no readable time: exp is required, and exp and nbf are seconds since 1970";
        check(json!({ "sub": "a" }), Some(no_time));
        check(json!({ "sub": "a", "exp": "2000" }), Some(no_time));
        check(json!({ "sub": "a", "exp": 2000, "nbf": true }), Some(no_time));
        check(
            json!({ "sub": "a", "exp": 9000, "nbf": 5000 }),
            Some("the session isn't valid yet; see its nbf"),
        );
        check(json!({ "exp": 2000 }), Some("the session has no owner of 1 to 255 bytes"));
        check(json!({ "sub": "", "exp": 2000 }), Some("the session has no owner of 1 to 255 bytes"));
        let limit = Some(INVALID_LIMIT);
        check(json!({ "sub": "a", "exp": 2000, "maxBytes": "5" }), limit);
        check(json!({ "sub": "a", "exp": 2000, "maxFiles": -1 }), limit);
        check(json!({ "sub": "a", "exp": 2000, "maxFiles": 0 }), limit);
        check(json!({ "sub": "a", "exp": 2000, "maxBytes": 0 }), limit);
        check(json!({ "sub": "a", "exp": 2000, "lifetime": 0 }), limit);
        check(json!({ "sub": "a", "exp": 2000, "lifetime": 0.5 }), limit);
        check(json!({ "sub": "a", "exp": 2000, "maxFiles": 1, "maxBytes": 1, "lifetime": 1 }), None);
        let types = Some("the types of the session can't be read");
        check(json!({ "sub": "a", "exp": 2000, "types": "image/png" }), types);
        check(json!({ "sub": "a", "exp": 2000, "types": ["*/*"] }), types);
        let prefix = Some("the prefix of the session is neither files/ nor private/");
        check(json!({ "sub": "a", "exp": 2000, "prefix": "videos/" }), prefix);
    }

    #[test]
    fn a_session_needs_a_signature_with_the_secret() {
        let forged = Some("the session is not signed with this signer's session secret");
        let check = |token: &str, expected: Option<&str>| {
            assert_eq!(Session::from_token(token, &keys(), at(1000)).err(), expected, "{token}");
        };
        let good = Session::new("alice", at(2000)).to_token(&keys());
        check(&good, None);
        let other = SigningKeys::parse("fedcba9876543210fedcba9876543210").unwrap();
        check(&Session::new("alice", at(2000)).to_token(&other), forged);
        let bob = Session::new("bob", at(2000)).to_token(&other);
        let (bobs, _) = bob.rsplit_once('.').unwrap();
        let (_, alices) = good.rsplit_once('.').unwrap();
        check(&format!("{bobs}.{alices}"), forged);
        let claims = json!({ "sub": "alice", "exp": 2000 });
        check(&encode("none", claims.as_object().unwrap(), |_| Vec::new()), forged);
        check(&encode("HS512", claims.as_object().unwrap(), |signed| keys().mac(signed)), forged);
        check("", Some("the session can't be read"));
    }
}
