//! Sizes and bit rates of renditions. A rung of the policy names the short side, so landscape, portrait and square
//! videos share the same rungs.

use cdn_config::video::{Rung, VideoCodec};

use super::rendition::{MIN_SIDE, Rendition};
use crate::source::Size;

/// Longest side of an H.264 rendition, in pixels. Players decode up to level 5.2, which covers 4096×2304.
const MAX_SIDE_H264: u32 = 4096;

/// Longest side that `MediaConvert` encodes, in pixels.
const MAX_SIDE_HEVC: u32 = 8192;

/// The renditions of a picture: one for each rung that is not larger than the picture. A picture below the lowest
/// rung gets one rendition of its own size. `None` if the picture is so long and narrow that no encoder accepts it.
pub(super) fn ladder(display_size: Size, rungs: &[Rung]) -> Option<Vec<Rendition>> {
    let fitting = rungs.iter().filter(|rung| rung.short_side <= display_size.short());
    let renditions: Vec<_> =
        fitting.filter_map(|rung| rendition(display_size, rung, rung.short_side)).collect();
    if !renditions.is_empty() {
        return Some(renditions);
    }
    let rung = rungs.first()?;
    Some(vec![rendition(display_size, rung, longest_short_side(display_size, rung.codec))?])
}

/// The MP4 file: its short side is at most `max_short_side` pixels, and it is never larger than the source. It has
/// the bit rate of the rung of its size, or of the next larger rung. The codec is always H.264, for players that
/// support nothing else. `None` if `max_short_side` is 0.
pub(super) fn mp4(display_size: Size, rungs: &[Rung], max_short_side: u32) -> Option<Rendition> {
    if max_short_side == 0 {
        return None;
    }
    let short_side = max_short_side.min(longest_short_side(display_size, VideoCodec::H264));
    let rung = rungs.iter().find(|rung| rung.short_side >= short_side).or(rungs.last())?;
    rendition(display_size, &Rung { codec: VideoCodec::H264, ..*rung }, short_side)
}

/// The largest even short side at which no side exceeds the source or the codec's limit.
fn longest_short_side(display_size: Size, codec: VideoCodec) -> u32 {
    let long_side = f64::from(display_size.long().min(max_side(codec)));
    even_below(long_side * f64::from(display_size.short()) / f64::from(display_size.long()))
}

fn rendition(display_size: Size, rung: &Rung, short_side: u32) -> Option<Rendition> {
    let long_side =
        even_near(f64::from(short_side) * f64::from(display_size.long()) / f64::from(display_size.short()));
    // Rounding to an even number can exceed a source with an odd side by one.
    let long_side = long_side.min(display_size.long() & !1);
    if short_side < MIN_SIDE || long_side > max_side(rung.codec) {
        return None;
    }
    let size = if display_size.width <= display_size.height {
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

/// The nearest even number. Sides are even because chroma has half as many samples along each side.
fn even_near(length: f64) -> u32 {
    (length / 2.0).round() as u32 * 2
}

fn even_below(length: f64) -> u32 {
    (length / 2.0).floor() as u32 * 2
}
