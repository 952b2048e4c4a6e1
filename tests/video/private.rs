//! Private videos: played through a pass in the path, closed to everyone else, gone with their original.

use serde_json::{Value, json};
use tintype::local::names::ORIGINALS;
use tintype::secrets;
use upload_signer::callers::session::Session;

use super::clips::mp4;
use crate::support::{Running, wait};

/// Uploads a private clip as the holder of a session. Returns the upload's id.
async fn upload(stack: &Running, caller: &str) -> String {
    let clip = mp4("160x90", "25", 2.0);
    let request = json!({
        "filename": "clip.mp4", "type": "video/mp4", "visibility": "private", "size": clip.len(),
    });
    let (status, grant) = stack.ask_signer(&format!("{caller}/uploads"), &request).await;
    assert_eq!(status, 201, "{grant}");
    assert!(matches!(stack.post(&grant, &clip).await.0, 200 | 204));
    grant["id"].as_str().unwrap().to_owned()
}

/// The path with a pass, and its expiry time, that the signer gives a caller for a path.
async fn pass(stack: &Running, caller: &str, path: &str) -> (u16, Value) {
    let request = json!({ "url": format!("{}{path}", stack.edge()) });
    stack.ask_signer(&format!("{caller}/signed-urls"), &request).await
}

fn path_of(stack: &Running, answer: &Value) -> String {
    answer["url"].as_str().unwrap().strip_prefix(stack.edge()).unwrap().to_owned()
}

fn caller(stack: &Running, name: &str) -> String {
    let session = Session::new(name, jiff::Timestamp::now() + std::time::Duration::from_hours(1));
    format!("/u/{}", session.to_token(&secrets::open(stack.data()).unwrap().sessions))
}

/// The URLs that a playlist or a manifest names, relative to it.
fn named(text: &str) -> Vec<String> {
    let attributes = ["URI=\"", "initialization=\"", "media=\""]
        .iter()
        .flat_map(|start| text.split(start).skip(1))
        .filter_map(|rest| rest.split('"').next());
    let lines = text.lines().filter(|line| text.starts_with("#EXTM3U") && !line.starts_with('#'));
    attributes.chain(lines).filter(|url| !url.is_empty()).map(str::to_owned).collect()
}

fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_video_plays_through_its_pass_and_is_closed_without_it() {
    let stack = Running::start().await;
    let (alice, bob) = (caller(&stack, "alice"), caller(&stack, "bob"));
    let id = upload(&stack, &alice).await;
    let status_path = format!("/private-videos/{id}/status.json");
    // The pass can be signed as soon as the upload exists, and opens the status document from its first state on.
    let opened = path_of(&stack, &pass(&stack, &alice, &status_path).await.1);
    let status = wait::for_value("the final status of the private clip", async || {
        let got = stack.get(&opened).await;
        let status = if got.status == 200 { got.json() } else { Value::Null };
        if matches!(status["state"].as_str(), Some("ready" | "failed")) { Ok(status) } else { Err(status) }
    })
    .await;
    assert_eq!(status["state"], "ready", "{status}");
    assert_eq!(stack.get(&format!("/videos/{id}/status.json")).await.status, 404);

    // Every file that the playlists and the manifest name is below the pass.
    let (folder, _) = opened.rsplit_once('/').unwrap();
    let inside =
        |path: &str| format!("{folder}{}", path.strip_prefix(&format!("/private-videos/{id}")).unwrap());
    let (hls, dash) =
        (status["playback"]["hls"].as_str().unwrap(), status["playback"]["dash"].as_str().unwrap());
    let mut left = vec![inside(hls), inside(dash)];
    let mut files = Vec::new();
    while let Some(path) = left.pop() {
        let answer = stack.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
        if has_extension(&path, "m3u8") {
            let base = path.rsplit_once('/').unwrap().0;
            left.extend(
                named(&String::from_utf8_lossy(&answer.body)).iter().map(|name| format!("{base}/{name}")),
            );
        }
        files.push(path);
    }
    assert!(files.len() > 6, "{files:?}");
    assert!(files.iter().any(|path| has_extension(path, "cmfv")), "{files:?}");

    // The poster has the sizes of public pictures.
    let poster = inside(status["playback"]["poster"].as_str().unwrap());
    assert_eq!(stack.get(&format!("{poster}?w=64")).await.picture().dimensions(), (64, 36));
    assert_eq!(stack.get(&format!("{poster}?blur=9")).await.status, 403);

    // A frame is behind the pass, too.
    let frame = |folder: &str| format!("{folder}/frame.jpg?t=1&w=64");
    let shown = stack.get(&frame(folder)).await;
    assert_eq!(shown.picture().dimensions(), (64, 36));
    assert_eq!(shown.header("cache-control"), "private, no-store");
    assert_eq!(stack.get(&frame(&format!("/private-videos/{id}"))).await.status, 403);

    // Without a pass, with that of another video and with a wrong end, nothing is served, though the CDN has all of it.
    let other = upload(&stack, &alice).await;
    let other_path = format!("/private-videos/{other}/status.json");
    let other_pass = path_of(&stack, &pass(&stack, &alice, &other_path).await.1);
    for path in &files {
        let plain = path.replacen(&folder[..folder.rfind('/').unwrap()], "/private-videos", 1);
        assert_eq!(stack.get(&plain).await.status, 403, "{plain}");
        let (foreign, _) = other_pass.split_once(&other).unwrap();
        let foreign = plain.replacen("/private-videos/", foreign, 1);
        assert_eq!(stack.get(&foreign).await.status, 403, "{foreign}");
    }

    // Only the owner gets a pass. It ends with the session.
    let refused = pass(&stack, &bob, &status_path).await;
    assert_eq!(refused.0, 403, "{}", refused.1);
    let (status, problem) = pass(&stack, "", &status_path).await;
    assert!(matches!(status, 400 | 403), "{problem}");

    // What was made of the video goes with it.
    let keys = async |prefix: &str| {
        let listed = stack.s3().list_objects_v2().bucket(ORIGINALS).prefix(prefix).send().await.unwrap();
        listed.contents().iter().map(|object| object.key().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let original = keys(&format!("private/{id}/")).await.pop().unwrap();
    stack.s3().delete_object().bucket(ORIGINALS).key(original).send().await.unwrap();
    wait::until("nothing left of the private clip", async || {
        keys(&format!("private-videos/{id}/")).await.is_empty()
    })
    .await;
    for path in &files {
        wait::until(&format!("the end of {path}"), async || stack.get(path).await.status == 404).await;
    }
}
