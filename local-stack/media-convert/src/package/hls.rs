//! Writes HLS playlists (RFC 8216): a multivariant playlist, a media playlist per track, and a playlist of thumbnails. The
//! last one follows the Image Media Playlist specification; players that do not support it ignore it.

use std::fmt::Write as _;

use super::captions::Captions;
use super::segments::{Segments, target_duration};
use super::track::{Thumbnails, Track, url};
use crate::plan::TrackMedia;

/// The id of the group of audio renditions.
const AUDIO: &str = "audio";

/// The id of the group of captions.
const CAPTIONS: &str = "captions";

/// The media playlist of a track.
pub(super) fn media_playlist(track: &Track<'_>) -> String {
    let segments = &track.segments;
    let mut text = header(target_duration(segments));
    let _ = writeln!(text, "#EXT-X-MAP:URI=\"{}\"", url(&track.init_name()));
    for (number, segment) in (1..).zip(&segments.list) {
        let _ =
            writeln!(text, "#EXTINF:{:.6},\n{}", segments.seconds(segment), url(&track.segment_name(number)));
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

/// The playlist of thumbnails. `duration_s` is the duration of the group in seconds.
pub(super) fn image_playlist(thumbnails: &Thumbnails<'_>, duration_s: f64) -> String {
    let plan = thumbnails.plan;
    let sheet_s = plan.interval_s * f64::from(plan.columns * plan.rows);
    let mut text = header(sheet_s.min(duration_s).round().max(1.0) as u64);
    text.push_str("#EXT-X-IMAGES-ONLY\n");
    for number in 0..thumbnails.sheets.len() {
        let seconds = (duration_s - sheet_s * number as f64).clamp(0.001, sheet_s);
        let _ = writeln!(text, "#EXTINF:{seconds:.6},");
        let _ = writeln!(
            text,
            "#EXT-X-TILES:RESOLUTION={}x{},LAYOUT={}x{},DURATION={:.6}",
            plan.size.width, plan.size.height, plan.columns, plan.rows, plan.interval_s
        );
        let _ = writeln!(text, "{}", url(&format!("{}_{:09}.jpg", thumbnails.name, number + 1)));
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

/// The first lines of a media playlist with a target duration in seconds.
fn header(target_s: u64) -> String {
    format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{target_s}\n#EXT-X-MEDIA-SEQUENCE:1\n\
         #EXT-X-PLAYLIST-TYPE:VOD\n"
    )
}

/// The playlist of all tracks. Without video, the audio tracks are the variants.
pub(super) fn multivariant_playlist(
    tracks: &[Track<'_>],
    captions: &[Captions<'_>],
    thumbnails: Option<&Thumbnails<'_>>,
) -> String {
    let mut text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n".to_owned();
    let audio = tracks.iter().find(|track| matches!(track.plan.media, TrackMedia::Audio { .. }));
    let has_video = tracks.iter().any(|track| matches!(track.plan.media, TrackMedia::Video { .. }));
    let mut audio_tracks = 0;
    for track in tracks {
        match track.plan.media {
            TrackMedia::Audio { channels, .. } if has_video => {
                audio_tracks += 1;
                let is_first = audio.is_some_and(|first| std::ptr::eq(first, track));
                let default = if is_first { "YES" } else { "NO" };
                let _ = writeln!(
                    text,
                    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{AUDIO}\",NAME=\"Audio {audio_tracks}\",DEFAULT={default},\
                     AUTOSELECT={default},CHANNELS=\"{channels}\",URI=\"{}\"",
                    url(&format!("{}.m3u8", track.name))
                );
            }
            TrackMedia::Audio { .. } => variant(&mut text, track, None, captions),
            TrackMedia::Video { .. } => variant(&mut text, track, audio, captions),
        }
    }
    for captions in captions {
        let _ = writeln!(
            text,
            "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"{CAPTIONS}\",NAME=\"{}\",LANGUAGE=\"{}\",DEFAULT=NO,AUTOSELECT=YES,\
             FORCED=NO,URI=\"{}\"",
            captions.plan.label.replace(['"', '\n', '\r'], "'"),
            captions.plan.language,
            url(&captions.playlist_name())
        );
    }
    if let Some(thumbnails) = thumbnails {
        let plan = thumbnails.plan;
        let sheet_s = plan.interval_s * f64::from(plan.columns * plan.rows);
        let bits = thumbnails.sheets.iter().max().copied().unwrap_or(0) as f64 * 8.0;
        let _ = writeln!(
            text,
            "#EXT-X-IMAGE-STREAM-INF:BANDWIDTH={},RESOLUTION={}x{},CODECS=\"jpeg\",URI=\"{}\"",
            (bits / sheet_s).ceil().max(1.0) as u64,
            plan.size.width,
            plan.size.height,
            url(&format!("{}.m3u8", thumbnails.name))
        );
    }
    text
}

/// Writes a variant with the audio and the captions that belong to it.
fn variant(text: &mut String, track: &Track<'_>, audio: Option<&Track<'_>>, captions: &[Captions<'_>]) {
    let segments = &track.segments;
    let sum = |rate: fn(&Segments) -> u64| rate(segments) + audio.map_or(0, |audio| rate(&audio.segments));
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
    if let TrackMedia::Video { size, rate } = track.plan.media {
        let _ = write!(text, ",RESOLUTION={}x{},FRAME-RATE={:.3}", size.width, size.height, rate.value());
    }
    if audio.is_some() {
        let _ = write!(text, ",AUDIO=\"{AUDIO}\"");
    }
    if !captions.is_empty() {
        let _ = write!(text, ",SUBTITLES=\"{CAPTIONS}\"");
    }
    let _ = writeln!(text, "\n{}", url(&format!("{}.m3u8", track.name)));
}
