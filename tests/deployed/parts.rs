//! Deployments of which a part is left out: the other parts work.

use serde_json::{Value, json};

use super::running::Deployed;
use super::{private_files, videos};
use crate::support::pictures::{decode, jpeg, quarters};
use crate::support::wait;
use crate::video::clips::mp4;

/// The shipped configuration without one part.
fn without(part: &str) -> Value {
    let mut parts = json!({ "delivery": true, "upload": true, "video": true, "observability": true });
    parts[part] = json!(false);
    json!({ "parts": parts })
}

/// Uploads a file and waits until it is clean. Returns the grant.
pub(super) async fn upload(deployed: &Deployed, name: &str, media_type: &str, bytes: &[u8]) -> Value {
    let grant = deployed.sign(&json!({ "filename": name, "type": media_type })).await;
    assert_eq!(deployed.post(&grant, bytes).await, 204);
    let state = deployed.checked(&grant).await;
    assert_eq!(state["state"], "clean", "{state}");
    grant
}

/// Asks for a variant of a picture, removes the picture, and waits until nothing of it is served.
async fn assert_serves_until_removed(deployed: &Deployed, path: &str) {
    let variant = format!("{path}?w=64&fm=webp");
    let got = deployed.get(&variant).await;
    assert_eq!(got.status, 200, "{}", String::from_utf8_lossy(&got.body));
    assert_eq!(decode(&got.body).dimensions(), (64, 48));
    deployed.remove(path).await;
    wait::until("the removal", async || deployed.get(&variant).await.status == 404).await;
    assert_eq!(deployed.variants().await, Vec::<String>::new());
    assert_eq!(deployed.dead_letters(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn without_delivery_uploads_are_checked_and_videos_are_transcoded() {
    let mut config = without("delivery");
    config["publicUrl"] = json!("https://cdn.example.com");
    let deployed = Deployed::start(&config).await;
    assert_eq!(deployed.output("ApiUrl"), deployed.edge());
    let grant = upload(&deployed, "clip.mp4", "video/mp4", &mp4("160x90", "25", 1.0)).await;
    let url = grant["publicUrl"].as_str().unwrap();
    assert!(url.starts_with("https://cdn.example.com/files/"), "{url}");
    let id = grant["id"].as_str().unwrap();
    let status = deployed.final_status(async || deployed.stored_status(id).await).await;
    assert_eq!(status["state"], "ready", "{status}");

    // Private files are checked, too. The edge function of the CDN would verify links, so that none are signed.
    let request = json!({ "filename": "cat.jpg", "type": "image/jpeg", "visibility": "private" });
    let grant = deployed.sign(&request).await;
    assert_eq!(deployed.post(&grant, &jpeg(&quarters(64, 48))).await, 204);
    assert_eq!(deployed.checked(&grant).await["state"], "clean");
    let (status, answer) = deployed.link(grant["publicUrl"].as_str().unwrap()).await;
    assert_eq!(
        (status, answer["detail"].as_str()),
        (404, Some("this signer has no secret to sign links with")),
        "{answer}"
    );
    deployed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn without_uploads_files_of_an_operator_are_served_transcoded_and_purged() {
    let deployed = Deployed::start(&without("upload")).await;
    let (id, clip) = ("0190163d-8694-739b-aea5-966c26f8ad91", mp4("160x90", "25", 1.0));
    deployed.store(&format!("files/{id}/clip.mp4"), "video/mp4", &clip).await;
    let path = deployed.store("files/by-hand/photo.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    assert_serves_until_removed(&deployed, &path).await;
    let path = deployed.store("private/by-hand/cat.jpg", "image/jpeg", &jpeg(&quarters(64, 48))).await;
    let link = deployed.operators_link(&format!("{path}?w=32&fm=png"));
    private_files::assert_is_opened_by(&deployed, &path, &link).await;
    let status = deployed.final_status(async || deployed.stored_status(id).await).await;
    assert_eq!(status["state"], "ready", "{status}");
    deployed.stop().await;
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn without_video_pictures_are_checked_served_and_purged() {
    let deployed = Deployed::start(&without("video")).await;
    let grant = upload(&deployed, "photo.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    assert_serves_until_removed(&deployed, &deployed.path(&grant)).await;
    private_files::assert_are_opened_by_links(&deployed).await;
    deployed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn without_observability_every_file_is_checked_served_and_removed() {
    let deployed = Deployed::start(&without("observability")).await;
    let grant = upload(&deployed, "photo.jpg", "image/jpeg", &jpeg(&quarters(400, 300))).await;
    assert_serves_until_removed(&deployed, &deployed.path(&grant)).await;
    private_files::assert_are_opened_by_links(&deployed).await;
    videos::assert_are_transcoded_played_and_removed(&deployed).await;
    deployed.stop().await;
}
