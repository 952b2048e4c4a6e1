//! Black frames after the video of a source whose sound is longer.

use crate::media::{Media, TrackKind};
use crate::ratio::Ratio;
use crate::settings::{Input, PadVideo};

/// The duration of the black frames in seconds. `None` if there are none, or if the container does not say when its tracks
/// end. `clip_s` is the duration of the transcoded part, `rate` the frame rate of the source.
pub(super) fn seconds(source: &Media, input: &Input, clip_s: Option<f64>, rate: Ratio) -> Option<f64> {
    match input.video_selector.pad_video {
        PadVideo::Disabled => return None,
        PadVideo::Black => {}
    }
    let end = |is_kind: fn(&TrackKind) -> bool| {
        let tracks = source.tracks.iter().filter(|track| is_kind(&track.kind));
        tracks.filter_map(|track| track.end_s).max_by(f64::total_cmp)
    };
    let video_s = end(|kind| matches!(kind, TrackKind::Video(_)))?;
    let audio_s = end(|kind| matches!(kind, TrackKind::Audio(_)))?;
    let missing_s = clip_s.map_or(audio_s, |clip_s| clip_s.min(audio_s)) - video_s;
    (missing_s * rate.value() >= 1.0).then_some(missing_s)
}
