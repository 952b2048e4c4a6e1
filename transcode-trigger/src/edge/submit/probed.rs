//! The answer of `Probe`, read into a [`SourceVideo`].

use aws_sdk_mediaconvert::types::{
    AspectRatio, AudioProperties, FrameRate, ProbeResult, Track, TrackType, TransferCharacteristics,
    VideoProperties,
};

use crate::source::{AudioTrack, SourceVideo, VideoTrack};

/// The probed video, from a file of `bytes` bytes. `None` if `MediaConvert` found no track in it.
pub(super) fn source(result: &ProbeResult, bytes: u64) -> Option<SourceVideo> {
    let container = result.container()?;
    let tracks = container.tracks();
    if tracks.is_empty() {
        return None;
    }
    let video = tracks.iter().find_map(video);
    let audio = audio(tracks);
    let longest = tracks.iter().filter_map(Track::duration).fold(0.0, f64::max);
    let seconds = container.duration().filter(|seconds| *seconds > 0.0).unwrap_or(longest);
    let duration_ms = (seconds > 0.0).then(|| (seconds * 1000.0).round() as u64);
    Some(SourceVideo { duration_ms, bytes, video, audio })
}

fn video(track: &Track) -> Option<VideoTrack> {
    let properties = track.video_properties().filter(|_| track.track_type() == Some(&TrackType::Video))?;
    Some(VideoTrack {
        width: positive(properties.width())?,
        height: positive(properties.height())?,
        rotation: properties.rotation().unwrap_or(0),
        sample_aspect: properties.sample_aspect_ratio().and_then(ratio).unwrap_or((1, 1)),
        frame_rate: properties.frame_rate().and_then(rate),
        is_hdr: is_hdr(properties),
        codec: codec(track),
    })
}

fn audio(tracks: &[Track]) -> Option<AudioTrack> {
    let channels = |track: &Track| track.audio_properties().and_then(AudioProperties::channels);
    let language =
        |track: &Track| track.audio_properties().and_then(AudioProperties::language_code).map(str::to_owned);
    let of_audio = tracks.iter().filter(|track| track.track_type() == Some(&TrackType::Audio));
    let audible: Vec<&Track> = of_audio.filter(|track| channels(track) != Some(0)).collect();
    let has_right_track = match audible.as_slice() {
        [left, right] => {
            let are_mono = channels(left) == Some(1) && channels(right) == Some(1);
            are_mono && language(left) == language(right)
        }
        _ => false,
    };
    audible.first().map(|track| AudioTrack { codec: codec(track), has_right_track })
}

fn is_hdr(properties: &VideoProperties) -> bool {
    matches!(
        properties.transfer_characteristics(),
        Some(TransferCharacteristics::Smpte2084 | TransferCharacteristics::AribB67)
    )
}

fn codec(track: &Track) -> String {
    track.codec().map_or("UNKNOWN", |codec| codec.as_str()).to_owned()
}

fn ratio(ratio: &AspectRatio) -> Option<(u32, u32)> {
    Some((positive(ratio.numerator())?, positive(ratio.denominator())?))
}

fn rate(rate: &FrameRate) -> Option<(u32, u32)> {
    Some((positive(rate.numerator())?, positive(rate.denominator())?))
}

fn positive(number: Option<i32>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0)
}
