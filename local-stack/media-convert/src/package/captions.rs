//! Captions of a group: WebVTT in segments of about the length of the media's for HLS (RFC 8216, section 3.5), and the whole file for
//! DASH.

use std::fmt::Write as _;
use std::path::Path;

use contract::web_vtt::{self, Cue, timestamp};

use super::error::PackageError;
use super::track::url;
use crate::plan::CaptionPlan;

/// Maps the times of cues to those of the media, which begin at 0.
const TIMESTAMP_MAP: &str = "X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n";

/// The captions of a language.
#[derive(Debug)]
pub(super) struct Captions<'a> {
    pub(super) plan: &'a CaptionPlan,
    /// The prefix of the names of its objects.
    pub(super) name: String,
    cues: Vec<Cue>,
}

impl<'a> Captions<'a> {
    /// Reads the captions of a plan from the folder of its run. Blocks the thread.
    pub(super) fn read(plan: &'a CaptionPlan, name: String, folder: &Path) -> Result<Self, PackageError> {
        let content = std::fs::read(folder.join(plan.file_name()))?;
        let cues = web_vtt::parse(&String::from_utf8_lossy(&content))
            .map_err(|cause| PackageError::Captions(plan.source.clone(), cause))?;
        Ok(Self { plan, name, cues })
    }

    /// The name of the playlist.
    pub(super) fn playlist_name(&self) -> String {
        format!("{}.m3u8", self.name)
    }

    /// The name of the file with all cues.
    pub(super) fn file_name(&self) -> String {
        format!("{}.vtt", self.name)
    }

    /// The name of a segment, counted from 1.
    pub(super) fn segment_name(&self, number: usize) -> String {
        format!("{}_{number:09}.vtt", self.name)
    }

    /// All cues.
    pub(super) fn text(&self) -> String {
        text("", self.cues.iter())
    }

    /// The texts of segments with these durations in seconds. A cue is in each segment that it is shown in.
    pub(super) fn segments(&self, durations: &[f64]) -> Vec<String> {
        let mut start_s = 0.0;
        let mut segments = Vec::new();
        for duration_s in durations {
            let end_s = start_s + duration_s;
            let is_shown =
                |cue: &&Cue| (cue.start_ms as f64) < end_s * 1000.0 && cue.end_ms as f64 > start_s * 1000.0;
            segments.push(text(TIMESTAMP_MAP, self.cues.iter().filter(is_shown)));
            start_s = end_s;
        }
        segments
    }

    /// The media playlist of segments with these durations in seconds.
    pub(super) fn playlist(&self, durations: &[f64]) -> String {
        let longest = durations.iter().copied().fold(1.0, f64::max).round();
        let mut text = format!(
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{longest}\n#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-PLAYLIST-TYPE:VOD\n"
        );
        for (number, duration_s) in (1..).zip(durations) {
            let _ = writeln!(text, "#EXTINF:{duration_s:.6},\n{}", url(&self.segment_name(number)));
        }
        text.push_str("#EXT-X-ENDLIST\n");
        text
    }
}

/// A file with cues. `header` follows its first line.
fn text<'c>(header: &str, cues: impl Iterator<Item = &'c Cue>) -> String {
    let mut text = format!("WEBVTT\n{header}");
    for Cue { start_ms, end_ms, settings, text: lines } in cues {
        let space = if settings.is_empty() { "" } else { " " };
        let (start, end) = (timestamp(*start_ms), timestamp(*end_ms));
        let _ = write!(text, "\n{start} --> {end}{space}{settings}\n{lines}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_is_in_each_segment_that_it_is_shown_in() {
        let folder = tempfile::tempdir().unwrap();
        let plan = CaptionPlan {
            local: "g0t3".to_owned(),
            modifier: "_captions_en".to_owned(),
            source: "s3://originals/files/1/en.vtt".to_owned(),
            language: "en".to_owned(),
            label: "English".to_owned(),
        };
        let read = || Captions::read(&plan, "index_captions_en".to_owned(), folder.path());
        let file = "WEBVTT\n\n00:05.000 --> 00:07.000 line:0\nOne\n\n00:07.000 --> 00:08.000\nTwo\n";
        std::fs::write(folder.path().join("g0t3.vtt"), file).unwrap();
        let captions = read().unwrap();
        let one = "\n00:00:05.000 --> 00:00:07.000 line:0\nOne\n";
        let two = "\n00:00:07.000 --> 00:00:08.000\nTwo\n";
        let head = format!("WEBVTT\n{TIMESTAMP_MAP}");
        let expected = [format!("{head}{one}"), format!("{head}{one}{two}"), head];
        assert_eq!(captions.segments(&[6.0, 6.0, 0.5]), expected);
        assert_eq!(captions.text(), format!("WEBVTT\n{one}{two}"));
        let playlist = captions.playlist(&[6.0, 0.5]);
        assert!(
            playlist.contains("#EXTINF:0.500000,\nindex_captions_en_000000002.vtt\n#EXT-X-ENDLIST"),
            "{playlist}"
        );
        std::fs::write(folder.path().join("g0t3.vtt"), "1\n").unwrap();
        let error = read().unwrap_err().to_string();
        assert_eq!(
            error,
            "the captions 's3://originals/files/1/en.vtt' can't be read: the first line isn't WEBVTT"
        );
    }
}
