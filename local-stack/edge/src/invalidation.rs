//! CloudFront's API operation `CreateInvalidation`. It doesn't check signatures: it listens on the loopback interface
//! only, and an invalidation does no harm.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use uuid::Uuid;

use crate::cache::{Cache, InvalidationScope};

/// The ID of the local distribution.
pub const DISTRIBUTION: &str = "ELOCAL";

/// The invalidations that may be in progress at the same time.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    /// Paths without a wildcard, and tags.
    pub paths: usize,
    /// Paths with a wildcard.
    pub wildcards: usize,
    /// The time for which an invalidation is in progress. Its entries are removed from the cache at once.
    pub duration: Duration,
}

impl Quota {
    /// CloudFront's quotas ("General quotas on invalidations"), with the minute that an invalidation may take there.
    pub const CLOUDFRONT: Self = Self { paths: 3000, wildcards: 15, duration: Duration::from_mins(1) };
}

/// The maximum length of a cache tag, in characters.
const MAX_TAG_CHARS: usize = 256;

#[derive(Clone, Debug)]
struct Api {
    cache: Cache,
    quota: Quota,
    in_progress: Arc<Mutex<Vec<InProgress>>>,
}

/// An invalidation in progress, or the sum of several.
#[derive(Clone, Copy, Debug)]
struct InProgress {
    end: Instant,
    paths: usize,
    wildcards: usize,
}

/// The API over the cache of one distribution, as a service.
pub fn app(cache: Cache, quota: Quota) -> Router {
    let api = Api { cache, quota, in_progress: Arc::default() };
    Router::new().route("/2020-05-31/distribution/{id}/invalidation", post(create)).with_state(api)
}

async fn create(State(api): State<Api>, Path(id): Path<String>, body: String) -> Response {
    if id != DISTRIBUTION {
        return refusal(StatusCode::NOT_FOUND, "NoSuchDistribution", "the local distribution is ELOCAL");
    }
    let Ok(batch) = roxmltree::Document::parse(&body) else {
        return refusal(StatusCode::BAD_REQUEST, "MalformedXML", "the body is not XML");
    };
    let items = batch.descendants().filter(|node| node.tag_name().name() == "Path");
    let items: Option<Vec<_>> = items.map(|node| node.text().and_then(covered)).collect();
    let Some(items) = items.filter(|items| !items.is_empty()) else {
        let sentence = "each item is a path that begins with a slash and may end with *, or # and a tag";
        return refusal(StatusCode::BAD_REQUEST, "InvalidArgument", sentence);
    };
    if !api.begin(&items, Instant::now()) {
        let Quota { paths, wildcards, .. } = api.quota;
        let sentence =
            format!("at most {paths} paths and {wildcards} with a wildcard are in progress at once");
        return refusal(StatusCode::BAD_REQUEST, "TooManyInvalidationsInProgress", &sentence);
    }
    for item in items {
        api.cache.invalidate(item);
    }
    let body = format!(
        "<Invalidation xmlns=\"{NAMESPACE}\"><Id>{}</Id><Status>InProgress</Status>\
         <CreateTime>1970-01-01T00:00:00Z</CreateTime>{}</Invalidation>",
        Uuid::new_v4().simple(),
        without_declaration(&body)
    );
    (StatusCode::CREATED, XML, body).into_response()
}

impl Api {
    /// Counts an invalidation that begins now. `false` if too many are in progress.
    fn begin(&self, items: &[InvalidationScope], now: Instant) -> bool {
        let wildcards = items.iter().filter(|item| matches!(item, InvalidationScope::Prefix(_))).count();
        let new = InProgress { end: now + self.quota.duration, paths: items.len() - wildcards, wildcards };
        let mut in_progress = self.in_progress.lock().unwrap_or_else(PoisonError::into_inner);
        in_progress.retain(|one| one.end > now);
        let paths = new.paths + in_progress.iter().map(|one| one.paths).sum::<usize>();
        let wildcards = new.wildcards + in_progress.iter().map(|one| one.wildcards).sum::<usize>();
        let fits = paths <= self.quota.paths && wildcards <= self.quota.wildcards;
        if fits {
            in_progress.push(new);
        }
        fits
    }
}

/// The entries that an item of an invalidation covers. `None` if CloudFront would refuse the item.
fn covered(item: &str) -> Option<InvalidationScope> {
    if let Some(tag) = item.strip_prefix('#') {
        let is_tag = (1..=MAX_TAG_CHARS).contains(&tag.len())
            && tag.chars().all(|char| char.is_ascii_graphic() && !matches!(char, ',' | '*'));
        return is_tag.then(|| InvalidationScope::Tag(tag.to_owned()));
    }
    let (start, is_prefix) = item.strip_suffix('*').map_or((item, false), |start| (start, true));
    if !start.starts_with('/') || start.contains('*') {
        return None;
    }
    // The escape of a star that is not a wildcard.
    let start = start.replace("%2A", "*");
    Some(if is_prefix { InvalidationScope::Prefix(start) } else { InvalidationScope::Path(start) })
}

const XML: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "text/xml")];

const NAMESPACE: &str = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

/// Removes the XML declaration, so that the batch can be an element of the answer.
fn without_declaration(xml: &str) -> &str {
    xml.strip_prefix("<?").and_then(|rest| rest.split_once("?>")).map_or(xml, |(_, rest)| rest)
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let body = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error></ErrorResponse>"
    );
    (status, XML, body).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    const QUOTA: Quota = Quota { paths: 4, wildcards: 1, duration: Duration::from_secs(10) };

    /// The error code of an invalidation of these items; empty if it begins.
    async fn code(api: &Router, items: &[&str]) -> String {
        let items = items.iter().map(|item| format!("<Path>{item}</Path>")).collect::<Vec<_>>().concat();
        let body = format!("<InvalidationBatch><Paths><Items>{items}</Items></Paths></InvalidationBatch>");
        let request = Request::post(format!("/2020-05-31/distribution/{DISTRIBUTION}/invalidation"));
        let response = api.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = response.status();
        let text =
            String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap();
        let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
        assert_eq!(status, if code.is_some() { 400 } else { 201 }, "{text}");
        code.map_or(String::new(), |(code, _)| code.to_owned())
    }

    #[test]
    fn invalidations_beyond_the_quota_are_refused_until_others_have_ended() {
        let api = Api { cache: Cache::new(), quota: QUOTA, in_progress: Arc::default() };
        let start = Instant::now();
        let check = |seconds: u64, items: &[&str], expected: bool| {
            let covered: Vec<_> = items.iter().map(|item| covered(item).unwrap()).collect();
            let now = start + Duration::from_secs(seconds);
            assert_eq!(api.begin(&covered, now), expected, "{seconds} s: {items:?}");
        };
        check(0, &["/a", "#a"], true);
        check(0, &["/b*"], true);
        check(0, &["/c*"], false);
        check(0, &["/b", "#b", "/c"], false);
        check(5, &["/b", "#b"], true);
        check(5, &["/c"], false);
        check(10, &["/c", "#c"], true);
        check(10, &["/d"], false);
        check(10, &["/d*"], true);
    }

    #[tokio::test]
    async fn a_refusal_for_the_quota_has_cloudfronts_code() {
        let api = app(Cache::new(), QUOTA);
        assert_eq!(code(&api, &["/a", "/b", "/c", "#a"]).await, "");
        assert_eq!(code(&api, &["/d"]).await, "TooManyInvalidationsInProgress");
    }

    #[test]
    fn an_escaped_star_is_not_a_wildcard() {
        assert_eq!(covered("/a%2Ab"), Some(InvalidationScope::Path("/a*b".to_owned())));
        assert_eq!(covered("/a%2A*"), Some(InvalidationScope::Prefix("/a*".to_owned())));
    }

    #[tokio::test]
    async fn an_item_is_a_path_or_a_tag() {
        let api = app(Cache::new(), Quota::CLOUDFRONT);
        for item in ["a", "/a*b", "#", "#a*", "#a,b", "#é"] {
            assert_eq!(code(&api, &["/a", item]).await, "InvalidArgument", "{item}");
        }
        assert_eq!(code(&api, &[]).await, "InvalidArgument");
        assert_eq!(code(&api, &["/a%20b", "/a*", "#files/a%2C.jpg"]).await, "");
    }
}
