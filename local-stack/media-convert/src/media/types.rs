//! A media file and its tracks.

use crate::ratio::Ratio;

/// The properties of a media file, as ffprobe reports them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Media {
    /// ffmpeg's names of the format, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    pub(crate) format: String,
    /// The major brand of an ISO file. Empty for other formats.
    pub(crate) brand: String,
    /// Duration in seconds; 0 if it is unknown.
    pub(crate) duration_s: f64,
    /// The tracks in the order of the file.
    pub(crate) tracks: Vec<Track>,
}

/// A track of a media file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Track {
    /// The track's number in the file, from 0.
    pub(crate) index: usize,
    /// ffmpeg's name of the codec.
    pub(crate) codec: String,
    /// Duration in seconds.
    pub(crate) duration_s: Option<f64>,
    /// The end in seconds from the beginning of the file: a track may begin later than the others.
    pub(crate) end_s: Option<f64>,
    /// Bit rate in bits per second.
    pub(crate) bit_rate: Option<u64>,
    pub(crate) kind: TrackKind,
}

/// The content of a track.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TrackKind {
    Video(VideoTrack),
    Audio(AudioTrack),
    /// Data, or the cover picture of an audio file.
    Other,
}

/// The properties of a video track.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VideoTrack {
    /// Stored width in pixels.
    pub(crate) width: u32,
    /// Stored height in pixels.
    pub(crate) height: u32,
    /// Rotation for display: 0, 90, 180 or 270 degrees clockwise.
    pub(crate) rotation: u16,
    /// Width of a pixel divided by its height.
    pub(crate) pixel_aspect: Ratio,
    /// Frames per second; `None` if it is unknown.
    pub(crate) frame_rate: Option<Ratio>,
    /// `true` if a frame has two fields of different times.
    pub(crate) is_interlaced: bool,
    /// Bits per colour component.
    pub(crate) bit_depth: Option<u8>,
    pub(crate) colors: Colors,
}

/// The colour space of a video, in ffmpeg's names. A name is empty if it is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Colors {
    pub(crate) primaries: String,
    pub(crate) transfer: String,
    pub(crate) matrix: String,
}

/// The properties of an audio track.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AudioTrack {
    pub(crate) channels: u32,
    /// Sample rate in hertz.
    pub(crate) sample_rate: u32,
    /// ISO 639-2 code of the language.
    pub(crate) language: Option<String>,
}

impl Media {
    /// `true` for an MPEG program or transport stream. Its times may begin again in its middle.
    pub(crate) fn is_mpeg_stream(&self) -> bool {
        matches!(self.format.as_str(), "mpeg" | "mpegts")
    }

    /// The first video track and its number in the file.
    pub(crate) fn video(&self) -> Option<(usize, &VideoTrack)> {
        self.tracks.iter().find_map(|track| match &track.kind {
            TrackKind::Video(video) => Some((track.index, video)),
            TrackKind::Audio(_) | TrackKind::Other => None,
        })
    }

    /// The first video track, to complete it.
    pub(crate) fn video_mut(&mut self) -> Option<&mut VideoTrack> {
        self.tracks.iter_mut().find_map(|track| match &mut track.kind {
            TrackKind::Video(video) => Some(video),
            TrackKind::Audio(_) | TrackKind::Other => None,
        })
    }

    /// The number in the file of the `number`th audio track, counted from 1.
    pub(crate) fn audio(&self, number: usize) -> Option<usize> {
        let audio = self.tracks.iter().filter(|track| matches!(track.kind, TrackKind::Audio(_)));
        audio.map(|track| track.index).nth(number.checked_sub(1)?)
    }
}

impl Colors {
    /// `true` for the transfer functions of HDR: PQ (SMPTE ST 2084) and HLG (ARIB STD-B67).
    pub(crate) fn is_hdr(&self) -> bool {
        matches!(self.transfer.as_str(), "smpte2084" | "arib-std-b67")
    }
}
