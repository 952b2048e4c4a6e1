//! PNG, expanded to 8 or 16 bits a channel without palette.

mod image_data;
mod rows;
mod unfilter;

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, DecodingError, Limits, Reader, Transformations};

use crate::error::Error;
use crate::pixels::Pixels;
use crate::pixels::rect::Rect;
use crate::source::{Depth, SourceInfo};
use crate::steps::deep;
use crate::steps::row_means::{RowMeans, averaged, means_of};
use rows::Shape;

/// Text, profiles and other ancillary chunks may not take more than this.
const MAX_ANCILLARY_BYTES: usize = 64 << 20;

/// Reads everything in front of the pixels.
pub(crate) fn open(bytes: &[u8]) -> Result<Reader<Cursor<&[u8]>>, Error> {
    open_as(bytes, Transformations::EXPAND)
}

/// Likewise, to decode to samples that are so transformed.
pub(crate) fn open_as(bytes: &[u8], transformed: Transformations) -> Result<Reader<Cursor<&[u8]>>, Error> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_ANCILLARY_BYTES });
    decoder.set_transformations(transformed);
    decoder.set_ignore_text_chunk(true);
    decoder.read_info().map_err(damaged)
}

/// Decodes the (default) picture. So many rows of it become one, if it has 8 bits.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo, rows_a_mean: u32) -> Result<Pixels, Error> {
    match source.depth {
        Depth::Eight => {
            let samples = read(bytes, source, rows_a_mean)?;
            let (size, _) = averaged(source.size, Rect::whole(source.size), rows_a_mean);
            Ok(Pixels { samples, size, channels: source.channels })
        }
        Depth::Sixteen => {
            let mut reader = open(bytes)?;
            let big_endian = read_at_once(&mut reader, 2 * samples_of(source))?;
            let samples: Vec<u16> =
                big_endian.as_chunks::<2>().0.iter().copied().map(u16::from_be_bytes).collect();
            drop(big_endian);
            Ok(deep::to_srgb(&samples, source.size, source.channels, source.profile.as_deref()))
        }
    }
}

fn read(bytes: &[u8], source: &SourceInfo, rows_a_mean: u32) -> Result<Vec<u8>, Error> {
    let mut reader = open(bytes)?;
    let stride = source.size.width() as usize * source.channels.count() as usize;
    if let Some(shape) = plain(&reader) {
        let mut means = RowMeans::new(stride, rows_a_mean, source.size.height());
        if rows::read(bytes, shape, |rows| means.take(rows)).is_some() {
            return Ok(means.finish());
        }
    }
    let samples = read_at_once(&mut reader, samples_of(source))?;
    Ok(means_of(samples, stride, rows_a_mean))
}

/// All `len` bytes of the picture.
fn read_at_once(reader: &mut Reader<Cursor<&[u8]>>, len: usize) -> Result<Vec<u8>, Error> {
    if reader.output_buffer_size() != Some(len) {
        return Err(Error::Internal("the PNG changed its size".to_owned()));
    }
    let mut samples = vec![0; len];
    reader.next_frame(&mut samples).map_err(damaged)?;
    Ok(samples)
}

fn samples_of(source: &SourceInfo) -> usize {
    source.size.pixels() as usize * source.channels.count() as usize
}

/// The shape of a picture whose rows are stored as they are wanted.
fn plain(reader: &Reader<Cursor<&[u8]>>) -> Option<Shape> {
    let info = reader.info();
    let is_stored_so = !info.interlaced
        && info.bit_depth == BitDepth::Eight
        && info.color_type != ColorType::Indexed
        && reader.output_color_type() == (info.color_type, BitDepth::Eight);
    let (width, height) = (info.width as usize, info.height as usize);
    is_stored_so.then(|| Shape { width, height, channels: info.color_type.samples() as u32 })
}

/// Whether there are chunks of text, a time stamp or the like in front of the pixels.
pub(crate) fn has_text(bytes: &[u8]) -> bool {
    const SIGNATURE_BYTES: usize = 8;
    const CRC_BYTES: usize = 4;
    let mut rest = bytes.get(SIGNATURE_BYTES..).unwrap_or_default();
    while let Some((header, after)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, name @ ..] = *header;
        match &name {
            b"IDAT" | b"IEND" => return false,
            b"tEXt" | b"zTXt" | b"iTXt" | b"tIME" => return true,
            _ => {}
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        rest = after.get(length.saturating_add(CRC_BYTES)..).unwrap_or_default();
    }
    false
}

pub(crate) fn damaged(error: DecodingError) -> Error {
    match error {
        DecodingError::LimitsExceeded => Error::Unsupported("the PNG's metadata is too large"),
        DecodingError::Parameter(error) => Error::Internal(error.to_string()),
        DecodingError::IoError(error) => Error::Damaged(error.to_string()),
        DecodingError::Format(error) => Error::Damaged(error.to_string()),
    }
}
