//! The policy's member `video`: renditions of videos and their cost.

use std::fmt::Write as _;

/// The renditions of a video, and limits on their cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoPolicy {
    /// The ladder, by ascending short side: 1 to 15 rungs.
    pub rungs: Vec<Rung>,
    /// If set, `MediaConvert` chooses the ladder by content, and `rungs` has no effect. It is a feature of the
    /// professional tier.
    pub automated_abr: Option<AutomatedAbr>,
    /// The bit rate of the audio rendition, in bits a second, 16,000 to 512,000.
    pub audio_bitrate: u32,
    /// The maximum short side of the MP4 for players without adaptive streaming, in pixels, even, 32 to 4320. 0 disables
    /// the MP4.
    pub mp4_short_side: u32,
    /// The maximum length of a video, in minutes, 1 to 2,880.
    pub max_minutes: u32,
    /// The maximum estimated cost of a job, in cents of a US dollar, 1 to 1,000,000.
    pub max_cents: u32,
    /// The prices of `MediaConvert`.
    pub prices: Prices,
}

/// One rendition of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// The picture's shorter side in pixels, even, 32 to 4320.
    pub short_side: u32,
    /// The video codec.
    pub codec: VideoCodec,
    /// The quality level of QVBR, 1 to 10.
    pub quality: u8,
    /// The highest bit rate, in bits a second, 1,000 to 100,000,000.
    pub max_bitrate: u32,
}

/// A video codec of renditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VideoCodec {
    /// H.264, which every player supports.
    H264,
    /// H.265, a feature of the professional tier.
    Hevc,
}

impl VideoCodec {
    /// The codec's name in policies and status documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::H264 => "h264",
            Self::Hevc => "hevc",
        }
    }
}

/// Bounds of a ladder that `MediaConvert` chooses by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AutomatedAbr {
    /// The maximum number of renditions, 3 to 15.
    pub max_renditions: u32,
    /// The highest average bit rate, in bits a second, 100,000 to 100,000,000.
    pub max_bitrate: u32,
    /// The lowest average bit rate, in bits a second, 100,000 to `max_bitrate`.
    pub min_bitrate: u32,
}

/// Prices of a normalised minute: a minute of an output in standard definition at up to 30 frames a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    /// The price in the basic tier, in millionths of a US dollar, 0 to 10,000,000.
    pub basic_microdollars: u32,
    /// The price in the professional tier, in millionths of a US dollar, 0 to 10,000,000.
    pub professional_microdollars: u32,
}

impl Default for VideoPolicy {
    /// Five rungs of H.264 from 270 to 1080 lines, in the basic tier.
    fn default() -> Self {
        let rung = |short_side, quality, max_bitrate| Rung {
            short_side,
            codec: VideoCodec::H264,
            quality,
            max_bitrate,
        };
        Self {
            rungs: vec![
                rung(270, 6, 400_000),
                rung(360, 7, 900_000),
                rung(540, 7, 2_000_000),
                rung(720, 8, 3_500_000),
                rung(1080, 8, 6_000_000),
            ],
            automated_abr: None,
            audio_bitrate: 128_000,
            mp4_short_side: 720,
            max_minutes: 240,
            max_cents: 2_000,
            prices: Prices { basic_microdollars: 7_500, professional_microdollars: 12_000 },
        }
    }
}

impl VideoPolicy {
    /// A text of all settings that change the outputs of a video. Policies with the same outputs have the same
    /// fingerprint. Limits and prices are not part of it.
    pub fn fingerprint(&self) -> String {
        let mut text = String::new();
        for Rung { short_side, codec, quality, max_bitrate } in &self.rungs {
            let _ = write!(text, "{short_side} {} {quality} {max_bitrate};", codec.name());
        }
        if let Some(AutomatedAbr { max_renditions, max_bitrate, min_bitrate }) = self.automated_abr {
            let _ = write!(text, "abr {max_renditions} {max_bitrate} {min_bitrate};");
        }
        let _ = write!(text, "audio {};mp4 {}", self.audio_bitrate, self.mp4_short_side);
        text
    }
}
