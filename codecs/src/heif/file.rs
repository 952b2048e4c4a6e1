//! A file: its header, and the decoding of its tiles.

use crate::error::Error;
use crate::view::{Layout, dimensions};

use super::coded::{Codec, CodedPicture};
use super::color::Cicp;
use super::container::{self, AVIF_BRANDS, Container, HEIF_BRANDS, missing_part};
use super::paint::{Canvas, Tile};
use super::properties::{self, Aperture, Grid};
use super::reading::{Part, Reading};

/// The names of the item property for an alpha plane.
const ALPHA: [&[u8]; 2] = [b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1"];

/// Equal tiles may share bytes, but a thousand tiles that share megabytes are an attack. So the lengths of all tiles may add
/// up to this many times the file's length, or to [`ALWAYS_ALLOWED_TILE_BYTES`] if that is more.
const MAX_TILE_BYTES_PER_FILE_BYTE: usize = 4;

/// The number of bytes that all tiles together may have in every file, also in a short one.
const ALWAYS_ALLOWED_TILE_BYTES: usize = 16 << 20;

/// The largest [`Reading::halvings`].
const MAX_HALVINGS: u32 = 3;

/// The header of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The codec of the picture.
    pub codec: Codec,
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
    /// The largest number of halvings that a [`Reading`] may ask for: 0 to 3.
    pub max_halvings: u32,
    /// Width and height of a thumbnail that shows the whole picture in the same colours and the same orientation.
    pub thumbnail: Option<(u32, u32)>,
    /// Number of pixels that are cropped at the left and at the top.
    crop: (u32, u32),
}

/// `true` if the file's first box lists AVIF among its brands.
pub fn is_avif(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp") && container::has_brand(bytes, &AVIF_BRANDS)
}

/// `true` if the file's first box lists a brand of the family, such as those of AVIF and HEIC.
pub fn is_heif(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp") && container::has_brand(bytes, &HEIF_BRANDS)
}

/// A file whose header was read.
pub struct File<'a> {
    pub(crate) container: Container<'a>,
    pub(crate) header: Header,
    /// The id of the item that has the picture's colour space.
    of_colors: u32,
    grid: Option<Grid>,
    /// The id of the alpha plane's item.
    pub(crate) alpha: Option<u32>,
    /// The ids of the alpha planes of all tiles, if each tile has one of its own.
    tile_alphas: Vec<u32>,
    /// The id of the thumbnail's item.
    thumbnail: Option<u32>,
}

/// Reads the header of a file. This decodes no pixels, and allocates little more than the file's length.
pub fn open(bytes: &[u8]) -> Result<File<'_>, Error> {
    let container = Container::read(bytes)?;
    let primary = container.primary;
    let item_type = container.item_type(primary).ok_or_else(missing_part)?;
    let (first, grid, coded) = match Codec::of(item_type)? {
        Some(_) => {
            let picture = CodedPicture::read(&container, primary)?;
            let size = (picture.header.width, picture.header.height);
            (picture, None, size)
        }
        None if item_type == *b"grid" => {
            let (first, grid, size) = properties::grid(&container, primary)?;
            (first, Some(grid), size)
        }
        None => {
            return Err(Error::Unsupported(
                "the picture is derived from other pictures in a way that is not supported",
            ));
        }
    };
    if container.declared_size(primary) != Some(coded) {
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
    let has_alpha = alpha.is_some() || !tile_alphas.is_empty();
    let of_colors = properties::item_of_colors(&container);
    let thumbnail = if has_alpha || (aperture.width, aperture.height) != coded {
        None
    } else {
        properties::thumbnail(&container, coded)
    };
    let header = Header {
        codec: first.codec,
        width: aperture.width,
        height: aperture.height,
        coded_width: coded.0,
        coded_height: coded.1,
        pixels_at_once: first.header.allocated_pixels,
        depth: first.header.depth,
        has_alpha,
        orientation: properties::orientation(&container, primary),
        colors: properties::nclx(&container, of_colors).unwrap_or(first.header.colors),
        has_metadata,
        is_sequence: container.is_sequence(),
        max_halvings: if has_alpha { 0 } else { max_halvings(grid, aperture) },
        thumbnail: thumbnail.map(|(_, size)| size),
        crop: (aperture.left, aperture.top),
    };
    let thumbnail = thumbnail.map(|(id, _)| id);
    Ok(File { container, header, of_colors, grid, alpha, tile_alphas, thumbnail })
}

/// The number of halvings at which the means of samples don't cross the edges of tiles, nor the crop's upper left corner.
fn max_halvings(grid: Option<Grid>, crop: Aperture) -> u32 {
    let (width, height) = grid.map_or((0, 0), |grid| grid.tile);
    let whole = [width, height, crop.left, crop.top].into_iter().fold(0, |bits, length| bits | length);
    whole.trailing_zeros().min(MAX_HALVINGS)
}

impl<'a> File<'a> {
    /// The file's header.
    pub fn header(&self) -> Header {
        self.header
    }

    /// `true` unless the file ends before the picture's bytes do.
    pub fn is_complete(&self) -> bool {
        let primary = self.container.primary;
        let parts = self.container.references_from(primary, *b"dimg").filter(|_| self.grid.is_some());
        let parts = parts.unwrap_or_default().iter().copied().chain(self.tile_alphas.iter().copied());
        parts.chain([primary]).chain(self.alpha).all(|id| self.container.has_data(id))
    }

    /// The picture's ICC profile.
    pub fn icc(&self) -> Option<&'a [u8]> {
        let mut boxes = self.container.properties(self.of_colors, *b"colr");
        boxes.find_map(|content| content.strip_prefix(b"prof").or_else(|| content.strip_prefix(b"rICC")))
    }

    /// Decodes into `samples`, whose length must be that of the cropped picture in `layout`.
    pub fn decode(&self, layout: Layout, samples: &mut [u8]) -> Result<(), Error> {
        self.read(Reading::default(), layout, samples)
    }

    /// Decodes as `reading` says into `samples`, whose length must be that of the halved picture, or of the thumbnail, in
    /// `layout`. Sizes are rounded up.
    pub fn read(&self, reading: Reading, layout: Layout, samples: &mut [u8]) -> Result<(), Error> {
        let Header { width, height, thumbnail, .. } = self.header;
        let halvings = reading.halvings.min(self.header.max_halvings);
        let (id, size) = match (reading.is_thumbnail, self.thumbnail, thumbnail) {
            (true, Some(id), Some(size)) => (Some(id), size),
            (_, _, _) => (None, (width.div_ceil(1 << halvings), height.div_ceil(1 << halvings))),
        };
        dimensions(samples.len(), size.0, size.1, layout.channels())?;
        let mut canvas = Canvas { samples, size, layout, halvings: if id.is_some() { 0 } else { halvings } };
        if let Some(id) = id {
            return CodedPicture::read(&self.container, id)?.decode(|frame| {
                let tile = Tile { frame, is_full_range: self.header.colors.is_full_range };
                canvas.paint_colors(&tile, (0, 0), self.header.colors)
            });
        }
        let primary = self.container.primary;
        self.each_tile(primary, reading.part, |tile, corner| {
            canvas.paint_colors(tile, corner, self.header.colors)
        })?;
        if let (Some(Grid { columns, tile, .. }), Layout::Rgba) = (self.grid, layout)
            && !self.tile_alphas.is_empty()
        {
            return self.each_of(&self.tile_alphas, columns, tile, reading.part, |tile, corner| {
                canvas.paint_alpha(tile, corner)
            });
        }
        let (Some(alpha), Layout::Rgba) = (self.alpha, layout) else { return Ok(()) };
        self.each_tile(alpha, reading.part, |tile, corner| canvas.paint_alpha(tile, corner))?;
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
        part: Option<Part>,
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
        self.each_of(tiles, columns, size, part, paint)
    }

    /// Decodes tiles of `size` pixels, in rows of `columns`.
    fn each_of(
        &self,
        tiles: &[u32],
        columns: u32,
        size: (u32, u32),
        part: Option<Part>,
        mut paint: impl FnMut(&Tile<'_>, (i64, i64)) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (left, top) = self.header.crop;
        let most = self.container.file_len().saturating_mul(MAX_TILE_BYTES_PER_FILE_BYTE);
        let mut bytes_left = most.max(ALWAYS_ALLOWED_TILE_BYTES);
        for (number, tile) in (0_u32..).zip(tiles) {
            let (column, row) = (i64::from(number % columns), i64::from(number / columns));
            let corner =
                (column * i64::from(size.0) - i64::from(left), row * i64::from(size.1) - i64::from(top));
            if part.is_some_and(|part| !part.overlaps(corner, size)) {
                continue;
            }
            // A file that is cut off shows what there is of it. Its first tile is there, because its header was read.
            if self.header.codec == Codec::Hevc && number > 0 && !self.container.has_data(*tile) {
                continue;
            }
            let picture = CodedPicture::read(&self.container, *tile)?;
            bytes_left = bytes_left
                .checked_sub(picture.len())
                .ok_or(Error::Unsupported("the picture's parts share too much of the file"))?;
            if (picture.header.width, picture.header.height) != size
                || picture.header.allocated_pixels > self.header.pixels_at_once
            {
                return Err(Error::Damaged("the picture's parts differ in size".to_owned()));
            }
            let is_full_range = picture.header.colors.is_full_range;
            picture.decode(|frame| paint(&Tile { frame, is_full_range }, corner))?;
        }
        Ok(())
    }
}
