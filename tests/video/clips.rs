//! Clips: a test picture that moves and a tone, made by ffmpeg.

use std::path::Path;
use std::process::Command;

/// A clip of ffmpeg's, as its options say. `options` name inputs, filters and codecs; the file's suffix the format.
pub(crate) fn make(name: &str, options: &[&str]) -> Vec<u8> {
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

/// A test picture of a size at a rate for some seconds.
pub(crate) fn picture(size: &str, rate: &str, seconds: f64) -> String {
    format!("testsrc2=size={size}:rate={rate}:duration={seconds}")
}

/// H.264 and AAC in MP4.
pub(crate) fn mp4(size: &str, rate: &str, seconds: f64) -> Vec<u8> {
    let tone = format!("sine=frequency=440:duration={seconds}");
    let picture = picture(size, rate, seconds);
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
    make("clip.mp4", &[&options[..], &["-pix_fmt", "yuv420p", "-c:a", "aac"]].concat())
}

/// What ffprobe says of a file.
pub(crate) fn probe(file: &Path, entries: &str) -> String {
    let mut command = Command::new("ffprobe");
    command.args(["-v", "error", "-show_entries", entries, "-of", "csv=p=0"]);
    if file.extension().is_some_and(|extension| extension == "m3u8" || extension == "mpd") {
        // Segments have the service's suffixes, which ffmpeg doesn't know.
        command.args(["-allowed_extensions", "ALL"]);
    }
    command.arg(file);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
