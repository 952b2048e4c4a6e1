//! The policy in a running stack: changes of its file, origins of pages, client hints, the fallback picture.

use std::time::Duration;

use cdn_config::policy::Policy;
use serde_json::{Value, json};
use tintype::local::names::VARIANTS;

use crate::support::pictures::{BLUE, GREEN, RED, YELLOW, assert_corners, jpeg, mislabelled_jpeg, quarters};
use crate::support::{Answer, Running, wait};

/// The pause between two polls.
const POLL: Duration = Duration::from_millis(20);

/// The built-in policy with these members replaced.
fn with(members: &Value) -> String {
    let mut policy: Value = serde_json::from_str(include_str!("../cdn-config/policy.json")).unwrap();
    for (name, value) in members.as_object().unwrap() {
        policy[name] = value.clone();
    }
    policy.to_string()
}

async fn stack_with(members: &Value) -> Running {
    Running::with_policy(Policy::parse(&with(members)).unwrap()).await
}

#[tokio::test]
async fn a_change_of_the_file_reaches_the_edge_the_service_and_the_signer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    std::fs::write(&file, with(&json!({}))).unwrap();
    let stack = Running::with_policy_file(&file).await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    let until = async |path: &str, is_there: fn(&Answer) -> bool| {
        wait::for_value(&format!("the new policy at {path}"), async || {
            let got = stack.get(path).await;
            if is_there(&got) { Ok(got) } else { Err(got.status) }
        })
        .await
    };
    let (blurred, preset) = (format!("{photo}?w=100&blur=20&fm=png"), format!("{photo}?p=card&fm=png"));
    assert_eq!((stack.get(&blurred).await.status, stack.get(&preset).await.status), (403, 400));
    let signs_preset = async || {
        let (status, _) = stack.ask_signer("/signed-urls", &json!({ "url": preset })).await;
        status
    };
    assert_eq!(signs_preset().await, 400);

    std::fs::write(&file, with(&json!({ "unsigned": "open", "presets": { "card": "w=77" } }))).unwrap();
    assert_eq!(until(&blurred, |got| got.status == 200).await.picture().dimensions(), (100, 75));
    assert_eq!(stack.get(&preset).await.picture().dimensions(), (77, 58));
    assert_eq!(signs_preset().await, 200);

    // An invalid policy has no effect, and the next valid one has.
    std::fs::write(&file, r#"{"unsigned": "all"}"#).unwrap();
    let limited = json!({ "sourceBytes": 10, "sourcePixels": 1, "frames": 1, "animationPixels": 1, "outputSide": 1, "memoryBytes": 1 });
    tokio::time::sleep(POLL).await;
    assert_eq!(stack.get(&format!("{photo}?w=101&blur=1&fm=png")).await.status, 200);
    std::fs::write(&file, with(&json!({ "unsigned": "widths", "limits": limited }))).unwrap();
    until(&format!("{photo}?h=64"), |got| got.status == 403).await;
    assert_eq!(stack.get(&format!("{photo}?w=96")).await.status, 400);
}

#[tokio::test]
async fn a_changed_file_changes_the_prewarmed_presets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    std::fs::write(&file, with(&json!({}))).unwrap();
    let stack = Running::with_policy_file(&file).await;
    let (s3, photo) = (stack.s3(), jpeg(&quarters(400, 300)));
    let presets = json!({ "presets": { "card": "w=77" }, "prewarm": ["card"] });
    std::fs::write(&file, with(&presets)).unwrap();

    wait::until("a variant that the policy prewarms", async || {
        // Each attempt has a new picture, because the policy may apply only after a picture became clean.
        let path = stack.upload("photo.jpg", "image/jpeg", &photo).await;
        tokio::time::sleep(POLL * 10).await;
        let listed = s3.list_objects_v2().bucket(VARIANTS).prefix(&path[1..]).send().await.unwrap();
        listed.contents().iter().any(|object| object.key().unwrap().contains("w=77"))
    })
    .await;
}

#[tokio::test]
async fn only_pages_of_listed_origins_may_read_by_script() {
    let stack =
        stack_with(&json!({ "cors": { "origins": ["https://a.example", "https://b.example"] } })).await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    let check = async |method: &str, origin: &str, expected: &str| {
        for path in [photo.clone(), format!("{photo}?w=64"), format!("{photo}?w=0")] {
            let got = stack.send(method, &path, &[("origin", origin)]).await;
            assert_eq!(got.header("access-control-allow-origin"), expected, "{method} {path} {origin}");
            let varies: Vec<_> =
                got.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
            assert!(varies.contains(&"Origin"), "{method} {path}: {varies:?}");
        }
    };
    for method in ["GET", "OPTIONS"] {
        check(method, "https://a.example", "https://a.example").await;
        check(method, "https://b.example", "https://b.example").await;
        check(method, "https://c.example", "").await;
    }
}

#[tokio::test]
async fn responses_ask_for_the_client_hints_of_the_policy() {
    let stack = stack_with(&json!({ "clientHints": ["Sec-CH-DPR", "Save-Data"] })).await;
    assert_eq!(stack.get("/files/none.jpg?w=64").await.header("accept-ch"), "Sec-CH-DPR, Save-Data");
    assert_eq!(Running::start().await.get("/files/none.jpg?w=64").await.header("accept-ch"), "");
}

#[tokio::test]
async fn the_fallback_picture_has_the_status_of_the_failure() {
    let keep = json!({ "keep": "dear", "keepFromMilliseconds": 0 });
    let stack = stack_with(&json!({ "delivery": keep, "fallbackImage": "files/by-hand/missing.png" })).await;
    let bomb = stack.upload("bomb.jpg", "image/jpeg", &mislabelled_jpeg(60_000, 60_000)).await;
    let broken = stack.upload("broken.jpg", "image/jpeg", &jpeg(&quarters(64, 64))[..30]).await;
    let problem = "application/problem+json";
    let check = async |path: &str, status: u16, media_type: &str, cached: &str| {
        let got = stack.get(path).await;
        assert_eq!((got.status, got.header("content-type")), (status, media_type), "{path}");
        assert_eq!((got.header("cache-control"), got.header("etag")), (cached, ""), "{path}");
        got
    };
    let (hour, second) = ("public, max-age=3600", "public, max-age=1");
    // If the file doesn't exist, the response is the usual problem.
    check("/files/none.jpg?w=64", 404, problem, second).await;

    stack.store("missing.png", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    for (path, status, cached) in
        [("/files/none.jpg", 404, second), (bomb.as_str(), 400, hour), (broken.as_str(), 415, hour)]
    {
        let got = check(&format!("{path}?w=128&h=128&fit=crop&fm=webp"), status, "image/webp", cached).await;
        let picture = crate::support::pictures::decode(&got.body);
        assert_eq!(picture.dimensions(), (128, 128), "{path}");
        assert_corners(&picture, [RED, GREEN, BLUE, YELLOW], path);
        check(&format!("{path}?fm=json"), status, problem, cached).await;
    }
    check("/files/none.jpg", 404, problem, second).await;
    check("/files/none.jpg?w=0", 400, problem, hour).await;
    let head = stack.send("HEAD", "/files/none.jpg?w=256&fm=webp", &[]).await;
    assert_eq!((head.status, head.header("content-type"), head.body.len()), (404, "image/webp", 0));
    let stored = stack.stored_variants().await;
    let is_of_the_fallback = |name: &String| name.starts_with("files/by-hand/missing.png/");
    assert!(
        !stored.is_empty() && stored.iter().all(is_of_the_fallback),
        "no fallback is stored as a variant of another file: {stored:?}"
    );
}
