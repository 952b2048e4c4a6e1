//! Renditions: the encoded copies of a video.

use cdn_config::video::{AutomatedAbr, VideoCodec};

use crate::source::Size;

/// Shortest side that `MediaConvert` encodes, in pixels.
pub const MIN_SIDE: u32 = 32;

/// The renditions for adaptive playback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renditions {
    /// At least one rendition, by ascending size.
    Ladder(Vec<Rendition>),
    /// `MediaConvert` chooses the renditions by the content of the video.
    Automated(AutomatedAbr),
}

/// One output with video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendition {
    /// The name, such as `720p`. It is part of the names of the rendition's files.
    pub name: String,
    /// The size in pixels. Both sides are even.
    pub size: Size,
    /// The codec.
    pub codec: VideoCodec,
    /// The quality level of `MediaConvert`'s QVBR rate control, 1 to 10.
    pub quality: u8,
    /// The highest bit rate, in bits per second.
    pub max_bitrate: u32,
}
