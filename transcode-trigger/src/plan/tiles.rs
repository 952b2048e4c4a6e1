//! Seek thumbnails: sheets of small pictures, and the WebVTT index that maps each time to a part of a sheet.

use std::fmt::Write as _;

use contract::web_vtt::timestamp;
use serde::{Deserialize, Serialize};

use crate::source::Size;

/// Longest side of a thumbnail, in pixels. `MediaConvert` demands a width that is a multiple of 8.
const LONG_SIDE: u32 = 160;

/// Smallest width of a thumbnail, in pixels.
const MIN_WIDTH: u32 = 8;

/// Most thumbnails of a video. A seek bar of a thousand pixels changes the thumbnail every five pixels then.
const MAX_COUNT: u64 = 200;

/// A remainder at the end of the video gets no thumbnail if it is at most this long, in milliseconds: sound usually
/// ends a few samples after the picture.
const MAX_IGNORED_MS: u64 = 100;

/// Thumbnails in a row of a sheet, and rows of a sheet.
const GRID: u32 = 10;

/// The layout of the seek thumbnails, in time and on their sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tiles {
    /// Time between two thumbnails, in whole seconds; at least 1.
    pub interval_s: u32,
    /// Width of a thumbnail in pixels, a multiple of 8.
    pub width: u32,
    /// Height of a thumbnail in pixels, an even number.
    pub height: u32,
    /// Thumbnails in a row of a sheet.
    pub columns: u32,
    /// Rows of a sheet.
    pub rows: u32,
}

/// The layout for a video of this size and duration.
pub(super) fn tiles(display_size: Size, duration_ms: u64) -> Tiles {
    let interval_s = duration_ms.div_ceil(1000 * MAX_COUNT).clamp(1, u64::from(u16::MAX)) as u32;
    let scaled = |side: u32| f64::from(side) * f64::from(LONG_SIDE) / f64::from(display_size.long());
    let width = ((scaled(display_size.width) / 8.0).round() as u32 * 8).max(MIN_WIDTH);
    let height = ((scaled(display_size.height) / 2.0).round() as u32 * 2).max(2);
    Tiles { interval_s, width, height, columns: GRID, rows: GRID }
}

impl Tiles {
    /// The WebVTT index of a video of this duration. Each cue names a sheet and the part of it that belongs to the
    /// time. Times without a sheet have no cue.
    pub fn web_vtt(&self, duration_ms: u64, sheets: &[String]) -> String {
        let mut text = String::from("WEBVTT\n");
        let interval_ms = u64::from(self.interval_s) * 1000;
        let per_sheet = u64::from(self.columns) * u64::from(self.rows);
        let count =
            duration_ms.saturating_sub(MAX_IGNORED_MS).div_ceil(interval_ms).max(u64::from(duration_ms > 0));
        for number in 0..count {
            let (sheet, cell) = (number / per_sheet, number % per_sheet);
            let Some(sheet) = usize::try_from(sheet).ok().and_then(|sheet| sheets.get(sheet)) else { break };
            let columns = u64::from(self.columns);
            let (x, y) = (cell % columns * u64::from(self.width), cell / columns * u64::from(self.height));
            let is_last = number + 1 == count;
            let end = if is_last { duration_ms } else { (number + 1) * interval_ms };
            let start = number * interval_ms;
            let (start, end) = (timestamp(start), timestamp(end));
            let _ =
                write!(text, "\n{start} --> {end}\n{sheet}#xywh={x},{y},{},{}\n", self.width, self.height);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbnails_keep_the_aspect_ratio_within_the_limits_of_mediaconvert() {
        let check = |width, height, duration_ms, expected: (u32, u32, u32)| {
            let tiles = tiles(Size { width, height }, duration_ms);
            assert_eq!((tiles.width, tiles.height, tiles.interval_s), expected, "{width}×{height}");
            assert!(
                tiles.width.is_multiple_of(8)
                    && tiles.height.is_multiple_of(2)
                    && tiles.height * tiles.rows <= 4096
            );
        };
        check(1920, 1080, 30_000, (160, 90, 1));
        check(1080, 1920, 200_000, (88, 160, 1));
        check(1080, 1080, 200_001, (160, 160, 2));
        check(4096, 32, 1, (160, 2, 1));
        check(32, 4096, 7_200_000, (8, 160, 36));
    }

    #[test]
    fn the_index_has_sheet_position_and_time_of_every_thumbnail() {
        let tiles = Tiles { interval_s: 2, width: 160, height: 90, columns: 2, rows: 2 };
        let sheets = ["a.jpg".to_owned(), "b.jpg".to_owned()];
        insta::assert_snapshot!(tiles.web_vtt(9_500, &sheets), @r"
        WEBVTT

        00:00:00.000 --> 00:00:02.000
        a.jpg#xywh=0,0,160,90

        00:00:02.000 --> 00:00:04.000
        a.jpg#xywh=160,0,160,90

        00:00:04.000 --> 00:00:06.000
        a.jpg#xywh=0,90,160,90

        00:00:06.000 --> 00:00:08.000
        a.jpg#xywh=160,90,160,90

        00:00:08.000 --> 00:00:09.500
        b.jpg#xywh=0,0,160,90
        ");
        assert_eq!(tiles.web_vtt(9_500, &sheets[..1]).lines().count(), 13);
        assert_eq!(tiles.web_vtt(0, &sheets), "WEBVTT\n");
        assert!(
            tiles
                .web_vtt(4_032, &sheets)
                .ends_with("00:00:02.000 --> 00:00:04.032\na.jpg#xywh=160,0,160,90\n")
        );
        assert_eq!(tiles.web_vtt(32, &sheets).matches("-->").count(), 1);
    }
}
