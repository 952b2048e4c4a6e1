//! Videos through the deployment: uploaded, transcoded, played, removed.

use serde_json::{Value, json};

use super::running::Deployed;
use crate::support::wait;
use crate::video::clips::mp4;

/// Uploads a clip. Returns the grant.
async fn upload(deployed: &Deployed, visibility: &str) -> Value {
    let clip = mp4("160x90", "25", 1.0);
    let request = json!({ "filename": "clip.mp4", "type": "video/mp4", "visibility": visibility });
    let grant = deployed.sign(&request).await;
    assert_eq!(deployed.post(&grant, &clip).await, 204);
    grant
}

/// The final status of a video, whose document has this path.
async fn status(deployed: &Deployed, path: &str) -> Value {
    deployed
        .final_status(async || {
            let got = deployed.get(path).await;
            if got.status == 200 { got.json() } else { Value::Null }
        })
        .await
}

/// Uploads a public and a private video. Both are transcoded and played, the private one with a pass alone; nothing of the public
/// one is left after its removal.
pub(super) async fn assert_are_transcoded_played_and_removed(deployed: &Deployed) {
    let (public, private) = (upload(deployed, "public").await, upload(deployed, "private").await);

    let id = public["id"].as_str().unwrap();
    let ready = status(deployed, &format!("/videos/{id}/status.json")).await;
    assert_eq!(ready["state"], "ready", "{ready}");
    let playlist = ready["playback"]["hls"].as_str().unwrap().to_owned();
    let got = deployed.get(&playlist).await;
    assert_eq!(got.status, 200);
    assert!(got.body.starts_with(b"#EXTM3U"), "{}", String::from_utf8_lossy(&got.body));
    let poster = format!("{}?w=64", ready["playback"]["poster"].as_str().unwrap());
    assert_eq!(deployed.get(&poster).await.picture().dimensions(), (64, 36));

    let frame = format!("/videos/{id}/frame.jpg?t=0&w=64");
    assert_eq!(deployed.get(&frame).await.picture().dimensions(), (64, 36));

    // The files of a private video are behind a pass in the path.
    let id = private["id"].as_str().unwrap();
    let folder = format!("/private-videos/{id}");
    let pass = deployed.signed_link(&format!("{folder}/status.json")).await;
    let (open, _) = pass.rsplit_once('/').unwrap();
    let ready = status(deployed, &pass).await;
    assert_eq!(ready["state"], "ready", "{ready}");
    let private_playlist = ready["playback"]["hls"].as_str().unwrap();
    assert_eq!(deployed.get(private_playlist).await.status, 403, "without the pass");
    let opened = deployed.get(&private_playlist.replacen(&folder, open, 1)).await;
    assert_eq!((opened.status, opened.header("cache-control")), (200, "private, no-store"));
    assert!(opened.body.starts_with(b"#EXTM3U"), "{}", String::from_utf8_lossy(&opened.body));

    // Renditions and variants leave the buckets and the CDN with their original.
    deployed.remove(&deployed.path(&public)).await;
    for gone in [&playlist, &poster, &frame] {
        wait::until(&format!("the end of {gone}"), async || {
            matches!(deployed.get(gone).await.status, 403 | 404)
        })
        .await;
    }
    assert_eq!(deployed.keys("OriginalsBucket", "videos/").await, Vec::<String>::new());
    assert_eq!(deployed.dead_letters(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn a_video_is_transcoded_played_and_removed_by_the_deployment() {
    let deployed = Deployed::start(&json!({})).await;
    assert_are_transcoded_played_and_removed(&deployed).await;
    deployed.stop().await;
}
