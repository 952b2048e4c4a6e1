//! Frames of videos. A request for a moment of a video becomes a request for the part of a sheet of thumbnails that shows it.

use contract::format::FormatChoice;
use contract::key::Key;
use contract::limits::Limits;
use contract::renditions::is_frame;
use contract::variant::{Cutout, Variant};
use contract::web_vtt::{self, Cue};
use serde::Deserialize;
use service::problem::{Kind, Problem};

use super::problem::{defect, store_problem};
use crate::edge::store::Store;
use crate::edge::store::error::StoreError;
use crate::edge::variant_request::VariantRequest;

/// Maximum bytes of a status document, and of an index of thumbnails, which has at most 200.
const MAX_DOCUMENT_BYTES: u64 = 1 << 20;

/// The members of a video's status document that lead to its thumbnails.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    playback: Option<Playback>,
    duration_seconds: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Playback {
    /// The path of the WebVTT index.
    tiles: Option<String>,
}

/// The request for a part of a sheet, if `request` names a moment of a video; else `request` itself.
///
/// Fails if the video has no thumbnails, or ends before the moment.
pub(super) async fn of_sheet(store: &Store, request: VariantRequest) -> Result<VariantRequest, Problem> {
    let VariantRequest { key, variant } = &request;
    if !is_frame(key) {
        return Ok(request);
    }
    if variant.format() == FormatChoice::Info {
        let sentence = "fm=json describes files, and the frame of a video is none";
        return Err(Problem::new(Kind::BadRequest, sentence));
    }
    let status = beside(key, "status.json")?;
    let text = document(store, &status).await?.ok_or_else(|| missing("there is no such video"))?;
    let status: Status = serde_json::from_str(&text).map_err(|error| defect(&error.to_string()))?;
    let playback = status.playback.ok_or_else(|| missing("the video isn't ready"))?;
    let index = playback.tiles.ok_or_else(|| missing("the video has no pictures"))?;
    let index = Key::from_path(&index).map_err(|error| defect(&error.to_string()))?;
    let text = document(store, &index).await?.ok_or_else(|| missing("the video has no thumbnails"))?;
    let cues = web_vtt::parse(&text).map_err(|_| missing("the video has no thumbnails"))?;

    let moment_ms = u64::from(variant.moment()) * 1000;
    if let Some(duration) = status.duration_seconds
        && moment_ms as f64 > duration * 1000.0
    {
        let sentence = format!("the video ends after {duration} seconds, before the moment 't'");
        return Err(Problem::new(Kind::BadRequest, sentence));
    }
    let cue = nearest(&cues, moment_ms).ok_or_else(|| missing("the video has no thumbnails"))?;
    let (sheet, tile) = sheet_and_tile(&cue.text).ok_or_else(|| defect("a cue names no part of a sheet"))?;
    let cutout = cutout_of_tile(variant, tile)?;
    let variant = variant.clone().with_moment(0).with_cutout(Some(cutout));
    Ok(VariantRequest { key: beside(&index, sheet)?, variant })
}

/// The key of another file in the folder of a file.
fn beside(key: &Key, name: &str) -> Result<Key, Problem> {
    let (folder, _) = key.as_str().rsplit_once('/').unwrap_or_default();
    Key::parse(&format!("{folder}/{name}")).map_err(|error| defect(&error.to_string()))
}

/// The text of a document. `None` if there is none.
async fn document(store: &Store, key: &Key) -> Result<Option<String>, Problem> {
    let limits = Limits { source_bytes: MAX_DOCUMENT_BYTES, ..Limits::default() };
    match store.original(key, &limits).await {
        Ok(file) => Ok(Some(String::from_utf8_lossy(&file.bytes).into_owned())),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(store_problem(&error)),
    }
}

fn missing(sentence: &str) -> Problem {
    Problem::new(Kind::Missing, sentence)
}

/// The cue that shows a moment, else the last one before it. Times of a damaged video may have no cue.
fn nearest(cues: &[Cue], moment_ms: u64) -> Option<&Cue> {
    cues.iter().rfind(|cue| cue.start_ms <= moment_ms).or(cues.first())
}

/// The file name of a sheet, and the part of it, that a cue names by a media fragment: `sheet.jpg#xywh=160,0,160,90`.
fn sheet_and_tile(text: &str) -> Option<(&str, Cutout)> {
    let (sheet, part) = text.trim().split_once("#xywh=")?;
    let mut sides = part.split(',').map(|side| side.parse().ok());
    let tile = Cutout::new(sides.next()??, sides.next()??, sides.next()??, sides.next()??)?;
    Some((sheet, tile))
}

/// The part of the sheet that a variant of a tile shows: the tile, or the cutout inside it.
fn cutout_of_tile(variant: &Variant, tile: Cutout) -> Result<Cutout, Problem> {
    let Some(inner) = variant.cutout() else { return Ok(tile) };
    let width = inner.width().min(tile.width().saturating_sub(inner.x));
    let height = inner.height().min(tile.height().saturating_sub(inner.y));
    Cutout::new(tile.x + inner.x, tile.y + inner.y, width, height).ok_or_else(|| {
        let (width, height) = (tile.width(), tile.height());
        let sentence = format!("'rect' leaves nothing of the frame, which has {width} × {height} pixels");
        Problem::new(Kind::BadRequest, sentence)
    })
}

#[cfg(test)]
mod tests {
    use contract::format::Format;

    use super::*;

    fn cue(start_ms: u64, end_ms: u64) -> Cue {
        Cue { start_ms, end_ms, settings: String::new(), text: format!("{start_ms}.jpg#xywh=0,0,160,90") }
    }

    #[test]
    fn a_moment_has_the_thumbnail_that_a_player_shows_then() {
        let cues = [cue(0, 2000), cue(2000, 4000), cue(6000, 7000)];
        let check = |moment_ms, expected| {
            assert_eq!(nearest(&cues, moment_ms).map(|cue| cue.start_ms), Some(expected), "{moment_ms}");
        };
        check(0, 0);
        check(1999, 0);
        check(2000, 2000);
        check(5000, 2000);
        check(99_000, 6000);
        assert_eq!(nearest(&cues[1..], 0).map(|cue| cue.start_ms), Some(2000));
        assert_eq!(nearest(&[], 0), None);
    }

    #[test]
    fn a_cue_names_a_sheet_and_a_part_of_it() {
        let tile = Cutout::new(160, 90, 160, 88).unwrap();
        assert_eq!(sheet_and_tile("index_tiles_1.jpg#xywh=160,90,160,88"), Some(("index_tiles_1.jpg", tile)));
        for text in ["a.jpg", "a.jpg#xywh=1,2,3", "a.jpg#xywh=1,2,0,4", "a.jpg#xywh=a,b,c,d"] {
            assert_eq!(sheet_and_tile(text), None, "{text}");
        }
    }

    #[test]
    fn a_part_of_a_frame_stays_inside_it() {
        let tile = Cutout::new(320, 90, 160, 90).unwrap();
        let part = |rect: Option<[u32; 4]>| {
            let rect = rect.map(|[x, y, width, height]| Cutout::new(x, y, width, height).unwrap());
            let variant = Variant::new(FormatChoice::Fixed(Format::Jpeg)).with_cutout(rect);
            cutout_of_tile(&variant, tile).ok()
        };
        assert_eq!(part(None), Some(tile));
        assert_eq!(part(Some([10, 20, 30, 40])), Cutout::new(330, 110, 30, 40));
        assert_eq!(part(Some([100, 0, 999, 999])), Cutout::new(420, 90, 60, 90));
        assert_eq!(part(Some([160, 0, 9, 9])), None);
    }
}
