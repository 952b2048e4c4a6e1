//! The durations and sizes of a track's segments, read from ffmpeg's files.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::boxes::{find, number};
use super::codec;
use super::disk::length;
use super::error::PackageError;

/// Bytes at the beginning of a segment that contain its index. ffmpeg writes it before the media.
const HEAD_BYTES: u64 = 256;

/// A track's segments.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segments {
    /// The codec name for manifests.
    pub(super) codec: String,
    /// Time units per second.
    pub(super) timescale: u32,
    pub(super) list: Vec<Segment>,
}

/// A segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// Presentation time in units of the timescale.
    pub(super) start: u64,
    /// Duration in units of the timescale.
    pub(super) duration: u64,
    /// Size in bytes.
    pub(super) bytes: u64,
}

impl Segments {
    /// Total duration in seconds.
    pub(super) fn duration_s(&self) -> f64 {
        self.list.iter().map(|segment| self.seconds(segment)).sum()
    }

    /// Duration of a segment in seconds.
    pub(super) fn seconds(&self, segment: &Segment) -> f64 {
        segment.duration as f64 / f64::from(self.timescale)
    }

    /// The peak bit rate, in bits per second: the highest of consecutive segments that last together between half and one and
    /// a half of the target duration (RFC 8216bis, section 4.1.1). If all are shorter, the average of all segments.
    pub(super) fn peak(&self) -> u64 {
        let target_s = target_duration(self);
        let (min_s, max_s) = (0.5 * target_s as f64, 1.5 * target_s as f64);
        let rates = (0..self.list.len()).flat_map(|first| {
            let sums = self.list.iter().skip(first).scan((0, 0.0), |(bytes, seconds), segment| {
                *bytes += segment.bytes;
                *seconds += self.seconds(segment);
                Some((*bytes, *seconds))
            });
            sums.take_while(move |(_, seconds)| *seconds <= max_s)
                .filter(move |(_, seconds)| *seconds >= min_s)
                .map(|(bytes, seconds)| rate(bytes, seconds))
        });
        rates.max().unwrap_or_else(|| self.average())
    }

    /// Average bit rate of all segments, in bits per second.
    pub(super) fn average(&self) -> u64 {
        rate(self.list.iter().map(|segment| segment.bytes).sum(), self.duration_s())
    }
}

/// The target duration of a playlist in seconds: that of the longest segment, rounded.
pub(super) fn target_duration(segments: &Segments) -> u64 {
    let longest = segments.list.iter().map(|segment| segments.seconds(segment)).fold(0.0, f64::max);
    longest.round().max(1.0) as u64
}

fn rate(bytes: u64, seconds: f64) -> u64 {
    if seconds > 0.0 { (bytes as f64 * 8.0 / seconds).ceil() as u64 } else { 0 }
}

/// The local name of an initialisation segment.
pub(super) fn init_file_name(local: &str) -> String {
    format!("{local}init.mp4")
}

/// The local name of a segment, counted from 1.
pub(super) fn file_name(local: &str, number: usize) -> String {
    format!("{local}_{number:09}.m4s")
}

/// Reads the segments of a track that ffmpeg wrote to `folder`. Errors name the output `name`. Blocks the thread.
pub(super) fn read(folder: &Path, local: &str, name: &str) -> Result<Segments, PackageError> {
    let malformed = || PackageError::Malformed(name.to_owned());
    let init = folder.join(init_file_name(local));
    if length(&init)?.is_none() {
        return Err(PackageError::Empty(name.to_owned()));
    }
    let codec = codec::name(&std::fs::read(init)?).ok_or_else(malformed)?;
    let mut segments = Segments { codec, timescale: 0, list: Vec::new() };
    loop {
        let path = folder.join(file_name(local, segments.list.len() + 1));
        let Some(bytes) = length(&path)? else { break };
        let mut head = Vec::new();
        File::open(&path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
        let (timescale, start, duration) = segment_index(&head).ok_or_else(malformed)?;
        segments.timescale = timescale;
        segments.list.push(Segment { start, duration, bytes });
    }
    if segments.list.is_empty() || segments.timescale == 0 {
        return Err(PackageError::Empty(name.to_owned()));
    }
    Ok(segments)
}

/// Timescale, start and duration in a segment's index (ISO/IEC 14496-12, section 8.16.3).
fn segment_index(head: &[u8]) -> Option<(u32, u64, u64)> {
    let index = find(head, &[b"sidx"])?;
    let timescale = number(index, 8, 4)?;
    let (start, references) =
        if number(index, 0, 1)? == 0 { (number(index, 12, 4)?, 20) } else { (number(index, 12, 8)?, 28) };
    let count = number(index, references + 2, 2)? as usize;
    let duration =
        (0..count).map(|entry| number(index, references + 4 + entry * 12 + 4, 4)).sum::<Option<u64>>()?;
    Some((u32::try_from(timescale).ok()?, start, duration))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_has_the_start_and_the_duration_of_a_segment() {
        let mut head = b"\0\0\0\x08styp\0\0\0\x34sidx\x01\0\0\0\0\0\0\x01\0\0\x75\x30".to_vec();
        head.extend(b"\0\0\0\0\0\x02\xbf\xd4\0\0\0\0\0\0\0\0\0\0\0\x01\0\x01\0\0\0\x02\xbf\x20\x90\0\0\0");
        assert_eq!(segment_index(&head), Some((30_000, 180_180, 180_000)));
        assert_eq!(segment_index(&head[..40]), None);
    }

    #[test]
    fn the_peak_rate_is_that_of_segments_of_about_the_target_duration() {
        let check = |list: &[(u64, u64)], expected: (u64, u64)| {
            let list = list.iter().map(|&(duration, bytes)| Segment { start: 0, duration, bytes }).collect();
            let segments = Segments { codec: String::new(), timescale: 1000, list };
            assert_eq!((segments.peak(), segments.average()), expected, "{segments:?}");
        };
        check(&[(6000, 750_000)], (1_000_000, 1_000_000));
        check(&[(6000, 750_000), (6000, 1_500_000)], (2_000_000, 1_500_000));
        // A last segment of one frame is no peak by itself.
        check(&[(6000, 750_000), (40, 40_000)], (1_046_358, 1_046_358));
        check(&[(6000, 750_000), (6000, 750_000), (3000, 750_000)], (2_000_000, 1_200_000));
        check(&[(2000, 500_000), (2000, 250_000), (2000, 500_000)], (2_000_000, 1_666_667));
        check(&[(200, 25_000)], (1_000_000, 1_000_000));
    }
}
