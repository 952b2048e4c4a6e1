//! Methods that a path doesn't have: every server answers 405 and lists the methods of the path in `Allow` (RFC 9110,
//! section 15.5.6).

use tintype::serve::app::{ServerApps, ServerConfig, apps};

use crate::support::Running;

/// Registered methods, and one that isn't.
const METHODS: [&str; 10] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "NONSENSE"];

/// A path of each behaviour of the edge, and of each route of the page and of the signer.
const OF_THE_EDGE: [&str; 25] = [
    "/",
    "/nothing",
    "/files/1/cat.jpg",
    "/files/1/cat.jpg?w=64",
    "/private/1/cat.jpg",
    "/videos/1/hls/index.m3u8",
    "/videos/1/dash/index.mpd",
    "/videos/1/film.mp4",
    "/uploads",
    "/uploads/0190163d-8694-739b-aea5-966c26f8ad91",
    "/signed-urls",
    "/library/files",
    "/library/files/id",
    "/library/files/id/replace",
    "/library/deletions",
    "/s3/params",
    "/s3/multipart",
    "/s3/multipart/id",
    "/s3/multipart/id/1",
    "/s3/multipart/id/batch",
    "/s3/multipart/id/complete",
    "/clients/webiny",
    "/clients/better-upload",
    "/clients/react-s3-uploader",
    "/u/session/uploads",
];

const OF_S3: [&str; 5] =
    ["/", "/tintype-originals", "/tintype-originals/", "/tintype-originals/files/1", "/none/a?tagging"];

/// Paths of the local MediaConvert, and of the APIs of CloudFront and EventBridge beside it.
const OF_MEDIA_CONVERT: [&str; 6] = [
    "/2017-08-29/probe",
    "/2017-08-29/jobs",
    "/2017-08-29/jobs/1",
    "/2017-08-29/search",
    "/2020-05-31/distribution/ELOCAL/invalidation",
    "/",
];

const OF_SERVE: [&str; 6] =
    ["/healthz", "/readyz", "/metrics", "/files/1/cat.jpg", "/files/1/cat.jpg?w=64", "/private/1/cat.jpg"];

/// Sends every method to each path of a server. A refused method isn't among the allowed ones, and these aren't refused.
async fn check(server: &str, address: &str, paths: &[&str]) {
    let http = reqwest::Client::new();
    let mut refused_paths = 0;
    for path in paths {
        let mut refused = Vec::new();
        let mut allowed = Vec::new();
        for method in METHODS {
            let request = http.request(method.parse().unwrap(), format!("{address}{path}"));
            let response = request.send().await.unwrap();
            if response.status() != 405 {
                continue;
            }
            let allow = response
                .headers()
                .get("allow")
                .unwrap_or_else(|| panic!("{server}: {method} {path} has no Allow"));
            let names: Vec<String> =
                allow.to_str().unwrap().split(',').map(|name| name.trim().to_owned()).collect();
            assert!(names.iter().all(|name| !name.is_empty()), "{server}: {method} {path}: {names:?}");
            assert!(
                allowed.is_empty() || allowed == names,
                "{server}: {method} {path}: {allowed:?}, then {names:?}"
            );
            allowed = names;
            refused.push(method);
        }
        assert!(
            !refused.iter().any(|method| allowed.contains(&(*method).to_owned())),
            "{server} {path}: {refused:?} {allowed:?}"
        );
        refused_paths += usize::from(!refused.is_empty());
    }
    // A path that nothing lies at has no methods: it is 404 for all of them.
    assert!(
        refused_paths + 1 >= paths.len() || server == "MediaConvert",
        "{server}: {refused_paths} paths refuse a method"
    );
}

#[tokio::test]
async fn every_server_lists_the_methods_of_a_path_with_the_refusal_of_another() {
    let stack = Running::start().await;
    let addresses = &stack.stack.addresses;
    check("edge", &addresses.edge, &OF_THE_EDGE).await;
    check("S3", &addresses.s3, &OF_S3).await;
    check("MediaConvert", &addresses.mediaconvert, &OF_MEDIA_CONVERT).await;

    let config = ServerConfig {
        uploads: None,
        store: crate::serve::store(&stack, None),
        policy: cdn_config::policy::Policy::built_in(),
        link_keys: None,
        has_workers: false,
    };
    let ServerApps { media, status, .. } = apps(config).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, status.fallback_service(media)).await });
    check("serve", &address, &OF_SERVE).await;
}
