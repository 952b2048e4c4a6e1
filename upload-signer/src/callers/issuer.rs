//! An issuer of tokens: an `OpenID` provider such as Cognito, whose public keys say what it signed.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::callers::jwks::Jwks;
use crate::callers::jwt::{Token, is_for, subject, text, valid_until};
use crate::error::{Cause, SignError};

/// How long keys are used before they are fetched again.
const KEYS_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// How long after a fetch the next one is made at the earliest, however many tokens name unknown keys.
const FETCH_INTERVAL: SignedDuration = SignedDuration::from_mins(1);

/// Fetches a URL; the body, or why there is none.
pub type Fetch =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send>> + Send + Sync>;

/// Who issues tokens, for whom, and where its keys are.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The claim `iss` of its tokens.
    pub name: String,
    /// What their claim `aud` must name, or Cognito's `client_id` be.
    pub audience: String,
    /// Its keys.
    pub keys: KeySource,
}

/// Where an issuer's keys come from.
#[derive(Clone)]
pub enum KeySource {
    /// They are known, and stay.
    Fixed(Arc<Jwks>),
    /// They are at a URL, which is asked when needed.
    Url(Arc<RemoteKeySet>),
}

/// Keys at a URL, and those that it had when it was asked last.
pub struct RemoteKeySet {
    url: String,
    fetch: Fetch,
    last: Mutex<Last>,
}

/// When a URL was asked last, and what it had when it last answered.
#[derive(Default)]
struct Last {
    asked: Option<Timestamp>,
    answered: Option<(Timestamp, Arc<Jwks>)>,
}

impl Issuer {
    /// The subject of a token that this issuer signed for this audience and this time.
    pub async fn subject(&self, bearer: &str, now: Timestamp) -> Result<String, SignError> {
        let token = Token::parse(bearer).ok_or_else(|| forbidden("the token can't be read"))?;
        let keys = self.keys.for_token(&token, now).await?;
        if !keys.verifies(&token) {
            return Err(forbidden("the token is not signed by the issuer that is trusted here"));
        }
        let claims = &token.claims;
        if text(claims, "iss") != Some(&self.name) {
            return Err(forbidden("the token is of another issuer"));
        }
        // Cognito's access tokens name the client where others name the audience.
        if !is_for(claims, &self.audience) && text(claims, "client_id") != Some(&self.audience) {
            return Err(forbidden("the token is for another audience"));
        }
        valid_until(claims, now).ok_or_else(|| forbidden("the token has expired or is not valid yet"))?;
        subject(claims)
            .map(str::to_owned)
            .ok_or_else(|| forbidden("the token has no subject of 1 to 255 bytes"))
    }
}

impl KeySource {
    /// The keys at a URL, asked for by `fetch`.
    pub fn url(url: &str, fetch: Fetch) -> Self {
        Self::Url(Arc::new(RemoteKeySet { url: url.to_owned(), fetch, last: Mutex::default() }))
    }

    async fn for_token(&self, token: &Token<'_>, now: Timestamp) -> Result<Arc<Jwks>, SignError> {
        match self {
            Self::Fixed(keys) => Ok(Arc::clone(keys)),
            Self::Url(published) => published.for_token(token, now).await,
        }
    }
}

impl RemoteKeySet {
    /// The keys of the last fetch, unless they are old or don't have the token's. Where a fetch fails, older keys
    /// go on being used.
    async fn for_token(&self, token: &Token<'_>, now: Timestamp) -> Result<Arc<Jwks>, SignError> {
        let mut last = self.last.lock().await;
        let is_enough = last.answered.as_ref().is_some_and(|(answered, keys)| {
            now.duration_since(*answered) < KEYS_LIFETIME && keys.knows(token)
        });
        let may_ask = last.asked.is_none_or(|asked| now.duration_since(asked) >= FETCH_INTERVAL);
        if !is_enough && may_ask {
            last.asked = Some(now);
            let fetched = (self.fetch)(self.url.clone()).await;
            match fetched.and_then(|json| Jwks::parse(&json).map_err(|error| error.to_string())) {
                Ok(keys) => last.answered = Some((now, Arc::new(keys))),
                Err(reason) => {
                    tracing::error!(url = self.url, reason, "the keys of the issuer can't be had");
                }
            }
        }
        let keys = last.answered.as_ref().map(|(_, keys)| Arc::clone(keys));
        keys.ok_or_else(|| SignError::whole(Cause::Storage("the issuer's keys can't be had".to_owned())))
    }
}

fn forbidden(sentence: &'static str) -> SignError {
    SignError::whole(Cause::Forbidden(sentence))
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(keys) => f.debug_tuple("Fixed").field(keys).finish(),
            Self::Url(published) => f.debug_tuple("Url").field(&published.url).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callers::jwks::tests::{ES256, KEYS, RS256};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn issuer(name: &str, audience: &str, keys: KeySource) -> Issuer {
        Issuer { name: name.to_owned(), audience: audience.to_owned(), keys }
    }

    #[tokio::test]
    async fn a_token_of_the_issuer_for_the_audience_and_the_time_has_a_subject() {
        let fixed = || KeySource::Fixed(Arc::new(Jwks::parse(KEYS.as_bytes()).unwrap()));
        let check =
            async |name: &str, audience: &str, token: &str, second: i64, expected: Result<&str, &str>| {
                let subject = issuer(name, audience, fixed()).subject(token, at(second)).await;
                let expected = expected.map(str::to_owned).map_err(str::to_owned);
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
    async fn keys_are_fetched_when_needed_and_no_more_than_once_a_minute() {
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
            assert_eq!(issuer.subject(ES256, at(second)).await.as_deref(), Ok("alice"), "{second}");
            assert_eq!(count.load(Ordering::SeqCst), expected, "{second}");
        };
        check(0, 1).await;
        check(599, 1).await;
        // Old: fetched again, in vain; the old ones go on.
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
