//! The properties of a media file, known before any of it is decoded. `ffprobe` reads them into `types`.

mod ffprobe;
mod types;

pub(crate) use ffprobe::parse;
pub(crate) use types::{AudioTrack, Colors, Media, Track, TrackKind, VideoTrack};

#[cfg(test)]
mod tests;
