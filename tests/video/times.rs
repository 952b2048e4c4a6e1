//! The times of pictures and sound in the segments, as players append them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::clips::{generate, loudness, test_picture};
use super::endpoint::Endpoint;
use super::inputs::full_job;
use super::jobs::PREFIX;

/// The segments of a track as one file, as players append them.
fn appended(folder: &Path, track: &str, extension: &str) -> PathBuf {
    let mut bytes = std::fs::read(folder.join(format!("{track}init.{extension}"))).unwrap();
    for number in 1.. {
        let Ok(segment) = std::fs::read(folder.join(format!("{track}_{number:09}.{extension}"))) else {
            break;
        };
        bytes.extend(segment);
    }
    let file = folder.join(format!("{track}.mp4"));
    std::fs::write(&file, bytes).unwrap();
    file
}

/// The presentation times of the frames in appended segments of video, in seconds and in their order: the sums of the decode
/// times and the composition offsets, without any edit list.
fn times(file: &Path) -> Vec<f64> {
    let bytes = std::fs::read(file).unwrap();
    let timescale =
        children(&bytes, &["moov", "trak", "mdia", "mdhd"]).map(|mdhd| number(mdhd, 12, 4)).next().unwrap();
    let mut times: Vec<f64> = children(&bytes, &["moof", "traf"])
        .flat_map(frames)
        .map(|time| time as f64 / timescale as f64)
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

/// The presentation times of a fragment, in units of the timescale (ISO/IEC 14496-12, sections 8.8.7, 8.8.8 and 8.8.12).
fn frames(traf: &[u8]) -> Vec<i64> {
    let part = |kind: &str| children(traf, &[kind]).next().unwrap().to_vec();
    let (tfhd, tfdt, trun) = (part("tfhd"), part("tfdt"), part("trun"));
    assert_eq!((number(&tfhd, 0, 4) & 0x2b, tfdt[0], trun[0]), (0x28, 1, 1), "the parts that ffmpeg writes");
    let (default_duration, flags) = (number(&tfhd, 8, 4), number(&trun, 1, 3));
    let mut at = 8 + 4 * (flags & 1) as usize + (flags & 4) as usize;
    let mut decoded = number(&tfdt, 4, 8);
    let mut field = |flag: u64| {
        (flags & flag != 0).then(|| {
            at += 4;
            number(&trun, at - 4, 4)
        })
    };
    let mut times = Vec::new();
    for _ in 0..number(&trun, 4, 4) {
        let duration = field(0x100).unwrap_or(default_duration);
        let (_size, _flags) = (field(0x200), field(0x400));
        let offset = (field(0x800).unwrap_or(0) as u32).cast_signed();
        times.push(decoded.cast_signed() + i64::from(offset));
        decoded += duration;
    }
    times
}

/// The contents of the boxes with a path of types.
fn children<'a>(bytes: &'a [u8], path: &[&str]) -> Box<dyn Iterator<Item = &'a [u8]> + 'a> {
    let Some((kind, rest)) = path.split_first() else { return Box::new(std::iter::once(bytes)) };
    let mut found = Vec::new();
    let mut at = 0;
    while at + 8 <= bytes.len() {
        let size = number(bytes, at, 4) as usize;
        if &bytes[at + 4..at + 8] == kind.as_bytes() {
            found.extend(children(&bytes[at + 8..at + size], rest));
        }
        at += size;
    }
    Box::new(found.into_iter())
}

fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    bytes[at..at + length].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_with_b_frames_begin_at_0_without_an_edit_list() {
    let endpoint = Endpoint::start().await;
    for (rate, count) in [("5", 15), ("25", 75)] {
        let clip = generate(
            "b.mp4",
            &[
                "-f",
                "lavfi",
                "-i",
                &test_picture("160x90", rate, 3.0),
                "-c:v",
                "libx264",
                "-pix_fmt",
                "yuv420p",
            ],
        );
        let input = endpoint.store_clip("b.mp4", clip).await;
        endpoint.run_job(&full_job(&input, (160, 90), false)).await;
        let folder = endpoint.download(PREFIX).await;
        let file = appended(folder.path(), "index_a", "cmfv");
        let (times, step) = (times(&file), 1.0 / rate.parse::<f64>().unwrap());
        assert_eq!(times.len(), count, "{rate}: {times:?}");
        let is_right = |(number, time): (usize, &f64)| (time - number as f64 * step).abs() < 0.001;
        assert!(times.iter().enumerate().all(is_right), "{rate}: {times:?}");
        assert_eq!(children(&std::fs::read(&file).unwrap(), &["moov", "trak", "edts"]).count(), 0, "{rate}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_that_begins_late_is_silent_until_then() {
    let picture = test_picture("160x90", "25", 4.0);
    let sound = ["-itsoffset", "2", "-f", "lavfi", "-i", "sine=duration=2", "-c:a", "aac"];
    let options =
        [&["-f", "lavfi", "-i", &picture][..], &sound, &["-c:v", "libx264", "-preset", "ultrafast"]].concat();
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("late.mp4", generate("late.mp4", &options)).await;
    endpoint.run_job(&full_job(&input, (160, 90), true)).await;
    let folder = endpoint.download(PREFIX).await;
    for file in [appended(folder.path(), "index_audio", "cmfa"), folder.path().join("video_a.mp4")] {
        let at = |from: &str| {
            let part = folder.path().join(format!("{from}.wav"));
            let mut command = Command::new("ffmpeg");
            command.args(["-nostdin", "-v", "error", "-y", "-ignore_editlist", "1", "-i"]).arg(&file);
            command.args(["-ss", from, "-t", "1.5", "-vn"]).arg(&part);
            assert!(command.status().unwrap().success());
            loudness(&part)[0]
        };
        let (before, after) = (at("0.3"), at("2.2"));
        assert!(before < 10.0 && after > 1_000.0, "{}: {before} {after}", file.display());
    }
}

/// The end of the picture of a clip whose job pads it with black frames, in seconds: the time of its last frame.
async fn padded_end(name: &str, inputs: &[&str]) -> f64 {
    let codecs = ["-c:a", "aac", "-c:v", "libx264", "-preset", "ultrafast", "-fps_mode", "passthrough"];
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip(name, generate(name, &[inputs, &codecs].concat())).await;
    let mut job = full_job(&input, (160, 90), true);
    job["settings"]["inputs"][0]["videoSelector"]["padVideo"] = json!("BLACK");
    endpoint.run_job(&job).await;
    let folder = endpoint.download(PREFIX).await;
    times(&appended(folder.path(), "index_a", "cmfv")).last().copied().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn black_frames_follow_a_picture_up_to_the_end_of_the_sound_and_no_further() {
    let picture = ["-f", "lavfi", "-i", &test_picture("160x90", "25", 2.0)];
    let sound = |seconds: &'static str| ["-f", "lavfi", "-i", seconds];
    let late = ["-itsoffset", "2"];
    for (name, inputs) in [
        ("long.mp4", [&picture[..], &sound("sine=duration=4")].concat()),
        ("long.mkv", [&picture[..], &sound("sine=duration=4")].concat()),
        ("late-sound.mp4", [&picture[..], &late, &sound("sine=duration=2")].concat()),
        ("late-picture.mp4", [&late, &picture[..], &sound("sine=duration=4")].concat()),
    ] {
        let end = padded_end(name, &inputs).await;
        assert!((3.8..4.1).contains(&end), "{name}: {end}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_whose_times_begin_again_has_the_duration_of_all_its_parts() {
    let picture = test_picture("160x90", "25", 3.0);
    let options = ["-f", "lavfi", "-i", &picture, "-c:v", "libx264", "-preset", "ultrafast"];
    let part = generate("part.ts", &options);
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("reset.ts", part.repeat(2)).await;
    let probed = endpoint.probe(&input).await;
    let seconds = probed.body["probeResults"][0]["container"]["duration"].as_f64().unwrap();
    assert!((5.9..6.1).contains(&seconds), "{probed:?}");
    endpoint.run_job(&full_job(&input, (160, 90), false)).await;
    let folder = endpoint.download(PREFIX).await;
    let times = times(&appended(folder.path(), "index_a", "cmfv"));
    assert!((5.8..6.1).contains(times.last().unwrap()), "{times:?}");
}
