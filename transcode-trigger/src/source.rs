//! A probed video, as far as the plan depends on it.

/// The rates of frames, in frames per second. A container with a variable rate can have the resolution of its clock in the
/// place of the rate: 1000 in recordings of browsers, 600 in QuickTime, 90,000 in transport streams.
const FRAME_RATES: std::ops::RangeInclusive<f64> = 1.0..=240.0;

/// A file that was probed.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceVideo {
    /// The duration in milliseconds. `None` if the container has none, as in recordings made in a browser.
    pub duration_ms: Option<u64>,
    /// The size of the file in bytes.
    pub bytes: u64,
    /// The first video track.
    pub video: Option<VideoTrack>,
    /// The first audio track.
    pub audio: Option<AudioTrack>,
}

/// A video track.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoTrack {
    /// Stored samples in a row.
    pub width: u32,
    /// Stored rows.
    pub height: u32,
    /// The clockwise rotation that players apply, in degrees: any multiple of 90, also a negative one.
    pub rotation: i32,
    /// The aspect ratio of a sample, as width and height: (1, 1) for square samples.
    pub sample_aspect: (u32, u32),
    /// Frames per second as a fraction, as the container says. `None` if it says nothing.
    pub frame_rate: Option<(u32, u32)>,
    /// `true` for a transfer function of high dynamic range (PQ or HLG).
    pub is_hdr: bool,
    /// The codec's name in `MediaConvert`.
    pub codec: String,
}

/// An audio track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioTrack {
    /// The codec's name in `MediaConvert`.
    pub codec: String,
    /// `true` if this is the left channel, and the second track the right one: the file has two mono tracks of one language.
    pub has_right_track: bool,
}

/// Width and height in pixels of a displayed picture: upright, with square samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl Size {
    /// The shorter side, in pixels.
    pub fn short(self) -> u32 {
        self.width.min(self.height)
    }

    /// The longer side, in pixels.
    pub fn long(self) -> u32 {
        self.width.max(self.height)
    }
}

impl VideoTrack {
    /// The size of the displayed picture.
    pub fn display_size(&self) -> Size {
        let (across, down) = self.sample_aspect;
        // Players make samples square by changing the width of the picture, not its height.
        let width = match (across, down) {
            (0, _) | (_, 0) => self.width,
            _ => (f64::from(self.width) * f64::from(across) / f64::from(down)).round() as u32,
        };
        if self.rotation.rem_euclid(180) == 90 {
            Size { width: self.height, height: width }
        } else {
            Size { width, height: self.height }
        }
    }

    /// Frames per second. `None` if the rate is unknown, or none of frames.
    pub fn frames_per_second(&self) -> Option<f64> {
        self.frame_rate
            .filter(|(frames, seconds)| *frames > 0 && *seconds > 0)
            .map(|(frames, seconds)| f64::from(frames) / f64::from(seconds))
            .filter(|rate| FRAME_RATES.contains(rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_displayed_upright_and_with_square_samples() {
        let check = |rotation, sample_aspect, expected: (u32, u32)| {
            let track = VideoTrack {
                width: 720,
                height: 576,
                rotation,
                sample_aspect,
                frame_rate: None,
                is_hdr: false,
                codec: "AVC".to_owned(),
            };
            let Size { width, height } = track.display_size();
            assert_eq!((width, height), expected, "{rotation} {sample_aspect:?}");
        };
        check(0, (1, 1), (720, 576));
        check(90, (1, 1), (576, 720));
        check(-90, (1, 1), (576, 720));
        check(180, (1, 1), (720, 576));
        check(270, (1, 1), (576, 720));
        check(0, (64, 45), (1024, 576));
        check(90, (64, 45), (576, 1024));
        check(0, (0, 1), (720, 576));
    }

    #[test]
    fn the_resolution_of_a_clock_is_no_frame_rate() {
        let check = |frame_rate: Option<(u32, u32)>, expected: Option<f64>| {
            let track = VideoTrack {
                width: 640,
                height: 360,
                rotation: 0,
                sample_aspect: (1, 1),
                frame_rate,
                is_hdr: false,
                codec: "VP8".to_owned(),
            };
            assert_eq!(track.frames_per_second(), expected, "{frame_rate:?}");
        };
        check(Some((25, 1)), Some(25.0));
        check(Some((240, 1)), Some(240.0));
        check(Some((1000, 1)), None);
        check(Some((600, 1)), None);
        check(Some((90_000, 1)), None);
        check(Some((1, 1000)), None);
        check(Some((0, 1)), None);
        check(None, None);
    }
}
