//! Which pages of other origins may ask the signer.

use std::time::Duration;

use http::{HeaderValue, Method};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// How long browsers may remember a preflight.
const MAX_AGE: Duration = Duration::from_hours(1);

/// Origins of pages besides the signer's own. Nothing that a browser sends of itself, such as a cookie, proves a
/// caller here, so that an open list gives no page more than its users have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Every one.
    All,
    /// These.
    Listed(Vec<HeaderValue>),
}

/// Not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no origin such as https://www.example.com, nor *")]
pub struct OriginsError(String);

impl Origins {
    /// A list separated by commas, or `*`. Nothing: no origin but the signer's own.
    pub fn parse(list: &str) -> Result<Self, OriginsError> {
        let entries: Vec<&str> = list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect();
        if entries == ["*"] {
            return Ok(Self::All);
        }
        let read = |entry: &str| {
            let host = entry.strip_prefix("https://").or_else(|| entry.strip_prefix("http://"));
            let is_origin =
                host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', '*']));
            let value = if is_origin { HeaderValue::from_str(entry).ok() } else { None };
            value.ok_or_else(|| OriginsError(entry.to_owned()))
        };
        entries.into_iter().map(read).collect::<Result<_, _>>().map(Self::Listed)
    }

    /// The layer that answers preflights and marks responses.
    pub(crate) fn layer(&self) -> CorsLayer {
        let origins = match self {
            Self::All => AllowOrigin::any(),
            Self::Listed(origins) => AllowOrigin::list(origins.clone()),
        };
        CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([Method::GET, Method::POST, Method::DELETE])
            // Mirrored rather than `*`, which doesn't cover `Authorization`.
            .allow_headers(AllowHeaders::mirror_request())
            .max_age(MAX_AGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_a_list_or_all() {
        let listed = |all: &[&str]| {
            Ok(Origins::Listed(all.iter().map(|one| HeaderValue::from_str(one).unwrap()).collect()))
        };
        let check = |list: &str, expected: Result<Origins, OriginsError>| {
            assert_eq!(Origins::parse(list), expected, "{list:?}");
        };
        check("", listed(&[]));
        check("*", Ok(Origins::All));
        check(
            "https://a.example, http://localhost:3000,",
            listed(&["https://a.example", "http://localhost:3000"]),
        );
        for bad in
            ["a.example", "https://", "https://a.example/", "https://*.example", "ftp://a", "https://a\u{7f}"]
        {
            check(bad, Err(OriginsError(bad.to_owned())));
        }
        check("https://a.example,*", Err(OriginsError("*".to_owned())));
    }
}
