//! What a probe tells of a video, as far as the plan depends on it.

/// A file that was probed.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// How long it is, in milliseconds; none where the container doesn't say, as of recordings in a browser.
    pub duration_ms: Option<u64>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its first video track.
    pub video: Option<VideoTrack>,
    /// Its first audio track.
    pub audio: Option<AudioTrack>,
}

/// A video track.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoTrack {
    /// Samples in a row, as they are stored.
    pub width: u32,
    /// Rows, as they are stored.
    pub height: u32,
    /// By how much players turn the picture clockwise, in degrees: any multiple of 90.
    pub rotation: i32,
    /// A sample's width and height in relation: 1, 1 where samples are square.
    pub sample_aspect: (u32, u32),
    /// Frames a second as a fraction; none where it isn't known.
    pub frame_rate: Option<(u32, u32)>,
    /// Whether its brightness is coded for high dynamic range (PQ or HLG).
    pub is_hdr: bool,
    /// The codec in `MediaConvert`'s word.
    pub codec: String,
}

/// An audio track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioTrack {
    /// The codec in `MediaConvert`'s word.
    pub codec: String,
}

/// Width and height in pixels of a picture as it is shown: upright, with square samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Size {
    /// The shorter side.
    pub fn short(self) -> u32 {
        self.width.min(self.height)
    }

    /// The longer side.
    pub fn long(self) -> u32 {
        self.width.max(self.height)
    }
}

impl VideoTrack {
    /// The size at which the picture is shown.
    pub fn shown(&self) -> Size {
        let (across, down) = self.sample_aspect;
        // Samples are made square by making the picture wider or narrower, as players do.
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

    /// Frames a second, where they are known.
    pub fn frames_per_second(&self) -> Option<f64> {
        self.frame_rate
            .filter(|(frames, seconds)| *frames > 0 && *seconds > 0)
            .map(|(frames, seconds)| f64::from(frames) / f64::from(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_shown_upright_and_with_square_samples() {
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
            let Size { width, height } = track.shown();
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
}
