//! Conditional requests, ranges and CORS, tested over HTTP.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};
use futures::future::join_all;
use reqwest::Method;

use super::server::{BUCKET, Server, noise, refusal};

#[tokio::test]
async fn conditions_answer_304_and_412() {
    let server = Server::start().await;
    let put = server.client.put_object().bucket(BUCKET).key("k").body(ByteStream::from_static(b"hello"));
    put.cache_control("max-age=60").send().await.unwrap();
    let url = server.get_url("k").await;
    let http = reqwest::Client::new();
    let etag = "\"5d41402abc4b2a76b9719d911017c592\"";
    let (past, future) = ("Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT");
    for (header, value, expected) in [
        ("if-match", etag, 200),
        ("if-match", "*", 200),
        ("if-match", "\"other\"", 412),
        ("if-none-match", etag, 304),
        ("if-none-match", "W/\"5d41402abc4b2a76b9719d911017c592\"", 304),
        ("if-none-match", "\"a\", \"5d41402abc4b2a76b9719d911017c592\"", 304),
        ("if-none-match", "\"other\"", 200),
        ("if-modified-since", past, 200),
        ("if-modified-since", future, 304),
        ("if-unmodified-since", past, 412),
        ("if-unmodified-since", future, 200),
    ] {
        let response = http.get(&url).header(header, value).send().await.unwrap();
        assert_eq!(response.status(), expected, "{header}: {value}");
        if expected == 304 {
            assert_eq!(response.headers()["etag"], etag);
            assert_eq!(response.headers()["cache-control"], "max-age=60");
            assert!(response.bytes().await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn ranges_are_cut_at_the_end_and_refused_beyond_it() {
    let server = Server::start().await;
    server.put("k", b"0123456789").await;
    server.put("empty", b"").await;
    let url = server.get_url("k").await;
    let http = reqwest::Client::new();
    for (range, expected) in [
        ("bytes=0-0", Some("0")),
        ("bytes=2-5", Some("2345")),
        ("bytes=8-", Some("89")),
        ("bytes=8-100", Some("89")),
        ("bytes=-3", Some("789")),
        ("bytes=-100", Some("0123456789")),
        ("bytes=10-", None),
        ("bytes=-0", None),
    ] {
        let response = http.get(&url).header("range", range).send().await.unwrap();
        let status = response.status();
        let content_range = response.headers()["content-range"].to_str().unwrap().to_owned();
        let body = response.text().await.unwrap();
        if let Some(expected) = expected {
            assert_eq!((status.as_u16(), body.as_str()), (206, expected), "{range}");
        } else {
            assert_eq!(status, 416, "{range}");
            assert!(body.contains("InvalidRange"));
            assert_eq!(content_range, "bytes */10");
        }
    }
    for not_a_range in ["bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=x"] {
        let response = http.get(&url).header("range", not_a_range).send().await.unwrap();
        assert_eq!(response.status(), 200, "{not_a_range}");
        assert_eq!(response.text().await.unwrap(), "0123456789");
    }
    let empty = http.get(server.get_url("empty").await).header("range", "bytes=-1").send().await.unwrap();
    assert_eq!(empty.status(), 416);
}

#[tokio::test]
async fn exactly_one_of_many_conditional_puts_succeeds() {
    let server = Server::start().await;
    let put = |number: u8| {
        let body = ByteStream::from(vec![number; 1000]);
        server.client.put_object().bucket(BUCKET).key("k").if_none_match("*").body(body).send()
    };
    let results = join_all((0..16).map(put)).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for result in results.into_iter().filter(Result::is_err) {
        assert_eq!(refusal(result), ("PreconditionFailed".to_owned(), 412));
    }
    assert_eq!(server.blob_count(), 1);
}

#[tokio::test]
async fn a_put_can_be_bound_to_the_object_that_it_replaces() {
    let server = Server::start().await;
    let etag = server.put("k", b"one").await;
    let put = |key: &str, etag: &str| {
        let body = ByteStream::from_static(b"two");
        server.client.put_object().bucket(BUCKET).key(key).if_match(etag).body(body).send()
    };
    put("k", &etag).await.unwrap();
    assert_eq!(refusal(put("k", &etag).await), ("PreconditionFailed".to_owned(), 412));
    assert_eq!(refusal(put("none", &etag).await), ("NoSuchKey".to_owned(), 404));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_overwritten_is_always_readable_and_whole() {
    let server = Server::start().await;
    let length = 200_000;
    server.put("k", &vec![0; length]).await;
    let write = async {
        for number in 1..40 {
            server.put("k", &vec![number; length]).await;
        }
    };
    let read = async {
        for _ in 0..100 {
            let body = server.get("k").await;
            assert_eq!(body.len(), length);
            assert!(body.iter().all(|byte| *byte == body[0]));
        }
    };
    tokio::join!(write, read, async { join_all((0..50).map(|_| server.get("k"))).await });
    assert_eq!(server.blob_count(), 1);
}

#[tokio::test]
async fn pages_of_any_origin_may_upload_and_read() {
    let server = Server::start().await;
    server.put("k", &noise(10)).await;
    let http = reqwest::Client::new();
    let preflight = http
        .request(Method::OPTIONS, format!("{}/{BUCKET}", server.endpoint))
        .header("origin", "http://localhost:8080")
        .header("access-control-request-method", "PUT")
        .header("access-control-request-headers", "content-type,x-amz-checksum-sha256,authorization")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status(), 200);
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    assert!(preflight.headers()["access-control-allow-methods"].to_str().unwrap().contains("PUT"));
    assert!(preflight.headers()["access-control-allow-headers"].to_str().unwrap().contains("authorization"));
    let get =
        http.get(server.get_url("k").await).header("origin", "http://localhost:8080").send().await.unwrap();
    let exposed = get.headers()["access-control-expose-headers"].to_str().unwrap().to_lowercase();
    assert!(exposed.contains("etag") && exposed.contains("location"));
}

#[tokio::test]
async fn a_bucket_with_cors_rules_answers_pages_as_they_say() {
    let server = Server::start().await;
    server.put("k", &noise(10)).await;
    let rule = CorsRule::builder()
        .allowed_origins("https://*.example.com")
        .allowed_methods("GET")
        .allowed_headers("range")
        .expose_headers("ETag")
        .max_age_seconds(60)
        .build()
        .unwrap();
    let configuration = CorsConfiguration::builder().cors_rules(rule).build().unwrap();
    let put = server.client.put_bucket_cors().bucket(BUCKET).cors_configuration(configuration);
    put.send().await.unwrap();
    let http = reqwest::Client::new();
    let preflight = async |origin: &str, method: &str, headers: &str| {
        let request = http.request(Method::OPTIONS, format!("{}/{BUCKET}/k", server.endpoint));
        let request = request.header("origin", origin).header("access-control-request-method", method);
        request.header("access-control-request-headers", headers).send().await.unwrap()
    };
    let allowed = preflight("https://a.example.com", "GET", "Range").await;
    assert_eq!(allowed.status(), 200);
    assert_eq!(allowed.headers()["access-control-allow-origin"], "https://a.example.com");
    assert_eq!(allowed.headers()["access-control-allow-credentials"], "true");
    assert_eq!(allowed.headers()["access-control-allow-methods"], "GET");
    assert_eq!(allowed.headers()["access-control-allow-headers"], "range");
    assert_eq!(allowed.headers()["access-control-max-age"], "60");
    for (origin, method, headers, status, code) in [
        ("https://a.example.com", "PUT", "range", 403, "AccessForbidden"),
        ("https://a.example.com", "GET", "x-other", 403, "AccessForbidden"),
        ("https://example.org", "GET", "range", 403, "AccessForbidden"),
        ("https://a.example.com", "LIST", "range", 400, "BadRequest"),
    ] {
        let refused = preflight(origin, method, headers).await;
        assert_eq!(refused.status(), status, "{origin} {method} {headers}");
        assert!(!refused.headers().contains_key("access-control-allow-origin"));
        assert!(refused.text().await.unwrap().contains(&format!("<Code>{code}</Code>")));
    }
    // Without permission the page of another origin gets the answer, but its browser hides it.
    for (origin, expected) in [("https://a.example.com", Some("ETag")), ("https://example.org", None)] {
        let got = http.get(server.get_url("k").await).header("origin", origin).send().await.unwrap();
        assert_eq!(got.status(), 200);
        let exposed = got.headers().get("access-control-expose-headers");
        assert_eq!(exposed.map(|value| value.to_str().unwrap()), expected, "{origin}");
    }
}
