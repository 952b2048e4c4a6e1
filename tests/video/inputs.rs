//! Unusual inputs: each is transcoded correctly or refused with a clear message.

use serde_json::{Value, json};

use super::clips::{self, generate, mp4, probe, test_picture};
use super::endpoint::Endpoint;
use super::jobs::{PREFIX, adaptive, audio, files, job, movie, posters, rung, without_thumbnails};

/// A job with one rung, an MP4 and a poster of one size, with or without audio.
pub(super) fn full_job(input: &str, size: (u32, u32), has_audio: bool) -> Value {
    let mut outputs = vec![rung("_a", size)];
    if has_audio {
        outputs.push(audio());
    }
    job(
        input,
        &[
            adaptive(&outputs),
            files("video", &[movie("_a", size, has_audio)]),
            files("poster", &[posters(size, 1, 1)]),
        ],
    )
}

/// Checks `Probe`'s answer about a clip and the sizes of its outputs.
async fn check(name: &str, clip: Vec<u8>, size: (u32, u32), has_audio: bool, properties: Value) {
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip(name, clip).await;
    let answer = endpoint.probe(&input).await;
    assert_eq!(answer.status, 200, "{name}: {answer:?}");
    let container = &answer.body["probeResults"][0]["container"];
    let tracks = container["tracks"].as_array().unwrap();
    let video = tracks.iter().find(|track| track["trackType"] == "video").unwrap();
    for (member, expected) in properties.as_object().unwrap() {
        let found = match member.as_str() {
            "format" => &container["format"],
            "codec" => &video["codec"],
            other => &video["videoProperties"][other],
        };
        assert_eq!(found, expected, "{name}: {member} in {container}");
    }
    assert_eq!(tracks.iter().any(|track| track["trackType"] == "audio"), has_audio, "{name}: {container}");
    endpoint.run_job(&full_job(&input, size, has_audio)).await;
    let folder = endpoint.download(PREFIX).await;
    for file in ["index.m3u8", "video_a.mp4"] {
        let streams = probe(&folder.path().join(file), "stream=codec_name,width,height");
        assert!(streams.contains(&format!("h264,{},{}", size.0, size.1)), "{name}: {file}: {streams}");
        assert_eq!(streams.contains("aac"), has_audio, "{name}: {file}: {streams}");
    }
    assert_eq!(image::image_dimensions(folder.path().join("poster.0000000.jpg")).unwrap(), size, "{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_clip_is_transcoded_upright() {
    // The left half is red. A rotation by 90 degrees clockwise makes it the upper half.
    let halves = "color=red:size=160x180:rate=25:duration=2,pad=320:180:0:0:color=blue";
    let flat = generate("flat.mp4", &["-f", "lavfi", "-i", halves, "-c:v", "libx264", "-pix_fmt", "yuv420p"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flat.mp4");
    std::fs::write(&file, flat).unwrap();
    let file = file.to_str().unwrap();
    let rotated = generate("rotated.mov", &["-i", file, "-c", "copy", "-metadata:s:v:0", "rotate=270"]);
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("rotated.mov", rotated).await;
    let probed = endpoint.probe(&input).await;
    let container = &probed.body["probeResults"][0]["container"];
    let video = &container["tracks"][0]["videoProperties"];
    assert_eq!(container["format"], "quicktime", "{container}");
    let rotation = video["rotation"].as_u64().unwrap();
    assert!(rotation == 90 || rotation == 270, "{video}");
    endpoint.run_job(&full_job(&input, (90, 160), false)).await;
    let folder = endpoint.download(PREFIX).await;
    let poster = image::open(folder.path().join("poster.0000000.jpg")).unwrap().to_rgb8();
    assert_eq!(poster.dimensions(), (90, 160));
    let (top, bottom) = (poster.get_pixel(45, 20), poster.get_pixel(45, 140));
    // A clockwise rotation moves the left side to the top.
    let (red, blue) = if rotation == 90 { (top, bottom) } else { (bottom, top) };
    assert!(red[0] > 150 && red[2] < 100 && blue[2] > 150 && blue[0] < 100, "{rotation}: {top:?} {bottom:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_sizes_become_even() {
    let options = [
        "-f",
        "lavfi",
        "-i",
        "testsrc=size=321x181:rate=25:duration=2",
        "-c:v",
        "libx264",
        "-pix_fmt",
        "yuv444p",
    ];
    check(
        "odd.mp4",
        generate("odd.mp4", &options),
        (160, 90),
        false,
        json!({ "width": 321, "height": 181, "codec": "AVC" }),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_with_a_variable_frame_rate_keeps_its_duration() {
    // Ten frames per second for one second, then two.
    let picture = test_picture("160x90", "10", 4.0);
    let filter = "select='lt(t,1)+not(mod(n,5))'";
    let options = [
        "-f",
        "lavfi",
        "-i",
        &picture,
        "-vf",
        filter,
        "-fps_mode",
        "vfr",
        "-c:v",
        "libx264",
        "-pix_fmt",
        "yuv420p",
    ];
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("vfr.mp4", generate("vfr.mp4", &options)).await;
    endpoint.run_job(&full_job(&input, (160, 90), false)).await;
    let folder = endpoint.download(PREFIX).await;
    let seconds: f64 = probe(&folder.path().join("video_a.mp4"), "format=duration").trim().parse().unwrap();
    assert!((3.4..4.4).contains(&seconds), "{seconds}");
    let gaps = probe(&folder.path().join("video_a.mp4"), "packet=duration_time");
    let gaps: std::collections::BTreeSet<_> =
        gaps.lines().map(|line| line.trim_matches(',')).filter(|l| !l.is_empty()).collect();
    assert!(gaps.len() <= 2, "the frame rate is constant: {gaps:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hevc_webm_and_mov_are_transcoded() {
    let picture = test_picture("320x180", "25", 2.0);
    let tone = "sine=frequency=440:duration=2";
    let clip = |name: &str, codecs: &[&str]| {
        generate(
            name,
            &[&["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", tone, "-pix_fmt", "yuv420p"], codecs]
                .concat(),
        )
    };
    let hevc = clip(
        "hevc.mov",
        &[
            "-c:v",
            "libx265",
            "-x265-params",
            "log-level=error",
            "-preset",
            "ultrafast",
            "-tag:v",
            "hvc1",
            "-c:a",
            "aac",
        ],
    );
    check("hevc.mov", hevc, (160, 90), true, json!({ "codec": "HEVC", "format": "quicktime" })).await;
    let webm = clip(
        "clip.webm",
        &["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"],
    );
    check("clip.webm", webm, (160, 90), true, json!({ "codec": "VP9", "format": "webm" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_recording_without_a_duration_gets_one() {
    let picture = test_picture("320x180", "25", 4.0);
    let options = [
        "-f",
        "lavfi",
        "-i",
        &picture,
        "-c:v",
        "libvpx",
        "-deadline",
        "realtime",
        "-cpu-used",
        "8",
        "-live",
        "1",
    ];
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("recorded.webm", generate("recorded.webm", &options)).await;
    let probed = endpoint.probe(&input).await;
    let seconds = probed.body["probeResults"][0]["container"]["duration"].as_f64().unwrap();
    assert!((3.9..4.1).contains(&seconds), "{probed:?}");
    endpoint.run_job(&full_job(&input, (160, 90), false)).await;
}

/// The clip in Matroska with a header that says one second.
fn with_a_duration_of_a_second(mut clip: Vec<u8>) -> Vec<u8> {
    // `Duration` in milliseconds, as a float of eight bytes (RFC 9559, section 5.1.2.10).
    let element = [0x44, 0x89, 0x88];
    let at = clip.windows(3).position(|bytes| bytes == element).unwrap() + element.len();
    clip[at..at + 8].copy_from_slice(&1000_f64.to_be_bytes());
    clip
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_ends_at_the_end_of_its_clipping_with_a_wrong_header_too() {
    let endpoint = Endpoint::start().await;
    let lying = with_a_duration_of_a_second(clips::clip("long.mkv", "160x90", "25", 12.0));
    let input = endpoint.store_clip("long.mkv", lying).await;
    let probed = endpoint.probe(&input).await;
    assert_eq!(probed.body["probeResults"][0]["container"]["duration"], 1.0, "{probed:?}");
    let mut job = full_job(&input, (160, 90), true);
    job["settings"]["inputs"][0]["inputClippings"] = json!([{ "endTimecode": "00:00:02:00" }]);
    endpoint.run_job(&job).await;
    let folder = endpoint.download(PREFIX).await;
    for file in ["index.m3u8", "index.mpd", "video_a.mp4"] {
        let seconds: f64 = probe(&folder.path().join(file), "format=duration").trim().parse().unwrap();
        assert!((1.9..2.2).contains(&seconds), "{file}: {seconds}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn audio_without_video_is_transcoded() {
    let endpoint = Endpoint::start().await;
    let options = ["-f", "lavfi", "-i", "sine=frequency=440:duration=8", "-c:a", "aac"];
    let input = endpoint.store_clip("song.m4a", generate("song.m4a", &options)).await;
    let probed = endpoint.probe(&input).await;
    assert_eq!(
        probed.body["probeResults"][0]["trackMappings"][0]["videoTrackIndexes"],
        json!([]),
        "{probed:?}"
    );
    endpoint.run_job(&job(&input, &[without_thumbnails(adaptive(&[audio()]))])).await;
    let folder = endpoint.download(PREFIX).await;
    for manifest in ["index.m3u8", "index.mpd"] {
        assert!(probe(&folder.path().join(manifest), "stream=codec_name").contains("aac"), "{manifest}");
    }
    // A job with a video output fails and reports the reason.
    let id = endpoint.create(&job(&input, &[files("video", &[movie("_a", (160, 90), true)])])).await;
    let failed = endpoint.wait_for_end(&id).await;
    assert_eq!((&failed["status"], &failed["errorCode"]), (&json!("ERROR"), &json!(1030)), "{failed}");
    assert_eq!(failed["errorMessage"], "the input has no video");
    let events = endpoint.events(&id).await;
    let detail = &events.last().unwrap()["detail"];
    assert_eq!(
        (&detail["errorCode"], &detail["errorMessage"]),
        (&json!(1030), &json!("the input has no video"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn probe_refuses_a_file_without_media_and_its_job_fails() {
    let endpoint = Endpoint::start().await;
    let whole = mp4("320x180", "25", 4.0);
    let half = whole[..whole.len() / 2].to_vec();
    let jpeg =
        generate("photo.jpg", &["-f", "lavfi", "-i", "testsrc2=size=64x64:duration=1", "-frames:v", "1"]);
    // This file is a playlist. If ffmpeg read it as a playlist, it would open other files.
    let playlist =
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n".to_vec();
    let concat = b"ffconcat version 1.0\nfile /etc/passwd\n".to_vec();
    let cases = [
        ("half.mp4", half),
        ("photo.mp4", jpeg),
        ("list.mp4", playlist),
        ("concat.mp4", concat),
        ("empty.mp4", Vec::new()),
    ];
    for (name, bytes) in cases {
        let input = endpoint.store_clip(name, bytes).await;
        let answer = endpoint.probe(&input).await;
        assert_eq!(
            (answer.status, answer.error.as_str()),
            (422, "UnprocessableEntityException"),
            "{name}: {answer:?}"
        );
        let message = answer.body["message"].as_str().unwrap();
        assert!(
            message.starts_with("the file can't be read: ") && !message.contains("X-Amz"),
            "{name}: {message}"
        );
        let id = endpoint.create(&full_job(&input, (160, 90), false)).await;
        let failed = endpoint.wait_for_end(&id).await;
        assert_eq!(
            (&failed["status"], &failed["errorCode"]),
            (&json!("ERROR"), &json!(1076)),
            "{name}: {failed}"
        );
    }
    assert_eq!(endpoint.keys(PREFIX).await, [""; 0], "failed jobs leave no objects");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_shorter_than_one_gop_is_one_segment() {
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("short.mp4", mp4("160x90", "25", 0.2)).await;
    endpoint.run_job(&full_job(&input, (160, 90), true)).await;
    let folder = endpoint.download(PREFIX).await;
    let playlist = std::fs::read_to_string(folder.path().join("index_a.m3u8")).unwrap();
    assert_eq!(playlist.matches("#EXTINF").count(), 1, "{playlist}");
}
