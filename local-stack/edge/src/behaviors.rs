//! The cache behaviours of a distribution.

use std::fmt;
use std::sync::Arc;

use axum::response::Response;
use cdn_config::behaviors::{BEHAVIORS, OriginId, Treatment};
use cdn_config::headers::{Header, PRIVATE};
use cdn_config::response_headers;
use contract::key::decode_path;
use http::HeaderMap;
use wildmatch::WildMatch;

use crate::cache::Lifetimes;
use crate::policy::CurrentPolicy;

/// A cache behaviour: the handling of requests whose path matches a pattern.
#[derive(Clone, Debug)]
pub struct Behavior {
    /// The pattern of decoded paths. `*` matches any text, `?` one character.
    pub pattern: String,
    /// The origin, unless the edge function selects another.
    pub origin: OriginId,
    /// The handling.
    pub handling: Handling,
}

/// The handling of requests.
#[derive(Clone, Debug)]
pub enum Handling {
    /// GET, HEAD and OPTIONS. The edge functions run, and the cache key is the path that they return.
    Cached(CachedHandling),
    /// Every request goes to the origin.
    Forwarded,
}

/// The handling of requests for cached files.
#[derive(Clone, Debug)]
pub struct CachedHandling {
    /// `true` if the CDN compresses responses for viewers that accept it.
    pub is_compressed: bool,
    /// The lifetimes in the cache.
    pub lifetimes: Lifetimes,
    /// The headers of responses.
    pub headers: Arc<dyn ResponseHeaders>,
}

/// A response headers policy.
pub trait ResponseHeaders: fmt::Debug + Send + Sync {
    /// Changes the headers of a response. `viewer` has the headers of the viewer's request.
    fn apply(&self, headers: &mut HeaderMap, viewer: &HeaderMap);

    /// The headers of the answer to a preflight, before [`Self::apply`].
    fn preflight(&self) -> HeaderMap;

    /// Completes a response of an origin before it is cached.
    fn complete(&self, origin: OriginId, response: &mut Response);
}

/// The behaviours of Tintype's distribution with an operator's policy, and the page.
pub fn of_policy(policy: &CurrentPolicy) -> Vec<Behavior> {
    let cached = |is_compressed: bool, more: &'static [Header]| {
        let headers = Arc::new(PolicyHeaders { policy: policy.clone(), more });
        Handling::Cached(CachedHandling { is_compressed, lifetimes: Lifetimes::default(), headers })
    };
    let behavior = |behavior: cdn_config::behaviors::Behavior| Behavior {
        pattern: behavior.pattern.to_owned(),
        origin: behavior.origin,
        handling: match behavior.treatment {
            Treatment::Media => cached(false, &[]),
            Treatment::PrivateMedia => cached(false, &PRIVATE),
            Treatment::Playlist => cached(true, &[]),
            Treatment::PrivatePlaylist => cached(true, &PRIVATE),
            Treatment::Api | Treatment::Page => Handling::Forwarded,
        },
    };
    BEHAVIORS.map(behavior).to_vec()
}

/// The behaviour of a percent-encoded path. CloudFront matches the decoded path.
pub(crate) fn behavior_of<'a>(behaviors: &'a [Behavior], path: &str) -> Option<&'a Behavior> {
    let path = decode_path(path).unwrap_or_else(|_| path.to_owned());
    behaviors.iter().find(|behavior| WildMatch::new(&behavior.pattern).matches(&path))
}

/// The headers that an operator's policy asks for.
#[derive(Debug)]
struct PolicyHeaders {
    policy: CurrentPolicy,
    more: &'static [Header],
}

impl ResponseHeaders for PolicyHeaders {
    fn apply(&self, headers: &mut HeaderMap, viewer: &HeaderMap) {
        response_headers::add(headers, self.more, &self.policy.get(), viewer);
    }

    fn preflight(&self) -> HeaderMap {
        response_headers::preflight()
    }

    fn complete(&self, origin: OriginId, response: &mut Response) {
        if origin == OriginId::Originals {
            response_headers::add_default_lifetime(response, &self.policy.get());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_with_any_number_of_wildcards() {
        for (pattern, path, expected) in [
            ("*", "/a", true),
            ("/files/*", "/files/1", true),
            ("/files/*", "/file", false),
            ("/videos/*.mpd", "/videos/1/index.mpd", true),
            ("/videos/*.mpd", "/videos/1/index.mp4", false),
            ("/*/a/*.js", "/x/a/b.js", true),
            ("/*/a/*.js", "/x/b/b.js", false),
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("/a?.jpg", "/a1.jpg", true),
            ("/a?.jpg", "/a%C3%A9.jpg", true),
            ("/a?.jpg", "/a.jpg", false),
        ] {
            let behavior = Behavior {
                pattern: pattern.to_owned(),
                origin: OriginId::Originals,
                handling: Handling::Forwarded,
            };
            assert_eq!(behavior_of(&[behavior], path).is_some(), expected, "{pattern} {path}");
        }
    }
}
