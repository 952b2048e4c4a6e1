//! The properties of items, and the layout of grids.

use super::boxes::Reader;
use super::coded::CodedPicture;
use super::color::Cicp;
use super::container::{Container, missing_part};
use crate::error::Error;

/// The most tiles of a grid. Phones write about fifty.
const MAX_TILES: usize = 1024;

/// A picture of tiles, in rows from the top.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    pub(super) columns: u32,
    pub(super) rows: u32,
    /// Width and height of a tile in pixels.
    pub(super) tile: (u32, u32),
}

/// The part of the coded picture that remains after cropping, in pixels.
#[derive(Clone, Copy)]
pub(super) struct Aperture {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// A grid's first tile, the grid, and width and height of the whole picture.
pub(super) fn grid<'a>(
    container: &Container<'a>,
    id: u32,
) -> Result<(CodedPicture<'a>, Grid, (u32, u32)), Error> {
    let data = container.data(id)?;
    let (columns, rows, (width, height)) = grid_layout(&data).ok_or_else(missing_part)?;
    let tiles = container.references_from(id, *b"dimg").ok_or_else(missing_part)?;
    if tiles.len() > MAX_TILES {
        return Err(Error::Unsupported("the picture has too many tiles"));
    }
    let picture = CodedPicture::read(container, *tiles.first().ok_or_else(missing_part)?)?;
    let first = picture.header;
    // Every column and row of tiles must overlap the picture. So all tiles together have at most four times the picture's
    // pixels, except for a single tile, whose size `Header::pixels_at_once` reports.
    let fits = |count: u32, tile: u32, whole: u32| {
        let (count, tile, whole) = (u64::from(count), u64::from(tile), u64::from(whole));
        (count - 1) * tile < whole && whole <= count * tile
    };
    let is_whole = tiles.len() as u64 == u64::from(columns) * u64::from(rows)
        && fits(columns, first.width, width)
        && fits(rows, first.height, height);
    if !is_whole {
        return Err(Error::Damaged("the picture's tiles don't fit together".to_owned()));
    }
    Ok((picture, Grid { columns, rows, tile: (first.width, first.height) }, (width, height)))
}

fn grid_layout(data: &[u8]) -> Option<(u32, u32, (u32, u32))> {
    let mut reader = Reader { rest: data };
    let _version = reader.u8()?;
    let is_wide = reader.u8()? & 1 == 1;
    let (rows, columns) = (u32::from(reader.u8()?) + 1, u32::from(reader.u8()?) + 1);
    Some((columns, rows, (reader.id(is_wide)?, reader.id(is_wide)?)))
}

/// A `clap` property: four fractions for width, height, and the offsets between the two centres. `None` if the aperture is
/// not inside the picture, or does not lie on whole pixels.
pub(super) fn aperture(content: &[u8], (coded_width, coded_height): (u32, u32)) -> Option<Aperture> {
    let mut reader = Reader { rest: content };
    let mut fraction = || {
        let (numerator, denominator) = (reader.u32()? as i32, reader.u32()?);
        Some((i64::from(numerator), i64::from(denominator))).filter(|(_, denominator)| *denominator > 0)
    };
    let (width, height, right, down) = (fraction()?, fraction()?, fraction()?, fraction()?);
    let along = |coded: u32, (length, one): (i64, i64), (offset, offset_one): (i64, i64)| {
        let coded = i64::from(coded);
        let whole =
            (length % one == 0).then_some(length / one).filter(|whole| (1..=coded).contains(whole))?;
        // The edge is at offset + (coded − whole) / 2.
        let twice = offset * 2 + (coded - whole) * offset_one;
        let start = (twice % (2 * offset_one) == 0).then_some(twice / (2 * offset_one))?;
        let is_inside = start >= 0 && start + whole <= coded;
        is_inside.then_some((start as u32, whole as u32))
    };
    let ((left, width), (top, height)) =
        (along(coded_width, width, right)?, along(coded_height, height, down)?);
    Some(Aperture { left, top, width, height })
}

/// The `irot` and `imir` properties of an item as EXIF's orientation, 1 to 8: a rotation by quarters to the left, then a
/// mirroring.
pub(super) fn orientation(container: &Container<'_>, id: u32) -> u8 {
    let byte = |kind| container.properties(id, kind).next().and_then(|content| content.first());
    let quarters = byte(*b"irot").map_or(0, |byte| byte & 3);
    // Axis 0 swaps top and bottom, axis 1 left and right.
    match (quarters, byte(*b"imir").map(|byte| byte & 1)) {
        (0, None) => 1,
        (1, None) => 8,
        (2, None) => 3,
        (_, None) => 6,
        (0, Some(1)) | (2, Some(0)) => 2,
        (0 | 2, Some(_)) => 4,
        (1, Some(0)) | (3, Some(1)) => 5,
        (_, Some(_)) => 7,
    }
}

/// The item whose `colr` boxes hold for the whole picture: the primary item, or a grid's first tile if only tiles have them.
pub(super) fn item_of_colors(container: &Container<'_>) -> u32 {
    let primary = container.primary;
    let has_colors = |id: &u32| container.properties(*id, *b"colr").next().is_some();
    if has_colors(&primary) {
        return primary;
    }
    let tiles = container.references_from(primary, *b"dimg");
    tiles.and_then(|tiles| tiles.first().copied()).filter(has_colors).unwrap_or(primary)
}

/// The code points of a `colr` box of type `nclx`. They take precedence over those in the picture's sequence header.
pub(super) fn nclx(container: &Container<'_>, id: u32) -> Option<Cicp> {
    let mut boxes = container.properties(id, *b"colr");
    let mut reader = Reader { rest: boxes.find_map(|content| content.strip_prefix(b"nclx"))? };
    Some(Cicp {
        primaries: reader.u16()?,
        transfer: reader.u16()?,
        matrix: reader.u16()?,
        is_full_range: reader.u8()? & 0x80 != 0,
    })
}

/// The thumbnail of the primary item: its id and its size. `None` unless it shows the whole picture of the size `whole` in the
/// same colours and the same orientation.
pub(super) fn thumbnail(container: &Container<'_>, whole: (u32, u32)) -> Option<(u32, (u32, u32))> {
    let (primary, of_colors) = (container.primary, item_of_colors(container));
    let looks_the_same = |id: u32| {
        let same = |name, as_item| container.properties(id, name).eq(container.properties(as_item, name));
        same(*b"irot", primary)
            && same(*b"imir", primary)
            && same(*b"colr", of_colors)
            && container.properties(id, *b"clap").next().is_none()
    };
    let size_of = |id: u32| {
        let header = CodedPicture::read(container, id).ok()?.header;
        let (width, height) = (header.width, header.height);
        let is_smaller = width <= whole.0 && height <= whole.1;
        // The sides have the same ratio within a pixel of the thumbnail.
        let across = u64::from(width) * u64::from(whole.1);
        let down = u64::from(height) * u64::from(whole.0);
        let is_like = across.abs_diff(down) <= u64::from(whole.0.max(whole.1));
        let is_declared = container.declared_size(id) == Some((width, height));
        (is_smaller && is_like && is_declared).then_some((width, height))
    };
    let mut thumbnails = container.references_to(primary, *b"thmb").filter(|id| looks_the_same(*id));
    thumbnails.find_map(|id| size_of(id).map(|size| (id, size)))
}
