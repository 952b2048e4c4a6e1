//! The time for which a shared cache may keep a response (RFC 9111, section 4.2).

use std::time::{Duration, SystemTime};

use cdn_config::cache::{FAILURE_SECONDS, MAX_SECONDS, StatusCaching, status_caching};
use headers::{Date, Expires, HeaderMapExt as _};
use http::{HeaderMap, StatusCode, header};

/// The lifetimes of a cache policy, and those of errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// The minimum, which overrides the origin.
    pub min: Duration,
    /// The lifetime of a response without one of its own.
    pub default: Duration,
    /// The maximum, which overrides the origin.
    pub max: Duration,
    /// The minimum lifetimes of errors in seconds, by status.
    pub errors: Vec<(u16, u32)>,
}

impl Default for Lifetimes {
    /// The origin decides, within Tintype's limits. A response without a lifetime isn't cached.
    fn default() -> Self {
        Self {
            min: Duration::ZERO,
            default: Duration::ZERO,
            max: Duration::from_secs(u64::from(MAX_SECONDS)),
            errors: FAILURE_SECONDS.to_vec(),
        }
    }
}

impl Lifetimes {
    /// The time that the cache keeps a response that it receives now.
    pub(super) fn of(&self, status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Duration {
        let has_lifetime =
            [header::CACHE_CONTROL, header::EXPIRES].iter().any(|name| headers.contains_key(name));
        let declared = declared_lifetime(headers, now);
        match status_caching(status.as_u16(), &self.errors) {
            StatusCaching::AsOriginSays if has_lifetime => declared.clamp(self.min, self.max),
            StatusCaching::AsOriginSays if status.as_u16() < 400 => self.default,
            StatusCaching::AsOriginSays | StatusCaching::Never => Duration::ZERO,
            StatusCaching::AtLeast(seconds) => {
                declared.min(self.max).max(Duration::from_secs(seconds.into()))
            }
        }
    }
}

/// The age of a response when it is received: what caches before this one say of it. Zero if they say nothing.
pub(super) fn age(headers: &HeaderMap) -> Duration {
    // Of several values the first counts, as section 5.1 asks for.
    let value = headers.get(header::AGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    seconds(value.split(',').next().unwrap_or_default()).unwrap_or_default()
}

/// The rest of the time that the origin's headers allow: of `s-maxage`, else `max-age`, else `Expires`, without the age. Zero
/// without any of these, or with `no-store`, `no-cache` or `private`.
fn declared_lifetime(headers: &HeaderMap, now: SystemTime) -> Duration {
    if ["no-store", "no-cache", "private"].into_iter().any(|name| directive(headers, name).is_some()) {
        return Duration::ZERO;
    }
    let limit = directive(headers, "s-maxage").or_else(|| directive(headers, "max-age"));
    let lifetime = match limit {
        Some(argument) => seconds(argument).unwrap_or_default(),
        None => until_expiry(headers, now),
    };
    lifetime.saturating_sub(age(headers))
}

/// `true` if the origin allows a shared cache to keep the response, for whatever time.
pub(super) fn may_keep(headers: &HeaderMap) -> bool {
    ["no-store", "private"].into_iter().all(|name| directive(headers, name).is_none())
}

/// The time after its expiry for which a response may be sent while the origin fails. `None` if the response sets no limit. Zero if
/// the response must be checked before it is sent (RFC 9111, section 4.2.4).
pub(super) fn time_after_failure(headers: &HeaderMap) -> Option<Duration> {
    const CHECKED: [&str; 4] = ["no-cache", "must-revalidate", "proxy-revalidate", "s-maxage"];
    if CHECKED.into_iter().any(|name| directive(headers, name).is_some()) {
        return Some(Duration::ZERO);
    }
    directive(headers, "stale-if-error").map(|argument| seconds(argument).unwrap_or_default())
}

/// The time from `Date`, or from now, to `Expires`. Zero without a valid `Expires`.
fn until_expiry(headers: &HeaderMap, now: SystemTime) -> Duration {
    let sent = headers.typed_get::<Date>().map_or(now, SystemTime::from);
    let expires = headers.typed_get::<Expires>().map(SystemTime::from);
    expires.and_then(|expires| expires.duration_since(sent).ok()).unwrap_or_default()
}

/// The argument of the first `Cache-Control` directive with a name, in any case. Empty for a directive without an argument.
fn directive<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let values = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).find_map(|directive| {
        let (found, argument) = directive.split_once('=').unwrap_or((directive, ""));
        found.trim().eq_ignore_ascii_case(name).then_some(argument)
    })
}

/// A number of seconds, of digits only and also in quotes. A number beyond 64 bits is the largest one.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests;
