use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, to_bytes};

use super::*;

static LIFETIMES: LazyLock<Lifetimes> = LazyLock::new(Lifetimes::default);

fn response(cache_control: &str, body: &'static str) -> Response {
    Response::builder().header("cache-control", cache_control).body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn concurrent_viewers_share_one_fetch_and_the_next_viewer_is_a_hit() {
    let (cache, fetches) = (Cache::new(), AtomicUsize::new(0));
    let fetch = |_| async {
        fetches.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        response("max-age=60", "picture")
    };
    let answers =
        futures::future::join_all((0..20).map(|_| cache.get_or_fetch("/a", &LIFETIMES, fetch))).await;
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, CacheAnswer::Entry(entry, _) if entry.body == "picture"))
    );
    let again = cache.get_or_fetch("/a", &LIFETIMES, fetch).await;
    assert!(matches!(again, CacheAnswer::Entry(_, CacheStatus::Hit)));
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_invalidated_path_is_fetched_again() {
    let (cache, fetches) = (Cache::new(), AtomicUsize::new(0));
    let fetch = |_| async {
        fetches.fetch_add(1, Ordering::SeqCst);
        response("max-age=60", "picture")
    };
    for path in ["/files/1/a", "/files/1/a/w=64", "/files/1/b"] {
        cache.get_or_fetch(path, &LIFETIMES, fetch).await;
    }
    cache.invalidate(InvalidationScope::Prefix("/files/1/a".to_owned()));
    assert!(cache.get("/files/1/a").await.is_none());
    assert!(cache.get("/files/1/a/w=64").await.is_none());
    assert!(cache.get("/files/1/b").await.is_some());
    cache.invalidate(InvalidationScope::Path("/files/1/b".to_owned()));
    cache.get_or_fetch("/files/1/b", &LIFETIMES, fetch).await;
    assert_eq!(fetches.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_tag_invalidates_every_response_that_has_it() {
    let cache = Cache::new();
    for (path, tags) in
        [("/a/w=1", "files/A"), ("/b/w=1", "files/b, files/a"), ("/c", "files/ab"), ("/d", "")]
    {
        let tagged = |_| async {
            let mut response = response("max-age=60", "picture");
            response.headers_mut().insert(TAG_HEADER, tags.parse().unwrap());
            response
        };
        cache.get_or_fetch(path, &LIFETIMES, tagged).await;
    }
    cache.invalidate(InvalidationScope::Tag("Files/a".to_owned()));
    let mut kept = Vec::new();
    for path in ["/a/w=1", "/b/w=1", "/c", "/d"] {
        kept.extend(cache.get(path).await.map(|_| path));
    }
    assert_eq!(kept, ["/c", "/d"]);
}

#[tokio::test]
async fn a_response_fetched_during_an_invalidation_is_not_cached() {
    let cache = Cache::new();
    let answer = cache.get_or_fetch("/a", &LIFETIMES, |_| async {
        cache.invalidate(InvalidationScope::Prefix("/a".to_owned()));
        response("max-age=60", "old")
    });
    assert!(matches!(answer.await, CacheAnswer::Entry(_, CacheStatus::Miss)));
    assert!(cache.get("/a").await.is_none());
}

#[tokio::test]
async fn each_viewer_fetches_a_response_that_may_not_be_cached() {
    let (cache, fetches) = (Cache::new(), AtomicUsize::new(0));
    let fetch = |_| async {
        fetches.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        response("no-store", "fault")
    };
    let answers =
        futures::future::join_all((0..5).map(|_| cache.get_or_fetch("/a", &LIFETIMES, fetch))).await;
    assert!(answers.iter().all(|answer| matches!(answer, CacheAnswer::Uncached(_))));
    assert_eq!(fetches.load(Ordering::SeqCst), 5);
    assert!(cache.get("/a").await.is_none());
}

/// An answer as status, body and source.
async fn seen(answer: CacheAnswer) -> (u16, String, Option<CacheStatus>) {
    let (status, body, source) = match answer {
        CacheAnswer::Entry(entry, source) => (entry.status, entry.body.clone(), Some(source)),
        CacheAnswer::Uncached(response) => {
            (response.status(), to_bytes(response.into_body(), 100).await.unwrap(), None)
        }
    };
    (status.as_u16(), String::from_utf8(body.to_vec()).unwrap(), source)
}

/// Fetches a response that expires at once, and then asks again of an origin that answers as `second` says.
async fn again(cache: &Cache, cache_control: &str, second: Response) -> (u16, String, Option<CacheStatus>) {
    let first = async || {
        let mut first = response(cache_control, "picture");
        first.headers_mut().insert("etag", "\"a\"".parse().unwrap());
        first
    };
    assert_eq!(seen(cache.get_or_fetch("/a", &LIFETIMES, |_| first()).await).await.1, "picture");
    let second = Mutex::new(Some(second));
    let answer = cache.get_or_fetch("/a", &LIFETIMES, |conditions| {
        assert_eq!(conditions.get("if-none-match").unwrap(), "\"a\"");
        let second = second.lock().unwrap().take().unwrap();
        async { second }
    });
    seen(answer.await).await
}

fn status(status: u16) -> Response {
    Response::builder().status(status).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn an_expired_response_is_confirmed_by_its_origin() {
    let cache = Cache::new();
    let confirmation = Response::builder().status(304).header("cache-control", "max-age=60");
    let confirmation = confirmation
        .header("x-new", "1")
        .header("content-length", "0")
        .header("etag", "W/\"a\"")
        .body(Body::empty())
        .unwrap();
    let answer = again(&cache, "max-age=0", confirmation).await;
    assert_eq!(answer, (200, "picture".to_owned(), Some(CacheStatus::Refreshed)));
    // The new headers count: the response is fresh for a minute.
    let entry = cache.get("/a").await.unwrap();
    let headers = ["cache-control", "x-new", "etag"].map(|name| entry.headers[name].to_str().unwrap());
    assert_eq!(headers, ["max-age=60", "1", "\"a\""]);
    assert!(!entry.headers.contains_key("content-length"));
}

#[tokio::test]
async fn an_expired_response_is_replaced_by_a_new_one() {
    let answer = again(&Cache::new(), "no-cache", response("max-age=60", "new picture")).await;
    assert_eq!(answer, (200, "new picture".to_owned(), Some(CacheStatus::Miss)));
}

#[tokio::test]
async fn an_expired_response_is_sent_while_the_origin_fails_unless_its_headers_forbid_it() {
    let check = async |cache_control: &str, failure: u16, is_sent: bool| {
        let (given, _, source) = again(&Cache::new(), cache_control, status(failure)).await;
        let expected = if is_sent { (200, Some(CacheStatus::Refreshed)) } else { (failure, None) };
        assert_eq!((given, source), expected, "{cache_control} {failure}");
    };
    for failure in [500, 502, 503, 504] {
        check("max-age=0", failure, true).await;
        check("max-age=0, stale-if-error=60", failure, true).await;
        check("max-age=0, stale-if-error=0", failure, false).await;
        check("max-age=0, must-revalidate", failure, false).await;
        check("max-age=0, proxy-revalidate", failure, false).await;
        check("s-maxage=0", failure, false).await;
        check("no-cache", failure, false).await;
    }
    for refusal in [401, 410] {
        check("max-age=0", refusal, false).await;
    }
}

#[tokio::test]
async fn a_response_that_was_refused_or_invalidated_is_forgotten() {
    let check = async |cache: &Cache| {
        let answer = cache.get_or_fetch("/a", &LIFETIMES, async |conditions| {
            assert_eq!(conditions, HeaderMap::new());
            status(503)
        });
        assert_eq!(seen(answer.await).await.0, 503);
    };
    let cache = Cache::new();
    again(&cache, "max-age=0", status(410)).await;
    check(&cache).await;
    let cache = Cache::new();
    again(&cache, "max-age=0", status(304)).await;
    cache.invalidate(InvalidationScope::Path("/a".to_owned()));
    check(&cache).await;
    let cache = Cache::new();
    for kept in ["no-store", "private, max-age=60"] {
        cache.get_or_fetch("/a", &LIFETIMES, async |_| response(kept, "picture")).await;
        check(&cache).await;
    }
}
