//! The synthesised deployment on this machine: its own template, with the packaged functions, over the emulators. The tests are
//! marked as ignored, because `cargo test` makes no packages; `./test` makes them and runs the tests.
//!
//! `synthesised` makes templates, and `running` starts them; `private_files` and `videos` are what a deployment makes of these;
//! `operations` are rules of buckets, metrics and alarms; `library` lists and changes files; `parts` are deployments of which a
//! part is left out; `refusals` says what isn't started or isn't allowed.

mod library;
mod operations;
mod parts;
mod private_files;
mod refusals;
mod running;
mod synthesised;
mod videos;

use serde_json::json;

use crate::support::pictures::{decode, jpeg, quarters};
use crate::support::wait;
use running::Deployed;

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn an_upload_is_checked_served_as_variants_and_purged_by_the_deployment() {
    let deployed = Deployed::start(&json!({})).await;
    let photo = jpeg(&quarters(400, 300));
    let grant = deployed.sign(&json!({ "filename": "café.jpg", "type": "image/jpeg" })).await;
    let path = deployed.path(&grant);
    // S3 answers 403 for a missing file, because the CDN may not list the bucket.
    assert_eq!(deployed.get(&path).await.status, 403, "a missing file is served");

    assert_eq!(deployed.post(&grant, &photo).await, 204);
    let state = deployed.checked(&grant).await;
    assert_eq!((&state["state"], &state["width"]), (&json!("clean"), &json!(400)), "{state}");
    // The CDN kept the answer that the file is missing, for a second.
    wait::until("the original", async || deployed.get(&path).await.status == 200).await;
    assert_eq!(deployed.get(&path).await.body, photo);

    let variant = format!("{path}?w=384&fm=webp");
    let first = deployed.get(&variant).await;
    assert_eq!(first.status, 200, "{}", String::from_utf8_lossy(&first.body));
    assert_eq!((first.header("content-type"), first.header("x-cache")), ("image/webp", "Miss from edge"));
    assert_eq!(first.header("x-content-type-options"), "nosniff");
    assert_eq!(first.header("strict-transport-security"), "max-age=31536000");
    assert_eq!(first.header("access-control-allow-origin"), "*");
    assert_eq!(decode(&first.body).dimensions(), (384, 288));
    assert_eq!(deployed.get(&variant).await.header("x-cache"), "Hit from edge");
    let unchanged = deployed.send("GET", &variant, &[("if-none-match", first.header("etag"))]).await;
    assert_eq!(unchanged.status, 304);
    assert_eq!(deployed.get(&format!("{path}?blur=5")).await.status, 403, "an unsigned operation");

    deployed.remove(&path).await;
    for (gone, status) in [(&variant, 404), (&path, 403)] {
        wait::until("the removal", async || deployed.get(gone).await.status == status).await;
    }
    assert_eq!(deployed.variants().await, Vec::<String>::new());
    assert_eq!(deployed.dead_letters(), Vec::<String>::new());
    deployed.stop().await;
}
