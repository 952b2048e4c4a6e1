//! The sound of the outputs.

use cdn_config::video::VideoPolicy;

use crate::source::AudioTrack;

/// The sound of the outputs: one track in stereo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoundPlan {
    /// Bit rate in bits per second.
    pub bitrate: u32,
    /// `true` if the first two audio tracks are the left and the right channel.
    pub joins_tracks: bool,
}

impl SoundPlan {
    pub(super) fn new(track: &AudioTrack, policy: &VideoPolicy) -> Self {
        Self { bitrate: policy.audio_bitrate, joins_tracks: track.has_right_track }
    }
}
