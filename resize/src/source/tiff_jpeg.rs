//! JPEG strips and tiles of a TIFF: the header of each is compared with the directory before it is decoded.

use std::io::Cursor;

use tiff::decoder::Decoder;
use tiff::tags::Tag;

use crate::error::Error;
use crate::pixels::Size;

/// Maximum number of times that each pixel of the picture is read: by the scans of a progressive strip, or because
/// tiles are larger than the picture. Real files have about ten scans.
const MAX_PASSES: u64 = 20;

/// Number of pixels that may always be read, which takes some tenths of a second.
const FREE_PIXELS: u64 = 20_000_000;

/// Maximum length of the tables that all strips share, in bytes. Four tables of each kind are shorter.
const MAX_TABLES_BYTES: usize = 64 << 10;

/// Maximum length of all strips together, as a multiple of the file's. Writers store equal tiles once.
const MAX_FILE_LENGTHS: usize = 4;

const WRONG_SIZE: Error =
    Error::Unsupported("the TIFF has JPEG strips or tiles of another size than its directory says");
const TOO_LONG: Error =
    Error::Unsupported("the TIFF has JPEG strips or tiles that take too long to be decoded");

/// Refuses a picture of JPEG strips or tiles that are larger than the directory says, or take too long.
pub(super) fn admit(decoder: &mut Decoder<Cursor<&[u8]>>, bytes: &[u8], size: Size) -> Result<(), Error> {
    let (width, height) = decoder.chunk_dimensions();
    let mut list = |strips: Tag, tiles: Tag| {
        let mut of = |tag| decoder.find_tag_unsigned_vec::<u64>(tag).ok().flatten();
        of(strips).or_else(|| of(tiles)).unwrap_or_default()
    };
    let offsets = list(Tag::StripOffsets, Tag::TileOffsets);
    let lengths = list(Tag::StripByteCounts, Tag::TileByteCounts);
    let tables = decoder.get_tag_u8_vec(Tag::JPEGTables).unwrap_or_default();
    if tables.len() > MAX_TABLES_BYTES {
        return Err(TOO_LONG);
    }
    let budget = Budget {
        bytes: bytes.len().saturating_mul(MAX_FILE_LENGTHS),
        pixels: size.pixels().saturating_mul(MAX_PASSES).max(FREE_PIXELS),
    };
    let chunk = |(offset, length): (&u64, &u64)| {
        let start = usize::try_from(*offset).ok()?;
        bytes.get(start..start.checked_add(usize::try_from(*length).ok()?)?.min(bytes.len()))
    };
    // The decoder refuses strips outside the file.
    let chunks = offsets.iter().zip(&lengths).filter_map(chunk);
    budget.admit(&tables, chunks, width, height)
}

struct Budget {
    bytes: usize,
    pixels: u64,
}

impl Budget {
    fn admit<'a>(
        mut self,
        tables: &[u8],
        chunks: impl Iterator<Item = &'a [u8]>,
        width: u32,
        height: u32,
    ) -> Result<(), Error> {
        for chunk in chunks {
            self.bytes = self.bytes.checked_sub(chunk.len()).ok_or(TOO_LONG)?;
            // The decoder sees the tables and the strip as one file, so a segment may begin in one and end in the other.
            let joined = [
                tables.get(..tables.len().saturating_sub(2)).unwrap_or_default(),
                chunk.get(2..).unwrap_or_default(),
            ]
            .concat();
            let file = if tables.is_empty() { chunk } else { joined.as_slice() };
            let mut pixels = 0;
            for (frame_width, frame_height) in frames(file) {
                if frame_width > width || frame_height > height {
                    return Err(WRONG_SIZE);
                }
                pixels = pixels.max(u64::from(frame_width) * u64::from(frame_height));
            }
            let scans = file.windows(2).filter(|pair| **pair == [0xff, 0xda]).count() as u64;
            self.pixels = self.pixels.checked_sub(pixels.saturating_mul(scans)).ok_or(TOO_LONG)?;
        }
        Ok(())
    }
}

/// The width and the height in all bytes that look like the header of a frame (ITU-T T.81, annex B.2.2). The search
/// ignores the borders of segments, because decoders disagree about damaged segments.
fn frames(file: &[u8]) -> impl Iterator<Item = (u32, u32)> {
    file.windows(10).filter_map(|bytes| match *bytes {
        [
            0xff,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf,
            0,
            length,
            _,
            y1,
            y0,
            x1,
            x0,
            components,
        ] if u16::from(length) == 8 + 3 * u16::from(components) => {
            Some((u16::from_be_bytes([x1, x0]).into(), u16::from_be_bytes([y1, y0]).into()))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A strip of one component: a frame and some empty scans.
    fn strip(width: u16, height: u16, scans: usize) -> Vec<u8> {
        let ([y1, y0], [x1, x0]) = (height.to_be_bytes(), width.to_be_bytes());
        let frame = [0xff, 0xc2, 0, 11, 8, y1, y0, x1, x0, 1, 1, 0x11, 0];
        let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0];
        [&[0xff, 0xd8][..], &frame, &scan.repeat(scans), &[0xff, 0xd9]].concat()
    }

    fn check(tables: &[u8], strip: &[u8], expected: &Result<(), Error>) {
        let budget = Budget { bytes: 4000, pixels: 100 * 64 * 64 };
        assert_eq!(budget.admit(tables, [strip].into_iter(), 64, 64), *expected);
    }

    #[test]
    fn a_strip_may_not_be_larger_than_the_directory_says() {
        check(&[], &strip(64, 64, 1), &Ok(()));
        check(&[], &strip(64, 48, 1), &Ok(()));
        check(&[], &strip(65, 64, 1), &Err(WRONG_SIZE));
        check(&[], &strip(64, 16384, 1), &Err(WRONG_SIZE));
    }

    #[test]
    fn a_frame_header_in_or_after_the_tables_is_found() {
        let tables = [0xff, 0xd8, 0xff, 0xd9];
        check(&tables, &strip(64, 64, 1), &Ok(()));
        check(&strip(500, 500, 0), &strip(64, 64, 1), &Err(WRONG_SIZE));
        let whole = strip(500, 500, 1);
        let (head, tail) = whole.split_at(5);
        check(&[head, &[0xff, 0xd9]].concat(), &[&[0xff, 0xd8], tail].concat(), &Err(WRONG_SIZE));
    }

    #[test]
    fn scans_and_bytes_have_a_budget() {
        check(&[], &strip(64, 64, 100), &Ok(()));
        check(&[], &strip(64, 64, 101), &Err(TOO_LONG));
        check(&[], &[0; 4000], &Ok(()));
        check(&[], &[0; 4001], &Err(TOO_LONG));
    }
}
