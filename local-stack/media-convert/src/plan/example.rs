//! A source to try settings on before the real one is known.

use super::super::media::{Colors, Media, Picture, Sound, Track, TrackKind};
use super::super::ratio::Ratio;

/// A source that has everything: what a job can't do with it, it can't do with any.
pub(crate) fn example() -> Media {
    let track = |index, codec: &str, kind| Track {
        index,
        codec: codec.to_owned(),
        duration_s: None,
        bit_rate: None,
        kind,
    };
    let picture = Picture {
        width: 1920,
        height: 1080,
        rotation: 0,
        pixel_aspect: Ratio::ONE,
        frame_rate: Ratio::new(30, 1),
        bit_depth: Some(8),
        colors: Colors::default(),
    };
    let sound = || TrackKind::Audio(Sound { channels: 2, sample_rate: 48_000, language: None });
    let mut tracks = vec![track(0, "h264", TrackKind::Video(picture))];
    tracks.extend((1..=MOST_SOUNDS).map(|index| track(index, "aac", sound())));
    Media { format: "mov,mp4,m4a,3gp,3g2,mj2".to_owned(), brand: "mp42".to_owned(), duration_s: 30.0, tracks }
}

/// As many tracks of sound may a file have.
const MOST_SOUNDS: usize = 64;
