//! Decodes the largest picture of a Windows icon.

use std::io::Cursor;

use image::codecs::ico::IcoDecoder;

use super::{bmp, png, truncated};
use crate::error::Error;
use crate::pixels::Pixels;
use crate::source::bmp::unreadable;
use crate::source::bmp_rows::Bitmap;
use crate::source::ico::Entry;
use crate::source::info::SourceInfo;

/// More bytes than a bitmap of an icon has: 256 pixels a side, of 32 bits, a mask, a header and a palette.
const MAX_PADDED_BYTES: usize = 512 << 10;

/// Decodes the largest picture. Where rows are missing because it is cut, it is transparent.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let entry = Entry::largest(bytes)?;
    if entry.is_png() {
        return png::decode(entry.content, source, 1, None);
    }
    let cut = Bitmap::of_icon(entry.content).filter(|bitmap| !bitmap.is_complete_icon());
    let Some(cut) = cut else { return read(&entry, source) };
    truncated::admit_rows(cut.rows() as u32, source.size.height())?;
    // The decoder refuses an icon without its last rows, or without a part of its mask.
    let mut content = entry.content.to_vec();
    content.resize(cut.icon_bytes().min(MAX_PADDED_BYTES).max(content.len()), 0);
    let mut pixels = read(&entry.with_content(&content), source)?;
    let missing = cut.missing_rows();
    let row_bytes = source.size.width() as usize * source.channels.count() as usize;
    pixels.samples.chunks_mut(row_bytes).take(missing.end).skip(missing.start).for_each(|row| row.fill(0));
    Ok(pixels)
}

fn read(entry: &Entry<'_>, source: &SourceInfo) -> Result<Pixels, Error> {
    let mut pixels = Pixels::black(source.size, source.channels);
    let file = entry.as_icon();
    let decoder = IcoDecoder::new(Cursor::new(file.as_slice())).map_err(unreadable)?;
    bmp::read(decoder, &mut pixels)?.map_err(unreadable)?;
    Ok(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::completeness::is_complete;
    use crate::source::probe::probe;

    const SIDE: u8 = 64;

    /// An icon of one bitmap, and the offsets of its rows and of its mask.
    fn icon(bits: u8) -> (Vec<u8>, usize, usize) {
        let palette: Vec<u8> =
            if bits == 8 { (0..=255).flat_map(|gray| [gray, gray, gray, 0]).collect() } else { Vec::new() };
        let mut bitmap = [40, 0, 0, 0, SIDE, 0, 0, 0, SIDE * 2, 0, 0, 0, 1, 0, bits, 0].to_vec();
        bitmap.resize(40, 0);
        bitmap.extend(palette);
        let rows = 22 + bitmap.len();
        bitmap.extend(
            (0..usize::from(SIDE) * usize::from(SIDE) * usize::from(bits / 8))
                .map(|at| (at * 7919 % 251) as u8 + 1),
        );
        let mask = 22 + bitmap.len();
        // The first row of the mask, which is the lowest one, is transparent.
        bitmap.extend([255; 8]);
        bitmap.extend([0; 8 * (SIDE as usize - 1)]);
        let length = (bitmap.len() as u32).to_le_bytes();
        let head = [0, 0, 1, 0, 1, 0, SIDE, SIDE, 0, 0, 1, 0, bits, 0];
        ([&head[..], &length, &[22, 0, 0, 0], &bitmap].concat(), rows, mask)
    }

    #[test]
    fn an_icon_that_is_cut_off_shows_the_rows_that_are_there() {
        for bits in [8, 24, 32] {
            let (file, rows, mask) = icon(bits);
            let info = probe(&file).unwrap();
            let whole = decode(&file, &info).unwrap().samples;
            assert!(is_complete(&file, &info));
            let row = usize::from(SIDE) * 4;
            let lowest = row * (usize::from(SIDE) - 1);

            let in_mask = &file[..mask + 8];
            assert!(!is_complete(in_mask, &info));
            assert!(decode(in_mask, &info).unwrap().samples == whole, "{bits}");

            let without_mask = &file[..mask];
            assert!(is_complete(without_mask, &info));
            let shown = decode(without_mask, &info).unwrap().samples;
            assert!(shown[..lowest] == whole[..lowest], "{bits}");

            let half = &file[..rows + (mask - rows) / 2];
            assert!(!is_complete(half, &info));
            let shown = decode(half, &info).unwrap().samples;
            assert!(shown[..whole.len() / 2].iter().all(|sample| *sample == 0), "{bits}");
            assert!(shown[whole.len() / 2..lowest] == whole[whole.len() / 2..lowest], "{bits}");

            let result = decode(&file[..rows + 10], &info);
            assert!(matches!(result, Err(Error::Damaged(_))), "{result:?}");
        }
    }
}
