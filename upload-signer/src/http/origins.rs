//! The origins whose pages may call the signer from a browser (CORS).

use std::time::Duration;

use http::{HeaderValue, Method};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// The lifetime of a preflight in the cache of a browser.
const MAX_AGE: Duration = Duration::from_hours(1);

/// The allowed origins, besides the signer's own. Callers authenticate with tokens and never with cookies, so an open
/// list gives a page no more rights than its user has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Every origin.
    All,
    /// The origins in the list.
    Listed(Vec<HeaderValue>),
}

/// A text is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is neither an origin such as https://www.example.com nor *")]
pub struct OriginError(String);

impl AllowedOrigins {
    /// Parses `*` or a list separated by commas. An empty text allows only the signer's own origin.
    pub fn parse(list: &str) -> Result<Self, OriginError> {
        let entries: Vec<&str> = list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect();
        if entries == ["*"] {
            return Ok(Self::All);
        }
        let parse = |entry: &str| {
            let host = entry.strip_prefix("https://").or_else(|| entry.strip_prefix("http://"));
            let is_origin =
                host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', '*']));
            let value = if is_origin { HeaderValue::from_str(entry).ok() } else { None };
            value.ok_or_else(|| OriginError(entry.to_owned()))
        };
        entries.into_iter().map(parse).collect::<Result<_, _>>().map(Self::Listed)
    }

    /// The layer that answers preflights and adds CORS headers to responses.
    pub(crate) fn layer(&self) -> CorsLayer {
        let origins = match self {
            Self::All => AllowOrigin::any(),
            Self::Listed(origins) => AllowOrigin::list(origins.clone()),
        };
        CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
            // Not `*`, because that doesn't cover `Authorization`.
            .allow_headers(AllowHeaders::mirror_request())
            .max_age(MAX_AGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_a_list_or_a_star() {
        let listed = |all: &[&str]| {
            Ok(AllowedOrigins::Listed(all.iter().map(|one| HeaderValue::from_str(one).unwrap()).collect()))
        };
        let check = |list: &str, expected: Result<AllowedOrigins, OriginError>| {
            assert_eq!(AllowedOrigins::parse(list), expected, "{list:?}");
        };
        check("", listed(&[]));
        check("*", Ok(AllowedOrigins::All));
        check(
            "https://a.example, http://localhost:3000,",
            listed(&["https://a.example", "http://localhost:3000"]),
        );
        for bad in
            ["a.example", "https://", "https://a.example/", "https://*.example", "ftp://a", "https://a\u{7f}"]
        {
            check(bad, Err(OriginError(bad.to_owned())));
        }
        check("https://a.example,*", Err(OriginError("*".to_owned())));
    }
}
