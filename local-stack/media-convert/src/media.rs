//! What is known of a file of media before any of it is decoded.

use serde::Deserialize;

use super::ratio::Ratio;

/// What `ffprobe` says of a file, as far as it matters here.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Media {
    /// ffmpeg's names of the format, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    pub(crate) format: String,
    /// The major brand of an ISO file.
    pub(crate) brand: String,
    /// In seconds; 0 where nothing says it.
    pub(crate) duration_s: f64,
    /// In the file's order.
    pub(crate) tracks: Vec<Track>,
}

/// A track.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Track {
    /// Its number in the file, from 0.
    pub(crate) index: usize,
    /// ffmpeg's name of the codec.
    pub(crate) codec: String,
    /// In seconds.
    pub(crate) duration_s: Option<f64>,
    /// In bits a second.
    pub(crate) bit_rate: Option<u64>,
    pub(crate) kind: TrackKind,
}

/// What is in a track.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TrackKind {
    Video(Picture),
    Audio(Sound),
    /// Neither, or the picture on the sleeve of a song.
    Other,
}

/// Moving pictures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    /// As they are stored, in pixels.
    pub(crate) width: u32,
    /// As they are stored, in pixels.
    pub(crate) height: u32,
    /// How they are turned for showing: 0, 90, 180 or 270 degrees clockwise.
    pub(crate) rotation: u16,
    /// The width of a pixel by its height.
    pub(crate) pixel_aspect: Ratio,
    /// On average; none where the file doesn't tell.
    pub(crate) frame_rate: Option<Ratio>,
    /// Of a component, in bits.
    pub(crate) bit_depth: Option<u8>,
    /// ffmpeg's names of what the colours mean.
    pub(crate) colors: Colors,
}

/// ffmpeg's names of what colours mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Colors {
    pub(crate) primaries: String,
    pub(crate) transfer: String,
    pub(crate) matrix: String,
}

/// Sound.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sound {
    pub(crate) channels: u32,
    /// In hertz.
    pub(crate) sample_rate: u32,
    /// ISO 639-2.
    pub(crate) language: Option<String>,
}

impl Media {
    /// The track that pictures are taken from, with its number in the file.
    pub(crate) fn picture(&self) -> Option<(usize, &Picture)> {
        self.tracks.iter().find_map(|track| match &track.kind {
            TrackKind::Video(picture) => Some((track.index, picture)),
            TrackKind::Audio(_) | TrackKind::Other => None,
        })
    }

    /// The track of sound that is the `number`th, from 1; its number in the file.
    pub(crate) fn sound(&self, number: usize) -> Option<usize> {
        let sounds = self.tracks.iter().filter(|track| matches!(track.kind, TrackKind::Audio(_)));
        sounds.map(|track| track.index).nth(number.checked_sub(1)?)
    }
}

impl Colors {
    /// Whether they are brighter than television's.
    pub(crate) fn is_hdr(&self) -> bool {
        matches!(self.transfer.as_str(), "smpte2084" | "arib-std-b67")
    }
}

/// Reads what `ffprobe -show_format -show_streams -of json` prints.
pub(crate) fn read(printed: &[u8]) -> Result<Media, serde_json::Error> {
    let Printed { format, streams } = serde_json::from_slice(printed)?;
    Ok(Media {
        brand: format.tags.major_brand.trim().to_owned(),
        duration_s: seconds(format.duration.as_deref()).unwrap_or(0.0),
        format: format.names,
        tracks: streams.into_iter().map(Track::from).collect(),
    })
}

#[derive(Deserialize)]
struct Printed {
    format: Format,
    #[serde(default)]
    streams: Vec<Stream>,
}

#[derive(Deserialize)]
struct Format {
    #[serde(default, rename = "format_name")]
    names: String,
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
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

impl From<Stream> for Track {
    fn from(stream: Stream) -> Self {
        let kind = match stream.codec_type.as_deref() {
            Some("video")
                if stream.disposition.attached_pic == 0 && stream.width > 0 && stream.height > 0 =>
            {
                TrackKind::Video(Picture {
                    width: stream.width,
                    height: stream.height,
                    rotation: rotation(&stream.side_data_list),
                    pixel_aspect: ratio(stream.sample_aspect_ratio.as_deref(), ':').unwrap_or(Ratio::ONE),
                    frame_rate: ratio(stream.avg_frame_rate.as_deref(), '/')
                        .or_else(|| ratio(stream.r_frame_rate.as_deref(), '/')),
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
            Some("audio") if stream.channels > 0 => TrackKind::Audio(Sound {
                channels: stream.channels,
                sample_rate: number(stream.sample_rate.as_deref()).unwrap_or(0),
                language: stream.tags.language,
            }),
            _ => TrackKind::Other,
        };
        Self {
            index: stream.index,
            codec: stream.codec_name,
            duration_s: seconds(stream.duration.as_deref()),
            bit_rate: number(stream.bit_rate.as_deref()),
            kind,
        }
    }
}

/// ffmpeg counts counterclockwise.
fn rotation(side_data: &[SideData]) -> u16 {
    let degrees = side_data.iter().find_map(|data| data.rotation).unwrap_or(0.0);
    let quarters = (-degrees / 90.0).round().rem_euclid(4.0) as u16;
    quarters * 90
}

/// ffmpeg's names of pixel formats carry the bits where they aren't eight: `yuv420p10le`.
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

fn number<T: std::str::FromStr>(text: Option<&str>) -> Option<T> {
    text?.parse().ok()
}

fn ratio(text: Option<&str>, by: char) -> Option<Ratio> {
    let (numerator, denominator) = text?.split_once(by)?;
    Ratio::new(numerator.parse().ok()?, denominator.parse().ok()?)
}

#[cfg(test)]
mod tests;
