//! Clips that ffmpeg generates: a moving test picture and a tone.

use std::path::Path;
use std::process::Command;

/// Generates a clip. `options` name inputs, filters and codecs; the suffix of `name` selects the format.
pub(crate) fn generate(name: &str, options: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error"]).args(options).arg(&file);
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("ffmpeg can't be started: {error}; ./test installs it"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(file).unwrap()
}

/// The filter of a test picture with a size in pixels (`320x180`) and a frame rate in frames per second.
pub(crate) fn test_picture(size: &str, rate: &str, seconds: f64) -> String {
    format!("testsrc2=size={size}:rate={rate}:duration={seconds}")
}

/// A clip with H.264 and AAC in MP4.
pub(crate) fn mp4(size: &str, rate: &str, seconds: f64) -> Vec<u8> {
    clip("clip.mp4", size, rate, seconds)
}

/// A clip with H.264 and AAC in the format that the suffix of `name` selects.
pub(crate) fn clip(name: &str, size: &str, rate: &str, seconds: f64) -> Vec<u8> {
    let tone = format!("sine=frequency=440:duration={seconds}");
    let picture = test_picture(size, rate, seconds);
    let options = [
        "-f",
        "lavfi",
        "-i",
        &picture,
        "-f",
        "lavfi",
        "-i",
        &tone,
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
    ];
    generate(name, &[&options[..], &["-pix_fmt", "yuv420p", "-c:a", "aac"]].concat())
}

/// The given entries of ffprobe's output about a file, as CSV.
pub(crate) fn probe(file: &Path, entries: &str) -> String {
    let mut command = Command::new("ffprobe");
    command.args(["-v", "error", "-show_entries", entries, "-of", "csv=p=0"]);
    if file.extension().is_some_and(|extension| extension == "m3u8" || extension == "mpd") {
        // ffmpeg does not know the suffixes that MediaConvert gives segments.
        command.args(["-allowed_extensions", "ALL"]);
    }
    command.arg(file);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The root mean square of each channel of a file in stereo, in units of 16 bits.
pub(crate) fn loudness(file: &Path) -> [f64; 2] {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-i"]).arg(file).args(["-f", "s16le", "-ac", "2", "-"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let samples =
        output.stdout.chunks_exact(2).map(|bytes| f64::from(i16::from_le_bytes([bytes[0], bytes[1]])));
    let samples: Vec<f64> = samples.collect();
    [0, 1].map(|channel| {
        let of_channel: Vec<f64> =
            samples.iter().skip(channel).step_by(2).map(|sample| sample * sample).collect();
        (of_channel.iter().sum::<f64>() / of_channel.len() as f64).sqrt()
    })
}
