//! The resize service over HTTP and another S3, without the emulated edge.

use aws_credential_types::Credentials;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::{Router, body};
use bucket::{S3Config, Transport};
use cdn_config::policy::Policy;
use contract::link::sign;
use contract::signing_keys::SigningKeys;
use resize::edge::config::StoreConfig;
use serde_json::json;
use tintype::local::names::{ACCESS_KEY_ID, ORIGINALS, SECRET_ACCESS_KEY, VARIANTS};
use tintype::serve::app::{ServerApps, ServerConfig, apps};
use tower::ServiceExt as _;

use crate::support::pictures::{decode, jpeg, quarters};
use crate::support::{Running, owner};

/// A server over a stack's S3, with a variants bucket or without one.
fn server(stack: &Running, variants: Option<&str>, link_keys: Option<SigningKeys>) -> Router {
    server_over(store(stack, variants), link_keys)
}

/// The buckets of a stack, with the credentials of their owner.
pub(crate) fn store(stack: &Running, variants: Option<&str>) -> StoreConfig {
    StoreConfig {
        s3: S3Config {
            endpoint: Some(stack.stack.addresses.s3.clone()),
            region: "us-east-1".to_owned(),
            credentials: owner(),
            transport: Transport::NETWORK,
        },
        originals: ORIGINALS.to_owned(),
        variants: variants.map(str::to_owned),
    }
}

fn server_over(store: StoreConfig, link_keys: Option<SigningKeys>) -> Router {
    let ServerApps { media, status, .. } = apps(ServerConfig {
        store,
        policy: Policy::built_in(),
        link_keys,
        has_workers: false,
        uploads: None,
    })
    .unwrap();
    status.fallback_service(media)
}

async fn ask(server: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn bytes(response: Response) -> Vec<u8> {
    body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

#[tokio::test]
async fn a_server_without_the_edge_serves_variants_and_originals() {
    let stack = Running::start().await;
    let original = jpeg(&quarters(400, 300));
    let path = stack.upload("cat.jpg", "image/jpeg", &original).await;
    for variants in [Some(VARIANTS), None] {
        let server = server(&stack, variants, None);
        let webp = [("accept", "image/webp,*/*")];
        let response = ask(&server, "GET", &format!("{path}?w=64"), &webp).await;
        assert_eq!(response.status(), 200);
        assert_eq!((header(&response, "content-type"), header(&response, "vary")), ("image/webp", "Accept"));
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert!(header(&response, "cache-control").contains("immutable"));
        let etag = header(&response, "etag").to_owned();
        assert_eq!(decode(&bytes(response).await).dimensions(), (64, 48));

        let again = ask(&server, "GET", &format!("{path}?w=64"), &[webp[0], ("if-none-match", &etag)]).await;
        assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, etag.as_str()), "{variants:?}");
        let head = ask(&server, "HEAD", &format!("{path}?w=64"), &webp).await;
        assert_eq!((head.status().as_u16(), header(&head, "etag")), (200, etag.as_str()));

        let whole = ask(&server, "GET", &path, &[]).await;
        let kept = ["etag", "last-modified", "cache-control"].map(|name| header(&whole, name).to_owned());
        assert_eq!(bytes(whole).await, original);
        for condition in [("if-none-match", kept[0].as_str()), ("if-modified-since", kept[1].as_str())] {
            let again = ask(&server, "GET", &path, &[condition]).await;
            assert_eq!(again.status(), 304, "{condition:?}");
            assert_eq!(["etag", "last-modified", "cache-control"].map(|name| header(&again, name)), kept);
        }
        let part = ask(&server, "GET", &path, &[("range", "bytes=2-9")]).await;
        assert_eq!(part.status(), 206);
        assert_eq!(bytes(part).await, original[2..10]);
        let saved = ask(&server, "GET", &format!("{path}?w=64&dl=my%20cat.webp"), &webp).await;
        assert_eq!(header(&saved, "content-disposition"), "attachment; filename=\"my cat.webp\"");
        let saved = ask(&server, "GET", &format!("{path}?w=64&dl=setup.hta"), &webp).await;
        assert_eq!(header(&saved, "content-disposition"), "attachment; filename=\"setup.webp\"");
    }
}

#[tokio::test]
async fn a_server_without_the_edge_refuses_what_the_edge_refuses() {
    let stack = Running::start().await;
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    let keys = SigningKeys::parse(&"k".repeat(32)).unwrap();
    let server = server(&stack, Some(VARIANTS), Some(keys.clone()));
    let check = async |method: &str, asked: String, status: u16| {
        let response = ask(&server, method, &asked, &[]).await;
        assert_eq!(response.status(), status, "{method} {asked}");
        assert!(status < 400 || header(&response, "content-type") == "application/problem+json", "{asked}");
    };
    check("GET", format!("{path}?w=0"), 400).await;
    check("GET", format!("{path}?blur=50"), 403).await;
    check("GET", format!("{path}?w=64&s=AAAA"), 403).await;
    check("GET", format!("{path}/w=64,fm=webp"), 404).await;
    check("POST", format!("{path}?w=64"), 405).await;
    let refused = ask(&server, "POST", &path, &[]).await;
    assert_eq!(header(&refused, "allow"), "GET, HEAD, OPTIONS");
    check("GET", "/other/cat.jpg".to_owned(), 404).await;
    check("GET", "/files/none/cat.jpg?w=64".to_owned(), 404).await;
    check("GET", "/private/none/cat.jpg".to_owned(), 403).await;
    check("OPTIONS", path.clone(), 204).await;
    let rules = Policy::built_in().rules;
    check("GET", sign(&format!("{path}?w=77&blur=50"), None, &rules, &keys).unwrap(), 200).await;
    check("GET", sign(&format!("{path}?w=77"), Some(1_000_000_000), &rules, &keys).unwrap(), 410).await;
}

#[tokio::test]
async fn a_server_reports_health_readiness_and_metrics() {
    let stack = Running::start().await;
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    // This server is probed for the first time after the storage has stopped, because a server repeats its result for
    // some seconds.
    let late = server(&stack, None, None);
    let server = server(&stack, None, None);
    for (probe, answer) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let response = ask(&server, "GET", probe, &[]).await;
        assert_eq!((response.status().as_u16(), header(&response, "cache-control")), (200, "no-store"));
        assert_eq!(bytes(response).await, answer.as_bytes());
    }
    assert_eq!(ask(&server, "GET", &format!("{path}?w=64"), &[]).await.status(), 200);
    let metrics = ask(&server, "GET", "/metrics", &[]).await;
    assert!(header(&metrics, "content-type").starts_with("application/openmetrics-text"));
    let metrics = String::from_utf8(bytes(metrics).await).unwrap();
    assert!(metrics.contains("tintype_responses_total{status=\"200\"} 1"), "{metrics}");
    stack.stack.stop().await;
    assert_eq!(ask(&late, "GET", "/readyz", &[]).await.status(), 503);
    assert_eq!(ask(&late, "GET", "/healthz", &[]).await.status(), 200);
}

#[tokio::test]
async fn a_stored_variant_is_served_again_and_not_rendered_again() {
    let stack = Running::start().await;
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    let server = server(&stack, Some(VARIANTS), None);
    let url = format!("{path}?w=64&fm=png");
    let first = ask(&server, "GET", &url, &[]).await;
    assert!(!header(&first, "server-timing").is_empty(), "the first variant is rendered");
    let kept = ["etag", "content-type", "cache-control", "content-disposition", "content-length", "vary"];
    let headers = kept.map(|name| header(&first, name).to_owned());
    let picture = bytes(first).await;
    for _ in 0..2 {
        let again = ask(&server, "GET", &url, &[]).await;
        assert_eq!(again.status(), 200);
        assert_eq!(header(&again, "server-timing"), "", "the variant is rendered again");
        assert_eq!(kept.map(|name| header(&again, name).to_owned()), headers);
        assert_eq!(bytes(again).await, picture);
    }
    let other = ask(&server, "GET", &url, &[("if-none-match", "\"other\"")]).await;
    assert_eq!((other.status().as_u16(), bytes(other).await), (200, picture));
    assert_eq!(made(&server).await, 1);
}

#[tokio::test]
async fn a_stored_variant_is_not_served_for_a_changed_or_removed_original() {
    let stack = Running::start().await;
    let server = server(&stack, Some(VARIANTS), None);
    let put = async |side: u32| {
        stack.store("cat.jpg", "image/jpeg", &jpeg(&quarters(side, side))).await;
    };
    let url = "/files/by-hand/cat.jpg?w=64&fm=png";
    put(32).await;
    assert_eq!(decode(&bytes(ask(&server, "GET", url, &[]).await).await).dimensions(), (32, 32));
    put(48).await;
    for _ in 0..2 {
        let response = ask(&server, "GET", url, &[]).await;
        assert_eq!(decode(&bytes(response).await).dimensions(), (48, 48));
    }
    let s3 = stack.s3();
    s3.delete_object().bucket(ORIGINALS).key("files/by-hand/cat.jpg").send().await.unwrap();
    for method in ["GET", "HEAD"] {
        assert_eq!(ask(&server, method, url, &[]).await.status(), 404, "{method}");
    }
}

/// The number of variants that a server has rendered.
async fn made(server: &Router) -> u32 {
    let metrics = String::from_utf8(bytes(ask(server, "GET", "/metrics", &[]).await).await).unwrap();
    let counts = metrics.lines().filter(|line| line.starts_with("tintype_variants_made_total"));
    counts.map(|line| line.rsplit(' ').next().unwrap().parse::<u32>().unwrap()).sum()
}

#[tokio::test]
async fn a_storage_that_refuses_the_server_causes_503_and_never_404() {
    let stack = Running::start().await;
    let path = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    let good = store(&stack, Some(VARIANTS));
    let with_keys = |id: &str, secret: &str| StoreConfig {
        s3: S3Config { credentials: Credentials::new(id, secret, None, None, "test"), ..good.s3.clone() },
        ..good.clone()
    };
    let wrong = [
        ("SignatureDoesNotMatch", with_keys(ACCESS_KEY_ID, "wrong")),
        ("InvalidAccessKeyId", with_keys("unknown", SECRET_ACCESS_KEY)),
        ("NoSuchBucket", StoreConfig { originals: "no-such-bucket".to_owned(), ..good.clone() }),
    ];
    for (code, config) in wrong {
        let server = server_over(config, None);
        for method in ["GET", "HEAD"] {
            for query in ["", "?w=64&fm=png"] {
                let response = ask(&server, method, &format!("{path}{query}"), &[]).await;
                assert_eq!(response.status(), 503, "{code}: {method} {query}");
                assert_eq!(header(&response, "cache-control"), "no-store");
            }
        }
        let ready = ask(&server, "GET", "/readyz", &[]).await;
        assert_eq!(ready.status(), 503, "{code}");
        let problem = String::from_utf8(bytes(ready).await).unwrap();
        assert!(problem.contains(code) && problem.contains("check"), "{problem}");
        assert_eq!(ask(&server, "GET", "/healthz", &[]).await.status(), 200);
    }
    let no_variants = StoreConfig { variants: Some("no-such-bucket".to_owned()), ..good.clone() };
    assert_eq!(ask(&server_over(no_variants, None), "GET", "/readyz", &[]).await.status(), 503);

    let server = server_over(good, None);
    for method in ["GET", "HEAD"] {
        let response = ask(&server, method, "/files/none/cat.jpg", &[]).await;
        assert_eq!(response.status(), 404, "a missing file is still missing: {method}");
        let response = ask(&server, method, "/files/none/cat.jpg?w=64", &[]).await;
        assert_eq!(response.status(), 404, "{method}");
    }
}

#[tokio::test]
async fn a_private_file_is_never_kept_by_browsers_in_any_spelling_of_its_path() {
    let stack = Running::start().await;
    let request = json!({ "filename": "cat.jpg", "type": "image/jpeg", "visibility": "private" });
    let path = stack.upload_as(&request, &jpeg(&quarters(400, 300))).await;
    let keys = SigningKeys::parse(&"k".repeat(32)).unwrap();
    let server = server(&stack, Some(VARIANTS), Some(keys.clone()));
    let rules = Policy::built_in().rules;
    let rest = path.strip_prefix("/private/").unwrap();
    for area in ["private", "%70rivate", "p%72ivate", "priv%61te", "%70%72%69%76%61%74%65"] {
        for query in ["", "?w=64&fm=png"] {
            let signed = sign(&format!("/{area}/{rest}{query}"), None, &rules, &keys).unwrap();
            for method in ["GET", "HEAD", "GET"] {
                for (headers, statuses) in [(&[][..], [200, 200]), (&[("range", "bytes=0-1")], [200, 206])] {
                    let response = ask(&server, method, &signed, headers).await;
                    assert!(statuses.contains(&response.status().as_u16()), "{method} {signed}");
                    assert_eq!(header(&response, "cache-control"), "private, no-store", "{method} {signed}");
                }
            }
            let unsigned = ask(&server, "GET", &format!("/{area}/{rest}{query}"), &[]).await;
            assert_eq!(unsigned.status(), 403);
            assert_eq!(header(&unsigned, "cache-control"), "private, no-store", "{area}{query}");
            let edge = stack.get(&format!("/{area}/{rest}{query}")).await;
            assert_eq!(
                (edge.status, edge.header("cache-control")),
                (403, "private, no-store"),
                "{area}{query}"
            );
        }
    }
    let public = stack.upload("cat.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    let response = ask(&server, "GET", &public.replacen("files", "%66iles", 1), &[]).await;
    assert!(header(&response, "cache-control").contains("immutable"));
}
