//! HLS (RFC 8216): the multivariant playlist, one media playlist a track, and one of thumbnails as the Image Media
//! Playlist specification has it, which players that don't know it pass over.

use std::fmt::Write as _;

use super::super::plan::TrackMedia;
use super::segments::Segments;
use super::track::{Tiles, Track, url};

/// The group of audio renditions: there is one.
const AUDIO: &str = "audio";

/// The playlist of a track.
pub(super) fn media_playlist(track: &Track<'_>) -> String {
    let segments = &track.segments;
    let longest = segments.list.iter().map(|segment| segments.seconds(segment)).fold(0.0, f64::max);
    let mut text = beginning(longest);
    let _ = writeln!(text, "#EXT-X-MAP:URI=\"{}\"", url(&track.init_name()));
    for (number, segment) in (1..).zip(&segments.list) {
        let _ =
            writeln!(text, "#EXTINF:{:.6},\n{}", segments.seconds(segment), url(&track.segment_name(number)));
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

/// The playlist of thumbnails.
pub(super) fn image_playlist(tiles: &Tiles<'_>, duration_s: f64) -> String {
    let plan = tiles.plan;
    let sheet_s = plan.interval_s * f64::from(plan.columns * plan.rows);
    let mut text = beginning(sheet_s.min(duration_s));
    text.push_str("#EXT-X-IMAGES-ONLY\n");
    for number in 0..tiles.sheets.len() {
        let seconds = (duration_s - sheet_s * number as f64).clamp(0.001, sheet_s);
        let _ = writeln!(text, "#EXTINF:{seconds:.6},");
        let _ = writeln!(
            text,
            "#EXT-X-TILES:RESOLUTION={}x{},LAYOUT={}x{},DURATION={:.6}",
            plan.size.width, plan.size.height, plan.columns, plan.rows, plan.interval_s
        );
        let _ = writeln!(text, "{}", url(&format!("{}_{:09}.jpg", tiles.name, number + 1)));
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

fn beginning(longest_s: f64) -> String {
    let seconds = longest_s.round().max(1.0) as u64;
    format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{seconds}\n#EXT-X-MEDIA-SEQUENCE:1\n\
         #EXT-X-PLAYLIST-TYPE:VOD\n"
    )
}

/// The playlist of all tracks. Where there is no video, the audio is what is played.
pub(super) fn multivariant_playlist(tracks: &[Track<'_>], tiles: Option<&Tiles<'_>>) -> String {
    let mut text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n".to_owned();
    let audio = tracks.iter().find(|track| matches!(track.plan.kind, TrackMedia::Audio { .. }));
    let has_video = tracks.iter().any(|track| matches!(track.plan.kind, TrackMedia::Video { .. }));
    let mut sounds = 0;
    for track in tracks {
        match track.plan.kind {
            TrackMedia::Audio { channels, .. } if has_video => {
                sounds += 1;
                let is_first = audio.is_some_and(|first| std::ptr::eq(first, track));
                let default = if is_first { "YES" } else { "NO" };
                let _ = writeln!(
                    text,
                    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{AUDIO}\",NAME=\"Audio {sounds}\",DEFAULT={default},\
                     AUTOSELECT={default},CHANNELS=\"{channels}\",URI=\"{}\"",
                    url(&format!("{}.m3u8", track.name))
                );
            }
            TrackMedia::Audio { .. } => variant(&mut text, track, None),
            TrackMedia::Video { .. } => variant(&mut text, track, audio),
        }
    }
    if let Some(tiles) = tiles {
        let plan = tiles.plan;
        let sheet_s = plan.interval_s * f64::from(plan.columns * plan.rows);
        let bits = tiles.sheets.iter().max().copied().unwrap_or(0) as f64 * 8.0;
        let _ = writeln!(
            text,
            "#EXT-X-IMAGE-STREAM-INF:BANDWIDTH={},RESOLUTION={}x{},CODECS=\"jpeg\",URI=\"{}\"",
            (bits / sheet_s).ceil().max(1.0) as u64,
            plan.size.width,
            plan.size.height,
            url(&format!("{}.m3u8", tiles.name))
        );
    }
    text
}

fn variant(text: &mut String, track: &Track<'_>, audio: Option<&Track<'_>>) {
    let segments = &track.segments;
    let sum = |of: fn(&Segments) -> u64| of(segments) + audio.map_or(0, |audio| of(&audio.segments));
    let (peak, average) = (sum(Segments::peak), sum(Segments::average));
    let _ = write!(
        text,
        "#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS=\"{}",
        segments.codec
    );
    if let Some(audio) = audio {
        let _ = write!(text, ",{}", audio.segments.codec);
    }
    text.push('"');
    if let TrackMedia::Video { size, rate } = track.plan.kind {
        let _ = write!(text, ",RESOLUTION={}x{},FRAME-RATE={:.3}", size.width, size.height, rate.value());
    }
    if audio.is_some() {
        let _ = write!(text, ",AUDIO=\"{AUDIO}\"");
    }
    let _ = writeln!(text, "\n{}", url(&format!("{}.m3u8", track.name)));
}
