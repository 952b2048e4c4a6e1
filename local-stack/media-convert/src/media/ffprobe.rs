//! Reads ffprobe's output.

use serde::Deserialize;

use super::frame_rate;
use super::types::{AudioTrack, Colors, Media, Track, TrackKind, VideoTrack};
use crate::ratio::Ratio;

/// Parses the output of `ffprobe -show_format -show_streams -of json`.
pub(crate) fn parse(output: &[u8]) -> Result<Media, serde_json::Error> {
    let Output { format, streams } = serde_json::from_slice(output)?;
    let start_s = number(format.start_time.as_deref()).unwrap_or(0.0);
    Ok(Media {
        brand: format.tags.major_brand.trim().to_owned(),
        duration_s: seconds(format.duration.as_deref()).unwrap_or(0.0),
        format: format.names,
        tracks: streams.into_iter().map(|stream| stream.into_track(start_s)).collect(),
    })
}

#[derive(Deserialize)]
struct Output {
    format: Format,
    #[serde(default)]
    streams: Vec<Stream>,
}

#[derive(Deserialize)]
struct Format {
    #[serde(default, rename = "format_name")]
    names: String,
    start_time: Option<String>,
    duration: Option<String>,
    #[serde(default)]
    tags: FormatTags,
}

#[derive(Default, Deserialize)]
struct FormatTags {
    #[serde(default)]
    major_brand: String,
}

#[derive(Deserialize)]
struct Stream {
    index: usize,
    codec_type: Option<String>,
    #[serde(default)]
    codec_name: String,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
    sample_aspect_ratio: Option<String>,
    avg_frame_rate: Option<String>,
    r_frame_rate: Option<String>,
    #[serde(default)]
    field_order: String,
    pix_fmt: Option<String>,
    bits_per_raw_sample: Option<String>,
    #[serde(default)]
    color_primaries: String,
    #[serde(default)]
    color_transfer: String,
    #[serde(default)]
    color_space: String,
    #[serde(default)]
    channels: u32,
    sample_rate: Option<String>,
    start_time: Option<String>,
    duration: Option<String>,
    bit_rate: Option<String>,
    #[serde(default)]
    disposition: Disposition,
    #[serde(default)]
    tags: StreamTags,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Default, Deserialize)]
struct Disposition {
    #[serde(default)]
    attached_pic: u8,
}

#[derive(Default, Deserialize)]
struct StreamTags {
    language: Option<String>,
    /// The end of a track of Matroska, such as `00:00:04.021000000`.
    #[serde(rename = "DURATION")]
    end: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SideData {
    pub(super) rotation: Option<f64>,
}

impl Stream {
    /// The track of a file that begins at `start_s` seconds.
    fn into_track(self, start_s: f64) -> Track {
        let stream = self;
        let duration_s = seconds(stream.duration.as_deref());
        let first_s = number(stream.start_time.as_deref()).unwrap_or(start_s);
        let end_s =
            duration_s.map(|duration_s| first_s + duration_s).or_else(|| clock(stream.tags.end.as_deref()?));
        let kind = match stream.codec_type.as_deref() {
            Some("video")
                if stream.disposition.attached_pic == 0 && stream.width > 0 && stream.height > 0 =>
            {
                let is_interlaced = matches!(stream.field_order.as_str(), "tt" | "bb" | "tb" | "bt");
                TrackKind::Video(VideoTrack {
                    width: stream.width,
                    height: stream.height,
                    rotation: rotation(&stream.side_data_list),
                    pixel_aspect: ratio(stream.sample_aspect_ratio.as_deref(), ':').unwrap_or(Ratio::ONE),
                    frame_rate: frame_rate::of_container(
                        ratio(stream.r_frame_rate.as_deref(), '/'),
                        ratio(stream.avg_frame_rate.as_deref(), '/'),
                        is_interlaced,
                    ),
                    is_interlaced,
                    bit_depth: number(stream.bits_per_raw_sample.as_deref())
                        .filter(|bits| *bits > 0)
                        .or_else(|| depth(stream.pix_fmt.as_deref())),
                    colors: Colors {
                        primaries: stream.color_primaries,
                        transfer: stream.color_transfer,
                        matrix: stream.color_space,
                    },
                })
            }
            Some("audio") if stream.channels > 0 => TrackKind::Audio(AudioTrack {
                channels: stream.channels,
                sample_rate: number(stream.sample_rate.as_deref()).unwrap_or(0),
                language: stream.tags.language,
            }),
            _ => TrackKind::Other,
        };
        Track {
            index: stream.index,
            codec: stream.codec_name,
            duration_s,
            end_s: end_s.map(|end_s| end_s - start_s),
            bit_rate: number(stream.bit_rate.as_deref()),
            kind,
        }
    }
}

/// The rotation in degrees clockwise, from ffmpeg's counterclockwise degrees.
pub(super) fn rotation(side_data: &[SideData]) -> u16 {
    let degrees = side_data.iter().find_map(|data| data.rotation).unwrap_or(0.0);
    let quarters = (-degrees / 90.0).round().rem_euclid(4.0) as u16;
    quarters * 90
}

/// The bit depth in ffmpeg's name of a pixel format, such as `yuv420p10le`. Names of 8-bit formats contain none.
fn depth(pixel_format: Option<&str>) -> Option<u8> {
    let name = pixel_format?;
    Some(if name.contains("p10") {
        10
    } else if name.contains("p12") {
        12
    } else {
        8
    })
}

fn seconds(text: Option<&str>) -> Option<f64> {
    text?.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds > 0.0)
}

/// The seconds of a time such as `00:00:04.021000000`.
fn clock(text: &str) -> Option<f64> {
    let mut parts = text.split(':').map(|part| part.parse::<f64>().ok());
    parts.try_fold(0.0, |seconds, part| Some(seconds * 60.0 + part?))
}

fn number<T: std::str::FromStr>(text: Option<&str>) -> Option<T> {
    text?.parse().ok()
}

fn ratio(text: Option<&str>, separator: char) -> Option<Ratio> {
    let (numerator, denominator) = text?.split_once(separator)?;
    Ratio::new(numerator.parse().ok()?, denominator.parse().ok()?)
}
