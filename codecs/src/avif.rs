//! AVIF: still pictures in, of every depth and subsampling; lossy out, 8 bits a channel, 4:2:0.

mod boxes;
mod color;
mod container;
mod encode;
mod paint;
mod properties;
mod sequence;
#[cfg(test)]
mod tests;

pub use color::Cicp;
pub use encode::{encode, encode_planes};

pub use crate::Layout;

use crate::Error;
use crate::aom::decoder::Decoder;
use container::{Container, cut};
use paint::{Canvas, Painted};
use properties::{Aperture, Grid};
use sequence::{Sequence, sequence};

/// The longest side that is encoded: what the format's baseline profile lets every reader expect.
pub const MAX_SIDE: u32 = 16_384;

/// The item property's names for a plane of alpha.
const ALPHA: [&[u8]; 2] = [b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1"];

/// Tiles may share bytes, as equal ones do, but to walk the same megabytes for each of a thousand is an attack: all
/// together may have this many times the file's length, or this many bytes where that is more.
const MOST_OF_FILE: usize = 4;
const LEAST_OF_TILES: usize = 16 << 20;

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// In pixels, as shown, before it is turned.
    pub width: u32,
    /// In pixels, as shown, before it is turned.
    pub height: u32,
    /// In pixels, with what the file says to cut off.
    pub coded_width: u32,
    /// In pixels, with what the file says to cut off.
    pub coded_height: u32,
    /// How many pixels are decoded at a time: those of a tile, or of the whole picture.
    pub pixels_at_once: u64,
    /// Bits a sample: 8, 10 or 12.
    pub depth: u8,
    /// Whether there is a plane of alpha.
    pub has_alpha: bool,
    /// How the picture is turned to be upright, in the values 1 to 8 of EXIF's tag.
    pub orientation: u8,
    /// How its colours are coded, where no ICC profile says otherwise.
    pub colors: Cicp,
    /// Whether EXIF or XMP is in the file.
    pub has_metadata: bool,
    /// Whether there is a sequence of pictures beside the still one.
    pub is_sequence: bool,
    /// What is cut off at the left and at the top, in pixels.
    cut: (u32, u32),
}

/// Whether a file says at its beginning that it is AVIF, alone or among others of the HEIF family.
pub fn is_avif(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp") && container::has_brand(bytes)
}

/// A file whose header was read.
pub struct File<'a> {
    container: Container<'a>,
    header: Header,
    grid: Option<Grid>,
    alpha: Option<u32>,
}

/// Reads the header of a file. Nothing is decoded, and little more than the file's own length is allocated.
pub fn open(bytes: &[u8]) -> Result<File<'_>, Error> {
    let container = Container::read(bytes)?;
    let primary = container.primary;
    let kind = container.kind(primary).ok_or_else(cut)?;
    let (first, grid, coded) = match &kind {
        b"av01" => {
            let first = sequence(&container.data(primary)?)?;
            (first, None, (first.width, first.height))
        }
        b"grid" => {
            let (first, grid, size) = properties::grid(&container, primary)?;
            (first, Some(grid), size)
        }
        b"hvc1" | b"hev1" | b"avc1" => {
            return Err(Error::Unsupported("HEIC images are not read; save the picture as AVIF or JPEG"));
        }
        _ => return Err(Error::Unsupported("the picture is made of others in a way that is not read")),
    };
    let said = container.properties(primary, *b"ispe").next().and_then(properties::size);
    if said != Some(coded) {
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
    let alpha = container.references_to(primary, *b"auxl").find(is_alpha);
    let has_metadata = container.has_kind(|kind| matches!(&kind, b"Exif" | b"mime"));
    let header = Header {
        width: aperture.width,
        height: aperture.height,
        coded_width: coded.0,
        coded_height: coded.1,
        pixels_at_once: u64::from(first.width) * u64::from(first.height),
        depth: first.depth,
        has_alpha: alpha.is_some(),
        orientation: properties::orientation(&container),
        colors: properties::nclx(&container).unwrap_or(first.colors),
        has_metadata,
        is_sequence: container.is_sequence(),
        cut: (aperture.left, aperture.top),
    };
    Ok(File { container, header, grid, alpha })
}

impl<'a> File<'a> {
    /// What the header says.
    pub fn header(&self) -> Header {
        self.header
    }

    /// The picture's ICC profile.
    pub fn icc(&self) -> Option<&'a [u8]> {
        let mut boxes = self.container.properties(self.container.primary, *b"colr");
        boxes.find_map(|content| content.strip_prefix(b"prof").or_else(|| content.strip_prefix(b"rICC")))
    }

    /// Decodes into `samples`, whose length must be that of the picture as shown in `layout`.
    pub fn decode(&self, layout: Layout, samples: &mut [u8]) -> Result<(), Error> {
        let Header { width, height, .. } = self.header;
        crate::checked_size(samples.len(), width, height, layout.channels())?;
        let mut canvas = Canvas { samples, size: (width, height), layout };
        let primary = self.container.primary;
        self.each_tile(primary, |frame, place| canvas.paint_colors(frame, place, self.header.colors))?;
        let (Some(alpha), Layout::Rgba) = (self.alpha, layout) else { return Ok(()) };
        self.each_tile(alpha, |frame, place| canvas.paint_alpha(frame, place))?;
        let is_premultiplied =
            self.container.references_from(primary, *b"prem").is_some_and(|to| to.contains(&alpha));
        if is_premultiplied {
            canvas.unpremultiply();
        }
        Ok(())
    }

    /// Decodes an item's picture, or each of its tiles, and says where it lies in the picture as shown.
    fn each_tile(
        &self,
        item: u32,
        mut paint: impl FnMut(&Painted<'_>, (i64, i64)) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Header { coded_width, coded_height, cut: (left, top), .. } = self.header;
        let (tiles, columns, size) = match (self.grid, self.container.kind(item)) {
            (Some(Grid { columns, rows, tile }), Some([b'g', b'r', b'i', b'd'])) => {
                let tiles = self.container.references_from(item, *b"dimg").ok_or_else(cut)?;
                if tiles.len() as u64 != u64::from(columns) * u64::from(rows) {
                    return Err(cut());
                }
                (tiles, columns, tile)
            }
            _ => (std::slice::from_ref(&item), 1, (coded_width, coded_height)),
        };
        let mut bytes_left = self.container.file_len().saturating_mul(MOST_OF_FILE).max(LEAST_OF_TILES);
        for (number, tile) in (0..).zip(tiles) {
            let data = self.container.data(*tile)?;
            bytes_left = bytes_left
                .checked_sub(data.len())
                .ok_or(Error::Unsupported("the picture's parts share too much of the file"))?;
            let Sequence { width, height, colors, .. } = sequence(&data)?;
            if (width, height) != size {
                return Err(Error::Damaged("the picture's parts differ in size".to_owned()));
            }
            let mut decoder = Decoder::new()?;
            let frame = decoder.decode(&data)?;
            if frame.size() != size {
                return Err(Error::Damaged("the file's header and its picture differ in size".to_owned()));
            }
            let (column, row) = (i64::from(number % columns), i64::from(number / columns));
            let place =
                (column * i64::from(size.0) - i64::from(left), row * i64::from(size.1) - i64::from(top));
            paint(&Painted { frame, is_full_range: colors.is_full_range }, place)?;
        }
        Ok(())
    }
}
