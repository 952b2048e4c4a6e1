//! The time for which a shared cache may keep a response (RFC 9111, section 4.2).

use std::time::{Duration, SystemTime};

use cdn_config::cache::{MAX_SECONDS, StatusCaching, status_caching};
use headers::{Date, Expires, HeaderMapExt as _};
use http::{HeaderMap, StatusCode, header};

/// The maximum of the distribution's cache policy.
const MAX_LIFETIME: Duration = Duration::from_secs(MAX_SECONDS as u64);

/// The time that the cache keeps a response that it receives now.
pub(super) fn lifetime(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Duration {
    match status_caching(status.as_u16()) {
        StatusCaching::AsOriginSays => declared_lifetime(headers, now),
        StatusCaching::AtLeast(seconds) => {
            declared_lifetime(headers, now).max(Duration::from_secs(u64::from(seconds)))
        }
        StatusCaching::Never => Duration::ZERO,
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
    lifetime.saturating_sub(age(headers)).min(MAX_LIFETIME)
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
