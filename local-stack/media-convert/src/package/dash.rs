//! Writes the DASH manifest (ISO/IEC 23009-1). Thumbnails follow DASH-IF's implementation guidelines, section 6.2.6.

use std::fmt::Write as _;

use super::captions::Captions;
use super::segments::Segments;
use super::track::{Thumbnails, Track, url};
use crate::plan::TrackMedia;

/// The manifest of a group. `duration_s` is its duration in seconds.
pub(super) fn manifest(
    tracks: &[Track<'_>],
    captions: &[Captions<'_>],
    thumbnails: Option<&Thumbnails<'_>>,
    duration_s: f64,
) -> String {
    let longest =
        tracks.iter().flat_map(|track| track.segments.list.iter().map(|s| track.segments.seconds(s)));
    let buffer_s = longest.fold(1.0, f64::max);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-live:2011\" \
         type=\"static\" mediaPresentationDuration=\"PT{duration_s:.3}S\" minBufferTime=\"PT{buffer_s:.3}S\">\n\
         \x20 <Period id=\"1\" start=\"PT0S\">\n"
    );
    let sets = adaptation_sets(tracks);
    for (number, set) in (1..).zip(&sets) {
        adaptation_set(&mut text, number, set);
    }
    for (number, captions) in (sets.len() + 1..).zip(captions) {
        caption_set(&mut text, number, captions);
    }
    if let Some(thumbnails) = thumbnails {
        thumbnail_set(&mut text, sets.len() + captions.len() + 1, thumbnails);
    }
    text.push_str("  </Period>\n</MPD>\n");
    text
}

/// The adaptation sets: tracks of one codec, between which a player can switch.
fn adaptation_sets<'t, 'p>(tracks: &'t [Track<'p>]) -> Vec<Vec<&'t Track<'p>>> {
    let family = |track: &Track<'_>| track.segments.codec.split('.').next().unwrap_or_default().to_owned();
    let mut sets: Vec<Vec<&Track<'_>>> = Vec::new();
    for track in tracks {
        match sets.iter_mut().find(|set| set.first().is_some_and(|first| family(first) == family(track))) {
            Some(set) => set.push(track),
            None => sets.push(vec![track]),
        }
    }
    sets
}

fn adaptation_set(text: &mut String, number: u32, tracks: &[&Track<'_>]) {
    let Some(first) = tracks.first() else { return };
    let (kind, media_type) = match first.plan.media {
        TrackMedia::Video { .. } => ("video", first.media_type()),
        TrackMedia::Audio { .. } => ("audio", first.media_type()),
    };
    let _ = writeln!(
        text,
        "    <AdaptationSet id=\"{number}\" contentType=\"{kind}\" mimeType=\"{media_type}\" \
         segmentAlignment=\"true\" startWithSAP=\"1\">"
    );
    for track in tracks {
        representation(text, track);
    }
    text.push_str("    </AdaptationSet>\n");
}

fn representation(text: &mut String, track: &Track<'_>) {
    let segments = &track.segments;
    let _ = write!(
        text,
        "      <Representation id=\"{}\" bandwidth=\"{}\" codecs=\"{}\"",
        track.plan.local,
        segments.peak(),
        segments.codec
    );
    match track.plan.media {
        TrackMedia::Video { size, rate } => {
            let _ = writeln!(
                text,
                " width=\"{}\" height=\"{}\" frameRate=\"{rate}\" sar=\"1:1\">",
                size.width, size.height
            );
        }
        TrackMedia::Audio { channels, sample_rate } => {
            let _ = writeln!(text, " audioSamplingRate=\"{sample_rate}\">");
            let _ = writeln!(
                text,
                "        <AudioChannelConfiguration \
                 schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" value=\"{channels}\"/>"
            );
        }
    }
    let _ = writeln!(
        text,
        "        <SegmentTemplate timescale=\"{}\" initialization=\"{}\" media=\"{}_$Number%09d$.{}\" \
         startNumber=\"1\">",
        segments.timescale,
        url(&track.init_name()),
        url(&track.name),
        track.extension()
    );
    timeline(text, segments);
    text.push_str("        </SegmentTemplate>\n      </Representation>\n");
}

/// Writes the timeline. Consecutive segments of one duration share an entry.
fn timeline(text: &mut String, segments: &Segments) {
    text.push_str("          <SegmentTimeline>\n");
    let mut list = segments.list.iter().peekable();
    while let Some(first) = list.next() {
        let mut repeated = 0;
        let mut end = first.start + first.duration;
        while let Some(next) = list.next_if(|next| next.duration == first.duration && next.start == end) {
            repeated += 1;
            end = next.start + next.duration;
        }
        let _ = write!(text, "            <S t=\"{}\" d=\"{}\"", first.start, first.duration);
        if repeated > 0 {
            let _ = write!(text, " r=\"{repeated}\"");
        }
        text.push_str("/>\n");
    }
    text.push_str("          </SegmentTimeline>\n");
}

/// Writes the adaptation set of captions: one file, as players read WebVTT outside of MP4.
fn caption_set(text: &mut String, number: usize, captions: &Captions<'_>) {
    let name = url(&captions.file_name());
    let _ = write!(
        text,
        "    <AdaptationSet id=\"{number}\" contentType=\"text\" mimeType=\"text/vtt\" lang=\"{}\">\n\
         \x20     <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"subtitle\"/>\n\
         \x20     <Representation id=\"{}\" bandwidth=\"256\">\n\
         \x20       <BaseURL>{name}</BaseURL>\n\
         \x20     </Representation>\n\
         \x20   </AdaptationSet>\n",
        captions.plan.language, captions.plan.local
    );
}

/// Writes the adaptation set of the thumbnail sheets.
fn thumbnail_set(text: &mut String, number: usize, thumbnails: &Thumbnails<'_>) {
    let plan = thumbnails.plan;
    let sheet_ms = (plan.interval_s * 1000.0 * f64::from(plan.columns * plan.rows)).round();
    let bits = thumbnails.sheets.iter().max().copied().unwrap_or(0) as f64 * 8.0;
    let _ = write!(
        text,
        "    <AdaptationSet id=\"{number}\" contentType=\"image\" mimeType=\"image/jpeg\">\n\
         \x20     <SegmentTemplate timescale=\"1000\" duration=\"{sheet_ms}\" media=\"{}_$Number%09d$.jpg\" \
         startNumber=\"1\"/>\n\
         \x20     <Representation id=\"thumbnails\" bandwidth=\"{}\" width=\"{}\" height=\"{}\">\n\
         \x20       <EssentialProperty schemeIdUri=\"http://dashif.org/guidelines/thumbnail_tile\" value=\"{}x{}\"/>\n\
         \x20     </Representation>\n\
         \x20   </AdaptationSet>\n",
        url(&thumbnails.name),
        (bits * 1000.0 / sheet_ms).ceil().max(1.0) as u64,
        plan.size.width * plan.columns,
        plan.size.height * plan.rows,
        plan.columns,
        plan.rows
    );
}
