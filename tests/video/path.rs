//! The whole path on one machine: a clip that is uploaded, the trigger, the job, the status, the edge.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::clips::{make, mp4, picture};
use crate::support::Running;

/// How long a video may take before a test fails.
const PATIENCE: Duration = Duration::from_mins(4);

/// How often a page looks.
const GLANCE: Duration = Duration::from_millis(50);

/// Uploads a clip and waits for the end of its way; its status document.
async fn followed(stack: &Running, name: &str, media_type: &str, bytes: &[u8]) -> Value {
    let path = stack.upload(name, media_type, bytes).await;
    let id = path.split('/').nth(2).unwrap();
    let deadline = Instant::now() + PATIENCE;
    let mut last = Value::Null;
    while Instant::now() < deadline {
        let got = stack.get(&format!("/videos/{id}/status.json")).await;
        if got.status == 200 {
            last = got.json();
            if matches!(last["state"].as_str(), Some("ready" | "failed" | "canceled")) {
                return last;
            }
        }
        tokio::time::sleep(GLANCE).await;
    }
    panic!("{name} takes too long: {last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uploaded_clip_plays_and_its_poster_is_a_picture() {
    let stack = Running::start().await;
    let status = followed(&stack, "clip.mp4", "video/mp4", &mp4("1280x720", "30", 8.0)).await;
    assert_eq!(status["state"], "ready", "{status}");
    let playback = &status["playback"];
    let get =
        async |member: &str| stack.get(playback[member].as_str().unwrap_or_else(|| panic!("{status}"))).await;

    let master = String::from_utf8(get("hls").await.body.to_vec()).unwrap();
    assert_eq!(master.matches("#EXT-X-STREAM-INF").count(), 4, "{master}");
    let folder = playback["hls"].as_str().unwrap().rsplit_once('/').unwrap().0.to_owned();
    for name in ["index_720p.m3u8", "index_270p_000000001.cmfv", "index_audioinit.cmfa"] {
        assert_eq!(stack.get(&format!("{folder}/{name}")).await.status, 200, "{name}");
    }
    assert_eq!(get("dash").await.header("content-type"), "application/dash+xml");
    let part = stack.send("GET", playback["mp4"].as_str().unwrap(), &[("range", "bytes=4-7")]).await;
    assert_eq!((part.status, part.body.as_ref()), (206, b"ftyp".as_slice()));

    let poster = playback["poster"].as_str().unwrap();
    assert_eq!(stack.get(&format!("{poster}?w=640")).await.picture().dimensions(), (640, 360));
    assert_eq!(playback["posters"].as_array().unwrap().len(), 4, "{status}");

    // Each cue names a part of a sheet that is there.
    let cues = String::from_utf8(get("tiles").await.body.to_vec()).unwrap();
    assert_eq!(cues.matches("-->").count(), 8, "{cues}");
    let sheet = cues.lines().find_map(|line| line.split_once("#xywh=")).unwrap().0;
    let sheet = stack.get(&format!("{folder}/{sheet}")).await.picture();
    assert!(sheet.width() >= 160 && sheet.height() >= 90, "{:?}", sheet.dimensions());

    // The colours of a thumbnail are the film's, not a black tile's.
    let bright = sheet
        .pixels()
        .take(90 * sheet.width() as usize)
        .filter(|pixel| pixel[0] > 60 || pixel[1] > 60)
        .count();
    assert!(bright > 1000, "{bright}");
}

#[tokio::test(flavor = "multi_thread")]
async fn upright_and_silent_clips_are_ready_and_what_is_no_video_says_why() {
    let stack = Running::start().await;
    let upright = followed(&stack, "upright.mp4", "video/mp4", &mp4("360x640", "25", 2.0)).await;
    assert_eq!(upright["state"], "ready", "{upright}");
    let sizes: Vec<_> = upright["renditions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["width"].as_u64(), r["height"].as_u64()))
        .collect();
    assert_eq!(sizes, [(Some(270), Some(480)), (Some(360), Some(640))], "{upright}");

    let silent = make(
        "silent.webm",
        &["-f", "lavfi", "-i", &picture("640x360", "25", 2.0), "-c:v", "libvpx", "-deadline", "realtime"],
    );
    let silent = followed(&stack, "silent.webm", "video/webm", &silent).await;
    assert_eq!(silent["state"], "ready", "{silent}");

    let song = make("song.mp4", &["-f", "lavfi", "-i", "sine=frequency=440:duration=2", "-c:a", "aac"]);
    let song = followed(&stack, "song.mp4", "video/mp4", &song).await;
    assert_eq!((&song["state"], &song["error"]["code"]), (&"failed".into(), &"no-video".into()), "{song}");

    let whole = mp4("640x360", "25", 2.0);
    let half = followed(&stack, "half.mp4", "video/mp4", &whole[..whole.len() / 2]).await;
    assert_eq!((&half["state"], &half["error"]["code"]), (&"failed".into(), &"unreadable".into()), "{half}");
}

/// The videos of the folder that `TINTYPE_CORPUS` names, if any.
#[tokio::test(flavor = "multi_thread")]
async fn real_clips_are_ready_or_fail_with_a_reason() {
    let Ok(corpus) = std::env::var("TINTYPE_CORPUS") else { return };
    let stack = Running::start().await;
    for (name, media_type, expected) in [
        ("base_h264_aac.mp4", "video/mp4", "ready"),
        ("no_audio.mp4", "video/mp4", "ready"),
        ("portrait_180x320.mp4", "video/mp4", "ready"),
        ("rotated_90.mov", "video/quicktime", "ready"),
        ("vp9_opus.webm", "video/webm", "ready"),
        ("truncated_50_no_moov.mp4", "video/mp4", "failed"),
    ] {
        let bytes = std::fs::read(Path::new(&corpus).join("video").join(name)).unwrap();
        let status = followed(&stack, name, media_type, &bytes).await;
        assert_eq!(status["state"], expected, "{name}: {status}");
        match expected {
            "ready" => {
                let playlist = stack.get(status["playback"]["hls"].as_str().unwrap()).await;
                assert!(playlist.body.starts_with(b"#EXTM3U"), "{name}: {status}");
            }
            _ => assert!(!status["error"]["message"].as_str().unwrap().is_empty(), "{name}: {status}"),
        }
    }
}
