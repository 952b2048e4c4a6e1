//! Clips as people have them: each ends as what it should, or in a clear refusal.

use serde_json::{Value, json};

use super::clips::{make, mp4, picture, probe};
use super::jobs::{PREFIX, adaptive, audio, files, job, movie, posters, rung, without_thumbnails};
use super::studio::Studio;

/// A job of one rung, a movie and a poster of one size, with audio or without.
fn all_of(input: &str, size: (u32, u32), has_audio: bool) -> Value {
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

/// What becomes of a clip: what `Probe` says of its picture, and the sizes of what comes out.
async fn check(name: &str, clip: Vec<u8>, size: (u32, u32), has_audio: bool, probed: Value) {
    let studio = Studio::start().await;
    let input = studio.put(name, clip).await;
    let answer = studio.probe(&input).await;
    assert_eq!(answer.status, 200, "{name}: {answer:?}");
    let container = &answer.body["probeResults"][0]["container"];
    let tracks = container["tracks"].as_array().unwrap();
    let video = tracks.iter().find(|track| track["trackType"] == "video").unwrap();
    for (member, expected) in probed.as_object().unwrap() {
        let found = match member.as_str() {
            "format" => &container["format"],
            "codec" => &video["codec"],
            other => &video["videoProperties"][other],
        };
        assert_eq!(found, expected, "{name}: {member} in {container}");
    }
    assert_eq!(tracks.iter().any(|track| track["trackType"] == "audio"), has_audio, "{name}: {container}");
    studio.complete(&all_of(&input, size, has_audio)).await;
    let folder = studio.download(PREFIX).await;
    for file in ["index.m3u8", "video_a.mp4"] {
        let streams = probe(&folder.path().join(file), "stream=codec_name,width,height");
        assert!(streams.contains(&format!("h264,{},{}", size.0, size.1)), "{name}: {file}: {streams}");
        assert_eq!(streams.contains("aac"), has_audio, "{name}: {file}: {streams}");
    }
    assert_eq!(image::image_dimensions(folder.path().join("poster.0000000.jpg")).unwrap(), size, "{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turned_clip_comes_out_upright() {
    // The left half is red: upright, after a quarter clockwise, the upper half.
    let halves = "color=red:size=160x180:rate=25:duration=2,pad=320:180:0:0:color=blue";
    let flat = make("flat.mp4", &["-f", "lavfi", "-i", halves, "-c:v", "libx264", "-pix_fmt", "yuv420p"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flat.mp4");
    std::fs::write(&file, flat).unwrap();
    let file = file.to_str().unwrap();
    let turned = make("turned.mov", &["-i", file, "-c", "copy", "-metadata:s:v:0", "rotate=270"]);
    let studio = Studio::start().await;
    let input = studio.put("turned.mov", turned).await;
    let probed = studio.probe(&input).await;
    let container = &probed.body["probeResults"][0]["container"];
    let video = &container["tracks"][0]["videoProperties"];
    assert_eq!(container["format"], "quicktime", "{container}");
    let turn = video["rotation"].as_u64().unwrap();
    assert!(turn == 90 || turn == 270, "{video}");
    studio.complete(&all_of(&input, (90, 160), false)).await;
    let folder = studio.download(PREFIX).await;
    let poster = image::open(folder.path().join("poster.0000000.jpg")).unwrap().to_rgb8();
    assert_eq!(poster.dimensions(), (90, 160));
    let (top, bottom) = (poster.get_pixel(45, 20), poster.get_pixel(45, 140));
    // Clockwise the left side comes to the top.
    let (red, blue) = if turn == 90 { (top, bottom) } else { (bottom, top) };
    assert!(red[0] > 150 && red[2] < 100 && blue[2] > 150 && blue[0] < 100, "{turn}: {top:?} {bottom:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_sizes_come_out_even() {
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
        make("odd.mp4", &options),
        (160, 90),
        false,
        json!({ "width": 321, "height": 181, "codec": "AVC" }),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_of_varying_rate_comes_out_in_time() {
    // Ten frames a second for a second, then two.
    let picture = picture("160x90", "10", 4.0);
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
    let studio = Studio::start().await;
    let input = studio.put("vfr.mp4", make("vfr.mp4", &options)).await;
    studio.complete(&all_of(&input, (160, 90), false)).await;
    let folder = studio.download(PREFIX).await;
    let seconds: f64 = probe(&folder.path().join("video_a.mp4"), "format=duration").trim().parse().unwrap();
    assert!((3.4..4.4).contains(&seconds), "{seconds}");
    let gaps = probe(&folder.path().join("video_a.mp4"), "packet=duration_time");
    let gaps: std::collections::BTreeSet<_> =
        gaps.lines().map(|line| line.trim_matches(',')).filter(|l| !l.is_empty()).collect();
    assert!(gaps.len() <= 2, "frames come regularly: {gaps:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hevc_webm_and_mov_are_taken() {
    let picture = picture("320x180", "25", 2.0);
    let tone = "sine=frequency=440:duration=2";
    let of = |name: &str, codecs: &[&str]| {
        make(
            name,
            &[&["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", tone, "-pix_fmt", "yuv420p"], codecs]
                .concat(),
        )
    };
    let hevc = of(
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
    let webm = of(
        "clip.webm",
        &["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"],
    );
    check("clip.webm", webm, (160, 90), true, json!({ "codec": "VP9", "format": "webm" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_recorded_has_a_duration_though_it_doesnt_tell_it() {
    let picture = picture("320x180", "25", 4.0);
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
    let studio = Studio::start().await;
    let input = studio.put("recorded.webm", make("recorded.webm", &options)).await;
    let probed = studio.probe(&input).await;
    let seconds = probed.body["probeResults"][0]["container"]["duration"].as_f64().unwrap();
    assert!((3.9..4.1).contains(&seconds), "{probed:?}");
    studio.complete(&all_of(&input, (160, 90), false)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn audio_alone_is_a_stream_of_its_own() {
    let studio = Studio::start().await;
    let options = ["-f", "lavfi", "-i", "sine=frequency=440:duration=8", "-c:a", "aac"];
    let input = studio.put("song.m4a", make("song.m4a", &options)).await;
    let probed = studio.probe(&input).await;
    assert_eq!(
        probed.body["probeResults"][0]["trackMappings"][0]["videoTrackIndexes"],
        json!([]),
        "{probed:?}"
    );
    studio.complete(&job(&input, &[without_thumbnails(adaptive(&[audio()]))])).await;
    let folder = studio.download(PREFIX).await;
    for manifest in ["index.m3u8", "index.mpd"] {
        assert!(probe(&folder.path().join(manifest), "stream=codec_name").contains("aac"), "{manifest}");
    }
    // A job that wants a picture of it fails, and says why.
    let id = studio.create(&job(&input, &[files("video", &[movie("_a", (160, 90), true)])])).await;
    let failed = studio.ended(&id).await;
    assert_eq!((&failed["status"], &failed["errorCode"]), (&json!("ERROR"), &json!(1030)), "{failed}");
    assert_eq!(failed["errorMessage"], "the input has no video");
    let events = studio.events(&id).await;
    let detail = &events.last().unwrap()["detail"];
    assert_eq!(
        (&detail["errorCode"], &detail["errorMessage"]),
        (&json!(1030), &json!("the input has no video"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_video_is_refused_by_the_probe_and_fails_as_a_job() {
    let studio = Studio::start().await;
    let whole = mp4("320x180", "25", 4.0);
    let half = whole[..whole.len() / 2].to_vec();
    let jpeg = make("photo.jpg", &["-f", "lavfi", "-i", "testsrc2=size=64x64:duration=1", "-frames:v", "1"]);
    // A playlist that would have ffmpeg open other files, were it read as one.
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
        let input = studio.put(name, bytes).await;
        let answer = studio.probe(&input).await;
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
        let id = studio.create(&all_of(&input, (160, 90), false)).await;
        let failed = studio.ended(&id).await;
        assert_eq!(
            (&failed["status"], &failed["errorCode"]),
            (&json!("ERROR"), &json!(1076)),
            "{name}: {failed}"
        );
    }
    assert_eq!(studio.keys(PREFIX).await, [""; 0], "nothing is left of them");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_shorter_than_a_group_of_pictures_is_one_segment() {
    let studio = Studio::start().await;
    let input = studio.put("short.mp4", mp4("160x90", "25", 0.2)).await;
    studio.complete(&all_of(&input, (160, 90), true)).await;
    let folder = studio.download(PREFIX).await;
    let playlist = std::fs::read_to_string(folder.path().join("index_a.m3u8")).unwrap();
    assert_eq!(playlist.matches("#EXTINF").count(), 1, "{playlist}");
}
