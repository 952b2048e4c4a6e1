use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

fn response(cache_control: &str, body: &'static str) -> Response {
    Response::builder().header("cache-control", cache_control).body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn concurrent_viewers_share_one_fetch_and_the_next_viewer_is_a_hit() {
    let (cache, fetches) = (Cache::new(), AtomicUsize::new(0));
    let fetch = || async {
        fetches.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        response("max-age=60", "picture")
    };
    let answers = futures::future::join_all((0..20).map(|_| cache.get_or_fetch("/a", fetch))).await;
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, CacheAnswer::Entry(entry, _) if entry.body == "picture"))
    );
    let again = cache.get_or_fetch("/a", fetch).await;
    assert!(matches!(again, CacheAnswer::Entry(_, CacheStatus::Hit)));
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_invalidated_path_is_fetched_again() {
    let (cache, fetches) = (Cache::new(), AtomicUsize::new(0));
    let fetch = || async {
        fetches.fetch_add(1, Ordering::SeqCst);
        response("max-age=60", "picture")
    };
    for path in ["/files/1/a", "/files/1/a/w=64", "/files/1/b"] {
        cache.get_or_fetch(path, fetch).await;
    }
    cache.invalidate(InvalidationScope::Prefix("/files/1/a".to_owned()));
    assert!(cache.get("/files/1/a").await.is_none());
    assert!(cache.get("/files/1/a/w=64").await.is_none());
    assert!(cache.get("/files/1/b").await.is_some());
    cache.invalidate(InvalidationScope::Path("/files/1/b".to_owned()));
    cache.get_or_fetch("/files/1/b", fetch).await;
    assert_eq!(fetches.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_tag_invalidates_every_response_that_has_it() {
    let cache = Cache::new();
    for (path, tags) in
        [("/a/w=1", "files/A"), ("/b/w=1", "files/b, files/a"), ("/c", "files/ab"), ("/d", "")]
    {
        let tagged = || async {
            let mut response = response("max-age=60", "picture");
            response.headers_mut().insert(TAG_HEADER, tags.parse().unwrap());
            response
        };
        cache.get_or_fetch(path, tagged).await;
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
    let answer = cache.get_or_fetch("/a", || async {
        cache.invalidate(InvalidationScope::Prefix("/a".to_owned()));
        response("max-age=60", "old")
    });
    assert!(matches!(answer.await, CacheAnswer::Uncached(_)));
    assert!(cache.get("/a").await.is_none());
}

#[tokio::test]
async fn each_viewer_fetches_a_response_that_may_not_be_cached() {
    let (cache, fetches) = (Cache::new(), AtomicUsize::new(0));
    let fetch = || async {
        fetches.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        response("no-store", "fault")
    };
    let answers = futures::future::join_all((0..5).map(|_| cache.get_or_fetch("/a", fetch))).await;
    assert!(answers.iter().all(|answer| matches!(answer, CacheAnswer::Uncached(_))));
    assert_eq!(fetches.load(Ordering::SeqCst), 5);
    assert!(cache.get("/a").await.is_none());
}
