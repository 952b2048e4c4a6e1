//! The properties of a media file, known before any of it is decoded. `ffprobe` reads them into `types`.

mod elapsed;
mod ffprobe;
mod frame_rate;
mod types;

pub(crate) use elapsed::Elapsed;
pub(crate) use ffprobe::parse;
pub(crate) use frame_rate::measured_frame_rate;
pub(crate) use types::{AudioTrack, Colors, Media, Track, TrackKind, VideoTrack};

#[cfg(test)]
mod tests;
