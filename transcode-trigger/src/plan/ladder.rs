//! Sizes and bit rates. A rung is told by the short side, so that portrait and square videos have the same ones.

use cdn_config::video::{Rung, VideoCodec};

use super::MIN_SIDE;
use crate::source::Size;

/// The longest side that players of H.264 decode: level 5.2 holds 4096×2304.
const MAX_SIDE_H264: u32 = 4096;

/// The longest side that `MediaConvert` encodes.
const MAX_SIDE_HEVC: u32 = 8192;

/// One output with video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendition {
    /// Its name, such as `720p`: part of its files' names.
    pub name: String,
    /// Its size; both sides even.
    pub size: Size,
    /// Its codec.
    pub codec: VideoCodec,
    /// The quality level of QVBR.
    pub quality: u8,
    /// The highest bit rate, in bits a second.
    pub max_bitrate: u32,
}

/// The renditions of a picture: every rung that isn't larger than it; where there is none, one of its own size.
/// None where a picture is so long and narrow that no encoder takes it.
pub(super) fn ladder(shown: Size, rungs: &[Rung]) -> Option<Vec<Rendition>> {
    let fitting = rungs.iter().filter(|rung| rung.short_side <= shown.short());
    let renditions: Vec<_> = fitting.filter_map(|rung| rendition(shown, rung, rung.short_side)).collect();
    if !renditions.is_empty() {
        return Some(renditions);
    }
    let rung = rungs.first()?;
    Some(vec![rendition(shown, rung, longest_short_side(shown, rung.codec))?])
}

/// The one file: as large as allowed and never above the source, with the bit rate of the rung of its size or the
/// next above. It is H.264 whatever the ladder is, for players that have nothing else.
pub(super) fn mp4(shown: Size, rungs: &[Rung], most: u32) -> Option<Rendition> {
    if most == 0 {
        return None;
    }
    let short_side = most.min(longest_short_side(shown, VideoCodec::H264));
    let rung = rungs.iter().find(|rung| rung.short_side >= short_side).or(rungs.last())?;
    rendition(shown, &Rung { codec: VideoCodec::H264, ..*rung }, short_side)
}

/// The largest even short side at which neither side is above the source's or the codec's longest.
fn longest_short_side(shown: Size, codec: VideoCodec) -> u32 {
    let longest = f64::from(shown.long().min(max_side(codec)));
    even_below(longest * f64::from(shown.short()) / f64::from(shown.long()))
}

fn rendition(shown: Size, rung: &Rung, short_side: u32) -> Option<Rendition> {
    let long_side = even_near(f64::from(short_side) * f64::from(shown.long()) / f64::from(shown.short()));
    // Rounding up by one would be above a source with an odd side.
    let long_side = long_side.min(shown.long() & !1);
    if short_side < MIN_SIDE || long_side > max_side(rung.codec) {
        return None;
    }
    let size = if shown.width <= shown.height {
        Size { width: short_side, height: long_side }
    } else {
        Size { width: long_side, height: short_side }
    };
    let name = match rung.codec {
        VideoCodec::H264 => format!("{short_side}p"),
        VideoCodec::Hevc => format!("{short_side}p_hevc"),
    };
    Some(Rendition { name, size, codec: rung.codec, quality: rung.quality, max_bitrate: rung.max_bitrate })
}

const fn max_side(codec: VideoCodec) -> u32 {
    match codec {
        VideoCodec::H264 => MAX_SIDE_H264,
        VideoCodec::Hevc => MAX_SIDE_HEVC,
    }
}

/// Chroma has half as many samples along each side.
fn even_near(length: f64) -> u32 {
    (length / 2.0).round() as u32 * 2
}

fn even_below(length: f64) -> u32 {
    (length / 2.0).floor() as u32 * 2
}
