//! An AVIF file: its header, and the decoding of its tiles.

use crate::aom::decoder::Decoder;
use crate::error::Error;
use crate::view::{Layout, dimensions};

use super::color::Cicp;
use super::container::{self, Container, missing_part};
use super::paint::{Canvas, Tile};
use super::properties::{self, Aperture, Grid};
use super::sequence::SequenceHeader;

/// The names of the item property for an alpha plane.
const ALPHA: [&[u8]; 2] = [b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1"];

/// Equal tiles may share bytes, but a thousand tiles that share megabytes are an attack. So the lengths of all tiles may add
/// up to this many times the file's length, or to [`ALWAYS_ALLOWED_TILE_BYTES`] if that is more.
const MAX_TILE_BYTES_PER_FILE_BYTE: usize = 4;

/// The number of bytes that all tiles together may have in every file, also in a short one.
const ALWAYS_ALLOWED_TILE_BYTES: usize = 16 << 20;

/// The header of an AVIF file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Width in pixels, after cropping, before rotation.
    pub width: u32,
    /// Height in pixels, after cropping, before rotation.
    pub height: u32,
    /// Width in pixels before cropping.
    pub coded_width: u32,
    /// Height in pixels before cropping.
    pub coded_height: u32,
    /// Number of pixels that are decoded at a time: those of a tile, or of the whole picture.
    pub pixels_at_once: u64,
    /// Bits per sample: 8, 10 or 12.
    pub depth: u8,
    /// `true` if the file has an alpha plane.
    pub has_alpha: bool,
    /// The rotation and mirroring that make the picture upright, as EXIF's orientation 1 to 8.
    pub orientation: u8,
    /// The colour space of the picture, unless it has an ICC profile.
    pub colors: Cicp,
    /// `true` if the file has EXIF or XMP.
    pub has_metadata: bool,
    /// `true` if the file has an image sequence in addition to the still picture.
    pub is_sequence: bool,
    /// Number of pixels that are cropped at the left and at the top.
    crop: (u32, u32),
}

/// `true` if the file's first box lists AVIF among its brands.
pub fn is_avif(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp") && container::has_brand(bytes)
}

/// An AVIF file whose header was read.
pub struct File<'a> {
    pub(super) container: Container<'a>,
    pub(super) header: Header,
    grid: Option<Grid>,
    /// The id of the alpha plane's item.
    pub(super) alpha: Option<u32>,
    /// The ids of the alpha planes of all tiles, if each tile has one of its own.
    tile_alphas: Vec<u32>,
}

/// Reads the header of a file. This decodes no pixels, and allocates little more than the file's length.
pub fn open(bytes: &[u8]) -> Result<File<'_>, Error> {
    let container = Container::read(bytes)?;
    let primary = container.primary;
    let item_type = container.item_type(primary).ok_or_else(missing_part)?;
    let (first, grid, coded) = match &item_type {
        b"av01" => {
            let first = SequenceHeader::read(&container.data(primary)?)?;
            (first, None, (first.width, first.height))
        }
        b"grid" => {
            let (first, grid, size) = properties::grid(&container, primary)?;
            (first, Some(grid), size)
        }
        b"hvc1" | b"hev1" | b"avc1" => {
            return Err(Error::Unsupported(
                "HEIC images are not supported; save the picture as AVIF or JPEG",
            ));
        }
        _ => {
            return Err(Error::Unsupported(
                "the picture is derived from other pictures in a way that is not supported",
            ));
        }
    };
    let declared = container.properties(primary, *b"ispe").next().and_then(properties::size);
    if declared != Some(coded) {
        return Err(Error::Damaged("the file's header and its picture differ in size".to_owned()));
    }
    let aperture = container.properties(primary, *b"clap").next();
    let aperture = aperture.and_then(|content| properties::aperture(content, coded)).unwrap_or(Aperture {
        left: 0,
        top: 0,
        width: coded.0,
        height: coded.1,
    });
    let is_alpha = |item: &u32| {
        let name = container.properties(*item, *b"auxC").next().and_then(|content| content.get(4..));
        name.and_then(|name| name.split(|byte| *byte == 0).next()).is_some_and(|name| ALPHA.contains(&name))
    };
    let alpha_of = |item: u32| container.references_to(item, *b"auxl").find(is_alpha);
    let alpha = alpha_of(primary);
    let tiles = container.references_from(primary, *b"dimg").filter(|_| grid.is_some() && alpha.is_none());
    let tile_alphas: Option<Vec<u32>> =
        tiles.and_then(|tiles| tiles.iter().map(|tile| alpha_of(*tile)).collect());
    let tile_alphas = tile_alphas.unwrap_or_default();
    let has_metadata = container.has_item_type(|item_type| matches!(&item_type, b"Exif" | b"mime"));
    let header = Header {
        width: aperture.width,
        height: aperture.height,
        coded_width: coded.0,
        coded_height: coded.1,
        pixels_at_once: u64::from(first.width) * u64::from(first.height),
        depth: first.depth,
        has_alpha: alpha.is_some() || !tile_alphas.is_empty(),
        orientation: properties::orientation(&container),
        colors: properties::nclx(&container).unwrap_or(first.colors),
        has_metadata,
        is_sequence: container.is_sequence(),
        crop: (aperture.left, aperture.top),
    };
    Ok(File { container, header, grid, alpha, tile_alphas })
}

impl<'a> File<'a> {
    /// The file's header.
    pub fn header(&self) -> Header {
        self.header
    }

    /// The picture's ICC profile.
    pub fn icc(&self) -> Option<&'a [u8]> {
        let mut boxes = self.container.properties(self.container.primary, *b"colr");
        boxes.find_map(|content| content.strip_prefix(b"prof").or_else(|| content.strip_prefix(b"rICC")))
    }

    /// Decodes into `samples`, whose length must be that of the cropped picture in `layout`.
    pub fn decode(&self, layout: Layout, samples: &mut [u8]) -> Result<(), Error> {
        let Header { width, height, .. } = self.header;
        dimensions(samples.len(), width, height, layout.channels())?;
        let mut canvas = Canvas { samples, size: (width, height), layout };
        let primary = self.container.primary;
        self.each_tile(primary, |tile, corner| canvas.paint_colors(tile, corner, self.header.colors))?;
        if let (Some(Grid { columns, tile, .. }), Layout::Rgba) = (self.grid, layout)
            && !self.tile_alphas.is_empty()
        {
            return self
                .each_of(&self.tile_alphas, columns, tile, |tile, corner| canvas.paint_alpha(tile, corner));
        }
        let (Some(alpha), Layout::Rgba) = (self.alpha, layout) else { return Ok(()) };
        self.each_tile(alpha, |tile, corner| canvas.paint_alpha(tile, corner))?;
        let is_premultiplied =
            self.container.references_from(primary, *b"prem").is_some_and(|to| to.contains(&alpha));
        if is_premultiplied {
            canvas.unpremultiply();
        }
        Ok(())
    }

    /// Decodes an item's picture, or each of its tiles. `paint` takes the tile and the position of its upper left corner in
    /// the cropped picture.
    fn each_tile(
        &self,
        item: u32,
        paint: impl FnMut(&Tile<'_>, (i64, i64)) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Header { coded_width, coded_height, .. } = self.header;
        let (tiles, columns, size) = match (self.grid, self.container.item_type(item)) {
            (Some(Grid { columns, rows, tile }), Some([b'g', b'r', b'i', b'd'])) => {
                let tiles = self.container.references_from(item, *b"dimg").ok_or_else(missing_part)?;
                if tiles.len() as u64 != u64::from(columns) * u64::from(rows) {
                    return Err(missing_part());
                }
                (tiles, columns, tile)
            }
            _ => (std::slice::from_ref(&item), 1, (coded_width, coded_height)),
        };
        self.each_of(tiles, columns, size, paint)
    }

    /// Decodes tiles of `size` pixels, in rows of `columns`.
    fn each_of(
        &self,
        tiles: &[u32],
        columns: u32,
        size: (u32, u32),
        mut paint: impl FnMut(&Tile<'_>, (i64, i64)) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (left, top) = self.header.crop;
        let most = self.container.file_len().saturating_mul(MAX_TILE_BYTES_PER_FILE_BYTE);
        let mut bytes_left = most.max(ALWAYS_ALLOWED_TILE_BYTES);
        for (number, tile) in (0..).zip(tiles) {
            let data = self.container.data(*tile)?;
            bytes_left = bytes_left
                .checked_sub(data.len())
                .ok_or(Error::Unsupported("the picture's parts share too much of the file"))?;
            let SequenceHeader { width, height, colors, .. } = SequenceHeader::read(&data)?;
            if (width, height) != size {
                return Err(Error::Damaged("the picture's parts differ in size".to_owned()));
            }
            let mut decoder = Decoder::new()?;
            let frame = decoder.decode(&data)?;
            if frame.size() != size {
                return Err(Error::Damaged("the file's header and its picture differ in size".to_owned()));
            }
            let (column, row) = (i64::from(number % columns), i64::from(number / columns));
            let corner =
                (column * i64::from(size.0) - i64::from(left), row * i64::from(size.1) - i64::from(top));
            paint(&Tile { frame, is_full_range: colors.is_full_range }, corner)?;
        }
        Ok(())
    }
}
