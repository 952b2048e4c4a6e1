//! Tokens of an `OpenID` provider such as Cognito, verified with its public keys.

use jiff::Timestamp;

use crate::callers::jwt::{
    LEEWAY_SECONDS, READ_ALL_SCOPE, Token, WRITE_ALL_SCOPE, has_scope, is_for, subject, text, valid_until,
};
use crate::callers::key_source::KeySource;
use crate::error::SignError;

/// The subject of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The claim `sub`, 1 to 255 bytes.
    pub name: String,
    /// `true` if the token may read every private file.
    pub reads_all: bool,
    /// `true` if the token permits changing every file of the library.
    pub writes_all: bool,
}

/// A trusted issuer of tokens.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The claim `iss` of its tokens.
    pub name: String,
    /// The required audience in the claim `aud`, or in `client_id` of a token without `aud`.
    pub audience: String,
    /// The keys that verify its tokens.
    pub keys: KeySource,
}

impl Issuer {
    /// The subject of a token. The issuer must have signed it for this audience, and it must be valid at `now`.
    pub async fn subject(&self, bearer: &str, now: Timestamp) -> Result<Subject, SignError> {
        let token = Token::parse(bearer).ok_or_else(|| SignError::forbidden("the token can't be read"))?;
        let keys = self.keys.for_token(&token, now).await?;
        if !keys.verifies(&token) {
            return Err(SignError::forbidden("the token is not signed by the issuer that is trusted here"));
        }
        let claims = &token.claims;
        if text(claims, "iss") != Some(&self.name) {
            return Err(SignError::forbidden("the token is of another issuer"));
        }
        if !is_for(claims, &self.audience) {
            return Err(SignError::forbidden("the token is for another audience"));
        }
        valid_until(claims, now, LEEWAY_SECONDS)
            .map_err(|_| SignError::forbidden("the token has expired or is not valid yet"))?;
        subject(claims)
            .map(|name| Subject {
                name: name.to_owned(),
                reads_all: has_scope(claims, READ_ALL_SCOPE),
                writes_all: has_scope(claims, WRITE_ALL_SCOPE),
            })
            .ok_or_else(|| SignError::forbidden("the token has no subject of 1 to 255 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::callers::jwks::Jwks;
    use crate::callers::jwks::tests::{ES256, KEYS, RS256};
    use crate::callers::key_source::Fetch;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn issuer(name: &str, audience: &str, keys: KeySource) -> Issuer {
        Issuer { name: name.to_owned(), audience: audience.to_owned(), keys }
    }

    #[tokio::test]
    async fn only_a_valid_token_of_the_issuer_for_the_audience_has_a_subject() {
        let fixed = || KeySource::Fixed(Arc::new(Jwks::parse(KEYS.as_bytes()).unwrap()));
        let check =
            async |name: &str, audience: &str, token: &str, second: i64, expected: Result<&str, &str>| {
                let subject = issuer(name, audience, fixed()).subject(token, at(second)).await;
                let expected = expected.map(str::to_owned).map_err(str::to_owned);
                let subject = subject.map(|subject| subject.name);
                assert_eq!(subject.map_err(|error| error.to_string()), expected);
            };
        let name = "https://issuer.example";
        check(name, "uploads", RS256, 1000, Ok("alice")).await;
        check(name, "uploads", ES256, 1000, Ok("alice")).await;
        check("https://other", "uploads", ES256, 1000, Err("the token is of another issuer")).await;
        check(name, "other", ES256, 1000, Err("the token is for another audience")).await;
        check(name, "uploads", ES256, 3000, Err("the token has expired or is not valid yet")).await;
        check(name, "uploads", "nonsense", 1000, Err("the token can't be read")).await;
        let (signed, _) = ES256.rsplit_once('.').unwrap();
        let forged = Err("the token is not signed by the issuer that is trusted here");
        check(name, "uploads", &format!("{signed}.AAAA"), 1000, forged).await;
    }

    #[tokio::test]
    async fn keys_are_fetched_on_demand_and_at_most_once_a_minute() {
        let count = Arc::new(AtomicUsize::new(0));
        let counting = Arc::clone(&count);
        let fetch: Fetch = Arc::new(move |url| {
            assert_eq!(url, "https://issuer.example/keys");
            let n = counting.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                if n == 1 { Err("no answer".to_owned()) } else { Ok(KEYS.as_bytes().to_vec()) }
            })
        });
        let keys = KeySource::url("https://issuer.example/keys", fetch);
        let issuer = issuer("https://issuer.example", "uploads", keys);
        let check = async |second: i64, expected: usize| {
            let subject = Subject { name: "alice".to_owned(), reads_all: false, writes_all: false };
            assert_eq!(issuer.subject(ES256, at(second)).await, Ok(subject), "{second}");
            assert_eq!(count.load(Ordering::SeqCst), expected, "{second}");
        };
        check(0, 1).await;
        check(599, 1).await;
        // The second fetch fails; the old keys stay in use.
        check(600, 2).await;
        check(601, 2).await;
        check(660, 3).await;
        let (_, rest) = ES256.split_once('.').unwrap();
        // {"alg":"ES256","kid":"x"}
        let unknown = format!("eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.{rest}");
        assert!(issuer.subject(&unknown, at(661)).await.is_err());
        assert_eq!(count.load(Ordering::SeqCst), 3);
        assert!(issuer.subject(&unknown, at(720)).await.is_err());
        assert_eq!(count.load(Ordering::SeqCst), 4);
    }
}
