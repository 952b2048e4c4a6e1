//! Sources whose times, fields, channels or containers are unusual, and damaged ones.

use std::process::Command;

use contract::renditions::video_id;
use serde_json::{Value, json};
use tintype::local::names::ORIGINALS;

use super::clips::{generate, loudness, probe, test_picture};
use super::endpoint::Endpoint;
use super::inputs::full_job;
use super::jobs::PREFIX;
use super::upload_to_playback::final_status;
use crate::support::{Running, wait};

/// A clip without sound, in the format and with the codec that the name and the options select.
fn silent(name: &str, size: &str, options: &[&str]) -> Vec<u8> {
    generate(name, &[&["-f", "lavfi", "-i", &test_picture(size, "25", 1.0)], options].concat())
}

/// A recording as browsers make them: times in whole milliseconds that vary, and no frame rate in the header.
fn recording() -> Vec<u8> {
    let picture = test_picture("160x90", "30", 3.0);
    let jitter = "settb=1/1000,setpts='floor(PTS+random(0)*12)'";
    let input = ["-f", "lavfi", "-i", &picture, "-vf", jitter, "-fps_mode", "passthrough"];
    let codec = ["-enc_time_base", "1/1000", "-c:v", "libvpx", "-deadline", "realtime", "-live", "1"];
    let mut file = generate("recorded.webm", &[&input[..], &codec].concat());
    // `DefaultDuration` (RFC 9559, section 5.1.4.1.13) becomes `Void` with six bytes.
    let at = file.windows(4).position(|bytes| bytes == [0x23, 0xe3, 0x83, 0x84]).unwrap();
    file[at..at + 8].copy_from_slice(&[0xec, 0x86, 0, 0, 0, 0, 0, 0]);
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_of_a_browser_has_the_rate_of_its_frames() {
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("recorded.webm", recording()).await;
    let probed = endpoint.probe(&input).await;
    let video = &probed.body["probeResults"][0]["container"]["tracks"][0]["videoProperties"];
    assert_eq!(video["frameRate"], json!({ "numerator": 30, "denominator": 1 }), "{probed:?}");
    endpoint.run_job(&full_job(&input, (160, 90), false)).await;
    let folder = endpoint.download(PREFIX).await;
    let rate = probe(&folder.path().join("video_a.mp4"), "stream=avg_frame_rate");
    assert_eq!(rate.trim(), "30/1");
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_a_warning_and_the_duration_is_what_came_out() {
    let picture = test_picture("160x90", "25", 8.0);
    let options = ["-f", "lavfi", "-i", &picture, "-c:v", "libx264", "-preset", "ultrafast"];
    let whole =
        generate("clip.mp4", &[&options[..], &["-pix_fmt", "yuv420p", "-movflags", "+faststart"]].concat());
    let endpoint = Endpoint::start().await;
    let check = async |name: &str, clip: &[u8]| {
        let input = endpoint.store_clip(name, clip.to_vec()).await;
        let id = endpoint.create(&full_job(&input, (160, 90), false)).await;
        let job = endpoint.wait_for_end(&id).await;
        assert_eq!(job["status"], "COMPLETE", "{job}");
        let event = endpoint.events(&id).await.pop().unwrap();
        assert_eq!(event["detail"]["warnings"], job["warnings"], "{event}");
        job
    };
    let job = check("whole.mp4", &whole).await;
    assert_eq!(job["warnings"], Value::Null, "{job}");
    let job = check("half.mp4", &whole[..whole.len() / 2]).await;
    assert!(job["warnings"][0]["count"].as_u64().unwrap() > 0, "{job}");
    for group in [0, 1] {
        let milliseconds =
            job["outputGroupDetails"][group]["outputDetails"][0]["durationInMs"].as_u64().unwrap();
        assert!((2_000..6_000).contains(&milliseconds), "{job}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interlaced_source_becomes_progressive() {
    // A bar that moves by 8 pixels from field to field: its edges are combs if both fields are in one frame.
    let bar = "color=black:size=320x240:rate=50:duration=2[b];color=white:size=40x120:rate=50:duration=2[w];\
        [b][w]overlay=x='mod(t*400,280)':y=60,format=yuv420p,interlace=scan=tff";
    let options = ["-f", "lavfi", "-i", bar, "-flags", "+ilme+ildct", "-c:v", "mpeg2video", "-qscale:v", "2"];
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("fields.mpg", generate("fields.mpg", &options)).await;
    endpoint.run_job(&full_job(&input, (320, 240), false)).await;
    let folder = endpoint.download(PREFIX).await;
    let frame = folder.path().join("frame.png");
    let movie = folder.path().join("video_a.mp4");
    let mut command = Command::new("ffmpeg");
    command
        .args(["-nostdin", "-v", "error", "-ss", "0.8", "-i"])
        .arg(movie)
        .args(["-frames:v", "1"])
        .arg(&frame);
    assert!(command.status().unwrap().success());
    let picture = image::open(frame).unwrap().to_luma8();
    let level = |x: u32, y: u32| i32::from(picture.get_pixel(x, y)[0]);
    let is_comb = |x: u32, y: u32| {
        let (above, here, below) = (level(x, y - 1), level(x, y), level(x, y + 1));
        (here - above).abs() > 100 && (here - below).abs() > 100
    };
    let bright = (0..320).filter(|x| level(*x, 120) > 150).count();
    assert!((30..60).contains(&bright), "the bar is {bright} pixels wide");
    let combs =
        (65..175).flat_map(|y| (0..320).map(move |x| (x, y))).filter(|(x, y)| is_comb(*x, *y)).count();
    assert!(combs < 50, "{combs} pixels differ from the rows above and below");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tracks_in_one_selector_are_left_and_right() {
    let picture = test_picture("160x90", "25", 1.0);
    let inputs = ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", "sine=duration=1", "-f", "lavfi", "-i"];
    let maps = [
        "anullsrc=channel_layout=mono:duration=1",
        "-map",
        "0",
        "-map",
        "1",
        "-map",
        "2",
        "-c:a",
        "pcm_s16le",
    ];
    let endpoint = Endpoint::start().await;
    let clip =
        generate("pair.mov", &[&inputs[..], &maps, &["-c:v", "libx264", "-preset", "ultrafast"]].concat());
    let input = endpoint.store_clip("pair.mov", clip).await;
    let mut job = full_job(&input, (160, 90), true);
    job["settings"]["inputs"][0]["audioSelectors"]["Audio Selector 1"]["tracks"] = json!([1, 2]);
    endpoint.run_job(&job).await;
    let folder = endpoint.download(PREFIX).await;
    let [left, right] = loudness(&folder.path().join("video_a.mp4"));
    assert!(left > 1_000.0 && right < 10.0, "{left} {right}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_of_a_video_type_has_a_final_status() {
    let mpeg2 = ["-c:v", "mpeg2video"];
    let stream = silent("a.ts", "160x90", &mpeg2);
    let cases = [
        ("flv.bin", "video/x-flv", silent("a.flv", "160x90", &["-c:v", "flv"]), "ready"),
        ("a.ogv", "video/ogg", silent("a.ogv", "160x90", &["-c:v", "libtheora"]), "ready"),
        ("elementary.mpg", "video/mpeg", silent("a.m2v", "160x90", &mpeg2), "ready"),
        (
            "a.m2ts",
            "video/mp2t",
            silent("a.m2ts", "160x90", &["-c:v", "mpeg2video", "-mpegts_m2ts_mode", "1"]),
            "ready",
        ),
        ("late.ts", "video/mp2t", stream[100..].to_vec(), "ready"),
        ("unknown.bin", "video/vnd.rn-realvideo", b".RMF\0\0\0\x12".to_vec(), "failed"),
        ("empty.mp4", "video/mp4", Vec::new(), "failed"),
    ];
    let stack = Running::start().await;
    for (name, media_type, clip, _) in &cases {
        let put =
            stack.s3().put_object().bucket(ORIGINALS).key(format!("files/{name}")).content_type(*media_type);
        put.tagging("state=clean").body(clip.clone().into()).send().await.unwrap();
    }
    for (name, _, _, expected) in &cases {
        let id = video_id(&format!("files/{name}"));
        let status = wait::for_value(&format!("the final status of {name}"), async || {
            let got = stack.get(&format!("/videos/{id}/status.json")).await;
            let status = if got.status == 200 { got.json() } else { Value::Null };
            let is_final = matches!(status["state"].as_str(), Some("ready" | "failed" | "canceled"));
            if is_final { Ok(status) } else { Err(status) }
        })
        .await;
        assert_eq!(status["state"], *expected, "{name}: {status}");
        if *expected == "failed" {
            assert_eq!(status["error"]["code"], "unreadable", "{name}: {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poster_that_is_black_is_replaced_by_the_next_one_that_is_not() {
    // Posters are the frames at 0, 1, 2 and 3 seconds.
    let film = "color=black:size=160x90:rate=25:duration=1.5[b];testsrc2=size=160x90:rate=25:duration=2.5[p];[b][p]concat";
    let options =
        ["-f", "lavfi", "-i", film, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
    let stack = Running::start().await;
    let status = final_status(&stack, "night.mp4", "video/mp4", &generate("night.mp4", &options)).await;
    assert_eq!(status["state"], "ready", "{status}");
    let brightest = async |path: &Value| {
        let picture = stack.get(path.as_str().unwrap()).await.picture();
        picture.pixels().map(|pixel| pixel[0].max(pixel[1])).max().unwrap()
    };
    let playback = &status["playback"];
    assert!(brightest(&playback["posters"][1]).await < 40, "{status}");
    assert!(brightest(&playback["poster"]).await > 200, "{status}");
}
