//! Decodes the first picture of a TIFF file, strip by strip. The crate `tiff` reads the directory, and strips of JPEG.

mod compression;
mod fax;
mod jpeg;
mod rows;

use tiff::tags::Tag;

use super::samples::{unpremultiply, ycc_to_rgb};
use crate::error::Error;
use crate::pixels::{Pixels, narrow};
use crate::source::info::{Depth, SourceInfo};
use crate::source::tiff::{Colors, Compression, Samples, Strips, depth, open};
use crate::steps::deep;
use compression::decompress;
use rows::RowReader;

/// Maximum bytes of a strip or tile beyond those of the whole picture. Tiles may be larger than a small picture.
const MAX_STRIP_BYTES: usize = 16 << 20;

/// Decodes the first picture. Parts that are missing or damaged are black.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let mut decoder = open(bytes)?;
    let samples = Samples::read(&mut decoder)?;
    let strips = Strips::read(&mut decoder)?;
    let pixels = if strips.compression == Compression::Jpeg {
        jpeg::decode(decoder, &samples, source)?
    } else {
        let stored = decoder.find_tag_unsigned_vec::<u16>(Tag::ColorMap).ok().flatten().unwrap_or_default();
        let palette = palette(&stored);
        Picture { bytes, source, samples: &samples, strips: &strips, palette }.decode()?
    };
    if pixels.samples.len() as u64 != pixels.size.pixels() * u64::from(pixels.channels.count()) {
        return Err(Error::Damaged("the TIFF has too few or too many samples".to_owned()));
    }
    Ok(pixels)
}

struct Picture<'a> {
    bytes: &'a [u8],
    source: &'a SourceInfo,
    samples: &'a Samples,
    strips: &'a Strips,
    /// Red, green and blue of each colour.
    palette: Vec<[u16; 3]>,
}

impl Picture<'_> {
    fn decode(&self) -> Result<Pixels, Error> {
        let channels = self.samples.channels();
        match depth(self.samples) {
            Depth::Eight => {
                let mut pixels = Pixels { samples: self.read(narrow)?, size: self.source.size, channels };
                if self.samples.is_premultiplied() {
                    unpremultiply(&mut pixels.samples, channels, u8::MAX);
                }
                if self.samples.colors == Colors::YCbCr {
                    ycc_to_rgb(&mut pixels.samples);
                }
                Ok(pixels)
            }
            Depth::Sixteen => {
                let mut read = self.read(|sample| sample)?;
                if self.samples.is_premultiplied() {
                    unpremultiply(&mut read, channels, u16::MAX);
                }
                Ok(deep::to_srgb(&read, self.source.size, channels, self.source.profile.as_deref()))
            }
        }
    }

    /// The samples of all pixels. `convert` takes a sample from 0 to 65535.
    fn read<T: Copy + Default>(&self, convert: impl Fn(u16) -> T) -> Result<Vec<T>, Error> {
        let (width, height) = (self.source.size.width() as usize, self.source.size.height() as usize);
        let channels = self.samples.channels().count() as usize;
        let (strip_width, strip_height) = self.strips.size;
        let (across, down) = (width.div_ceil(strip_width.max(1)), height.div_ceil(strip_height.max(1)));
        let reader = RowReader::new(self.samples, self.strips);
        let mut pixels = vec![T::default(); width * height * channels];
        let mut has_any = false;
        let places = self.strips.offsets.iter().zip(&self.strips.lengths);
        for (number, (offset, length)) in places.enumerate() {
            let (plane, number) = (number / (across * down).max(1), number % (across * down).max(1));
            if plane > 0 && !self.strips.is_planar || plane >= self.samples.count {
                break;
            }
            let (left, top) = (number % across * strip_width, number / across * strip_height);
            let rows = strip_height.min(height.saturating_sub(top));
            let strip_bytes = reader.row_bytes().saturating_mul(rows);
            if strip_bytes > MAX_STRIP_BYTES.saturating_add(width * height * channels * 8) {
                return Err(Error::Unsupported(
                    "the TIFF has strips or tiles that are much larger than the picture",
                ));
            }
            let mut strip = decompress(self.part(*offset, *length), self.strips, strip_bytes, rows);
            has_any |= !strip.is_empty();
            for (y, row) in strip.chunks_exact_mut(reader.row_bytes().max(1)).enumerate() {
                let row = reader.read(row);
                let end = ((top + y + 1) * width * channels).min(pixels.len());
                let target = pixels.get_mut(((top + y) * width + left) * channels..end).unwrap_or_default();
                self.put(&row, plane, target.chunks_exact_mut(channels), &convert);
            }
        }
        if has_any { Ok(pixels) } else { Err(Error::Damaged("the TIFF's pixels are missing".to_owned())) }
    }

    /// The bytes of a strip, as far as they are in the file.
    fn part(&self, offset: u64, length: u64) -> &[u8] {
        let rest =
            usize::try_from(offset).ok().and_then(|offset| self.bytes.get(offset..)).unwrap_or_default();
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        rest.get(..length).unwrap_or(rest)
    }

    /// Writes the samples of a row, or those of one plane, to pixels.
    fn put<'t, T: Copy + 't>(
        &self,
        row: &[u16],
        plane: usize,
        target: impl Iterator<Item = &'t mut [T]>,
        convert: &impl Fn(u16) -> T,
    ) {
        let in_row = if self.strips.is_planar { 1 } else { self.samples.count };
        for (pixel, stored) in target.zip(row.chunks_exact(in_row)) {
            if self.samples.colors == Colors::Palette {
                if let Some(index) = stored.first().filter(|_| plane == 0) {
                    let color = self.palette.get(usize::from(*index)).copied().unwrap_or_default();
                    pixel.iter_mut().zip(color).for_each(|(to, from)| *to = convert(from));
                }
                continue;
            }
            let first = if self.strips.is_planar { plane } else { 0 };
            for (at, (to, from)) in pixel.iter_mut().skip(first).zip(stored).enumerate() {
                let is_inverted = self.samples.colors == Colors::WhiteIsZero && first + at == 0;
                *to = convert(if is_inverted { u16::MAX - from } else { *from });
            }
        }
    }
}

/// The colours of a palette that is stored as all reds, then all greens and all blues. Some writers store 8 bits instead of 16.
fn palette(stored: &[u16]) -> Vec<[u16; 3]> {
    let factor = if stored.iter().all(|sample| *sample < 256) { 257 } else { 1 };
    let count = stored.len() / 3;
    let sample = |at: usize| stored.get(at).copied().unwrap_or_default() * factor;
    (0..count).map(|index| [sample(index), sample(count + index), sample(2 * count + index)]).collect()
}

#[cfg(test)]
mod tests;
