//! Outputs behind the CDN: media types, ranges, CORS, cache times, variants of posters.

use tintype::local::names::ORIGINALS;

use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};

async fn put(
    stack: &Running,
    name: &str,
    media_type: &str,
    cache_control: Option<&str>,
    bytes: &[u8],
) -> String {
    let key = format!("videos/1/run/{name}");
    let put = stack.s3().put_object().bucket(ORIGINALS).key(&key).content_type(media_type);
    put.set_cache_control(cache_control.map(str::to_owned)).body(bytes.to_vec().into()).send().await.unwrap();
    format!("/{key}")
}

#[tokio::test]
async fn every_origin_may_read_outputs_whole_or_by_range() {
    let stack = Running::start().await;
    for (name, media_type) in [
        ("index.m3u8", "application/vnd.apple.mpegurl"),
        ("index.mpd", "application/dash+xml"),
        ("index_270p_000000001.cmfv", "video/mp4"),
        ("index_audio_000000001.cmfa", "audio/mp4"),
        ("video_720p.mp4", "video/mp4"),
        ("tiles.vtt", "text/vtt"),
        ("index_thumbnails_000000001.jpg", "image/jpeg"),
    ] {
        let path = put(&stack, name, media_type, None, b"0123456789").await;
        let part =
            stack.send("GET", &path, &[("range", "bytes=2-4"), ("origin", "https://example.com")]).await;
        assert_eq!((part.status, part.body.as_ref()), (206, b"234".as_slice()), "{name}");
        assert_eq!(part.header("content-range"), "bytes 2-4/10");
        let whole = stack.send("GET", &path, &[("origin", "https://example.com")]).await;
        assert_eq!((whole.status, whole.header("content-type")), (200, media_type), "{name}");
        assert_eq!(whole.header("access-control-allow-origin"), "*");
        assert!(whole.header("access-control-expose-headers").contains("Content-Range"));
        assert_eq!(whole.header("cache-control"), "public, max-age=86400");
        assert_eq!(stack.get(&path).await.header("x-cache"), "Hit from edge", "{name}");
        let part = stack.send("GET", &path, &[("range", "bytes=-3")]).await;
        assert_eq!((part.status, part.body.as_ref()), (206, b"789".as_slice()), "{name}, from the cache");
        let head = stack.send("HEAD", &path, &[]).await;
        assert_eq!((head.status, head.header("content-length")), (200, "10"));
    }
    let preflight =
        stack.send("OPTIONS", "/videos/1/run/index.mpd", &[("origin", "https://example.com")]).await;
    assert_eq!(preflight.status, 204);
    let allowed = preflight.header("access-control-allow-headers");
    for header in ["Range", "CMCD-Object", "CMCD-Request", "CMCD-Session", "CMCD-Status"] {
        assert!(allowed.split(", ").any(|name| name == header), "{header}: {allowed}");
    }
}

#[tokio::test]
async fn a_status_document_is_cached_for_its_own_max_age() {
    let stack = Running::start().await;
    let path = put(&stack, "status.json", "application/json", Some("public, max-age=1"), b"{}").await;
    let status = stack.get(&path).await;
    assert_eq!((status.status, status.header("cache-control")), (200, "public, max-age=1"));
    assert_eq!(status.header("content-type"), "application/json");
    let missing = stack.get("/videos/2/status.json").await;
    assert_eq!((missing.status, missing.header("cache-control")), (404, "public, max-age=1"));
}

#[tokio::test]
async fn a_poster_has_variants_like_any_image() {
    let stack = Running::start().await;
    let path = put(&stack, "poster.jpg", "image/jpeg", None, &jpeg(&quarters(1280, 720))).await;
    let picture = stack.get(&format!("{path}?w=640")).await;
    assert_eq!(picture.picture().dimensions(), (640, 360));
    assert_eq!(stack.get(&format!("{path}?w=640")).await.header("x-cache"), "Hit from edge");
}
