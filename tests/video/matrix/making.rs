//! How ffmpeg makes clips of coloured bars and a tone.

use super::super::clips::generate;
use super::expected::{Expected, ready};

/// A kind of clip.
pub(super) struct Kind {
    /// The name of the file. Its suffix selects the container.
    pub(super) name: &'static str,
    pub(super) media_type: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) expected: Expected,
}

impl Kind {
    /// The key of the file. The signer gives a file of an unknown type the extension `bin`, and each type its first extension.
    pub(super) fn key(&self) -> String {
        let (stem, extension) = self.name.split_once('.').unwrap();
        let extension = match extension {
            "flv" | "dv" => "bin",
            "m2v" => "mpg",
            known => known,
        };
        format!("files/{stem}.{extension}")
    }
}

/// A picture of three bars, red, green and blue, in RGB.
const BARS: &str = "color=0xc82828:size=54x90:rate=RATE:duration=SECONDS,format=rgb24[r];\
    color=0x28a03c:size=52x90:rate=RATE:duration=SECONDS,format=rgb24[g];\
    color=0x283cc8:size=54x90:rate=RATE:duration=SECONDS,format=rgb24[b];[r][g][b]hstack=inputs=3";

/// The bars in BT.709 and limited range, as H.264 in `yuv420p`.
pub(super) const H264: [&str; 10] = [
    "-vf",
    "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
    "-colorspace",
    "bt709",
    "-color_primaries",
    "bt709",
    "-color_trc",
    "bt709",
    "-c:v",
    "libx264",
];

/// The options of the bars as an input.
pub(super) fn bars(rate: &str, seconds: &str) -> Vec<String> {
    let source = BARS.replace("RATE", rate).replace("SECONDS", seconds);
    ["-f", "lavfi", "-i", &source].map(str::to_owned).to_vec()
}

/// The options of a tone as an input.
pub(super) fn tone(seconds: &str) -> Vec<String> {
    ["-f", "lavfi", "-i", &format!("sine=frequency=440:duration={seconds}")].map(str::to_owned).to_vec()
}

pub(super) fn clip(name: &str, inputs: &[Vec<String>], options: &[&str]) -> Vec<u8> {
    let inputs = inputs.concat();
    let all: Vec<&str> = inputs.iter().map(String::as_str).chain(options.iter().copied()).collect();
    generate(name, &all)
}

/// The bars for two seconds with these options.
pub(super) fn picture(
    name: &'static str,
    media_type: &'static str,
    options: &[&str],
    expected: Expected,
) -> Kind {
    let options = [options, &["-preset", "ultrafast"][..]].concat();
    let options = if options.contains(&"libx264") { options } else { options[..options.len() - 2].to_vec() };
    Kind { name, media_type, bytes: clip(name, &[bars("25", "2")], &options), expected }
}

/// H.264 with more options.
pub(super) fn h264(name: &'static str, more: &[&str], expected: Expected) -> Kind {
    picture(name, "video/mp4", &[&H264[..], more].concat(), expected)
}

/// The bars for two seconds with a tone, with these options of both.
pub(super) fn film(name: &'static str, media_type: &'static str, options: &[&str]) -> Kind {
    let bytes = clip(name, &[bars("25", "2"), tone("2")], options);
    Kind { name, media_type, bytes, expected: ready(2.0).with_sound() }
}

pub(super) fn of_bytes(
    name: &'static str,
    media_type: &'static str,
    bytes: &[u8],
    expected: Expected,
) -> Kind {
    Kind { name, media_type, bytes: bytes.to_vec(), expected }
}
