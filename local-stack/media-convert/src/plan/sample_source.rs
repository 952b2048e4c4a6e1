//! A sample source, with which settings are checked before the real source is known.

use crate::media::{AudioTrack, Colors, Media, Track, TrackKind, VideoTrack};
use crate::ratio::Ratio;

/// The number of audio tracks in the sample. Real sources have fewer.
const AUDIO_TRACKS: usize = 64;

/// A source that has every track that a job can select. Settings that cannot be planned for it cannot be planned for any
/// source.
pub(crate) fn sample_source() -> Media {
    let track = |index, codec: &str, kind| Track {
        index,
        codec: codec.to_owned(),
        duration_s: None,
        end_s: None,
        bit_rate: None,
        kind,
    };
    let video = VideoTrack {
        width: 1920,
        height: 1080,
        rotation: 0,
        pixel_aspect: Ratio::ONE,
        frame_rate: Ratio::new(30, 1),
        is_interlaced: false,
        bit_depth: Some(8),
        colors: Colors::default(),
    };
    let audio = || TrackKind::Audio(AudioTrack { channels: 2, sample_rate: 48_000, language: None });
    let mut tracks = vec![track(0, "h264", TrackKind::Video(video))];
    tracks.extend((1..=AUDIO_TRACKS).map(|index| track(index, "aac", audio())));
    Media { format: "mov,mp4,m4a,3gp,3g2,mj2".to_owned(), brand: "mp42".to_owned(), duration_s: 30.0, tracks }
}
