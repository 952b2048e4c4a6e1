//! The whole path of a video: upload, trigger, job, status document, CDN.

use std::path::Path;

use serde_json::Value;

use super::clips::{generate, mp4, test_picture};
use crate::support::{Running, wait};

/// Uploads a clip and waits for its final status document.
pub(super) async fn final_status(stack: &Running, name: &str, media_type: &str, bytes: &[u8]) -> Value {
    let path = stack.upload(name, media_type, bytes).await;
    status_of(stack, &path, name).await
}

/// The final status document of a video by its path.
pub(super) async fn status_of(stack: &Running, path: &str, name: &str) -> Value {
    let id = path.split('/').nth(2).unwrap();
    wait::for_value(&format!("the final status of {name}"), async || {
        let got = stack.get(&format!("/videos/{id}/status.json")).await;
        let status = if got.status == 200 { got.json() } else { Value::Null };
        let is_final = matches!(status["state"].as_str(), Some("ready" | "failed" | "canceled"));
        if is_final { Ok(status) } else { Err(status) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uploaded_clip_becomes_playable_and_its_poster_has_variants() {
    let stack = Running::start().await;
    let status = final_status(&stack, "clip.mp4", "video/mp4", &mp4("1280x720", "30", 8.0)).await;
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

    // Each cue names a region of an existing sheet.
    let cues = String::from_utf8(get("tiles").await.body.to_vec()).unwrap();
    assert_eq!(cues.matches("-->").count(), 8, "{cues}");
    let sheet = cues.lines().find_map(|line| line.split_once("#xywh=")).unwrap().0;
    let sheet = stack.get(&format!("{folder}/{sheet}")).await.picture();
    assert!(sheet.width() >= 160 && sheet.height() >= 90, "{:?}", sheet.dimensions());

    // A thumbnail has the colours of the film; a blank tile would be black.
    let bright = sheet
        .pixels()
        .take(90 * sheet.width() as usize)
        .filter(|pixel| pixel[0] > 60 || pixel[1] > 60)
        .count();
    assert!(bright > 1000, "{bright}");
}

#[tokio::test(flavor = "multi_thread")]
async fn portrait_and_silent_clips_become_ready_and_files_without_video_fail_with_a_reason() {
    let stack = Running::start().await;
    let portrait = final_status(&stack, "portrait.mp4", "video/mp4", &mp4("360x640", "25", 2.0)).await;
    assert_eq!(portrait["state"], "ready", "{portrait}");
    let sizes: Vec<_> = portrait["renditions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["width"].as_u64(), r["height"].as_u64()))
        .collect();
    assert_eq!(sizes, [(Some(270), Some(480)), (Some(360), Some(640))], "{portrait}");

    let silent = generate(
        "silent.webm",
        &[
            "-f",
            "lavfi",
            "-i",
            &test_picture("640x360", "25", 2.0),
            "-c:v",
            "libvpx",
            "-deadline",
            "realtime",
        ],
    );
    let silent = final_status(&stack, "silent.webm", "video/webm", &silent).await;
    assert_eq!(silent["state"], "ready", "{silent}");

    let whole = mp4("640x360", "25", 2.0);
    let half = final_status(&stack, "half.mp4", "video/mp4", &whole[..whole.len() / 2]).await;
    assert_eq!((&half["state"], &half["error"]["code"]), (&"failed".into(), &"unreadable".into()), "{half}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_alone_becomes_hls_dash_and_one_file() {
    let stack = Running::start().await;
    let tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=9"];
    for (name, media_type, codec) in [
        ("song.mp4", "video/mp4", "aac"),
        ("song.m4a", "audio/mp4", "aac"),
        ("song.mp3", "audio/mpeg", "libmp3lame"),
        ("song.ogg", "audio/ogg", "libvorbis"),
        ("song.wav", "audio/x-wav", "pcm_s16le"),
        ("song.flac", "audio/flac", "flac"),
        ("song.aac", "audio/aac", "aac"),
        ("song.webm", "audio/webm", "libopus"),
    ] {
        let song = generate(name, &[&tone[..], &["-c:a", codec]].concat());
        let status = final_status(&stack, name, media_type, &song).await;
        assert_eq!(status["state"], "ready", "{name}: {status}");
        let playback = &status["playback"];
        assert_eq!(
            (&playback["mp4"], &playback["poster"], &playback["tiles"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        let seconds = status["durationSeconds"].as_f64().unwrap();
        assert!((seconds - 9.0).abs() < 0.2, "{name}: {status}");

        // The playlist has one variant, whose segments have the whole duration.
        let hls = playback["hls"].as_str().unwrap();
        let master = String::from_utf8(stack.get(hls).await.body.to_vec()).unwrap();
        assert_eq!(master.matches("#EXT-X-STREAM-INF").count(), 1, "{name}: {master}");
        assert!(master.contains("mp4a.40.2") && !master.contains("RESOLUTION"), "{name}: {master}");
        let variant = master.lines().find(|line| !line.is_empty() && !line.starts_with('#')).unwrap();
        let folder = hls.rsplit_once('/').unwrap().0;
        let variant =
            String::from_utf8(stack.get(&format!("{folder}/{variant}")).await.body.to_vec()).unwrap();
        let durations = variant.split("#EXTINF:").skip(1).map(|rest| rest.split(',').next().unwrap());
        let total: f64 = durations.map(|seconds| seconds.parse::<f64>().unwrap()).sum();
        assert!((total - 9.0).abs() < 0.2, "{name}: {variant}");
        assert_eq!(
            stack.get(playback["dash"].as_str().unwrap()).await.header("content-type"),
            "application/dash+xml"
        );
        let file = stack.get(playback["audio"].as_str().unwrap()).await;
        assert_eq!(file.body.get(4..8), Some(b"ftyp".as_slice()), "{name}");
    }
}

/// Runs if `TINTYPE_CORPUS` names a folder with videos.
#[tokio::test(flavor = "multi_thread")]
async fn clips_of_the_corpus_become_ready_or_fail_with_a_reason() {
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
        let status = final_status(&stack, name, media_type, &bytes).await;
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
