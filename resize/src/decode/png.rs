//! Decodes PNG to 8 or 16 bits per channel without a palette.

mod image_data;
mod rows;
mod unfilter;

use std::io::Cursor;

use png::{BitDepth, ColorType, Reader};

use super::truncated::is_recognisable;
use crate::error::Error;
use crate::pixels::Pixels;
use crate::pixels::light::Curve;
use crate::pixels::row_means::{RowMeans, averaged_size, means_of};
use crate::source::info::{Depth, SourceInfo};
use crate::source::png::{damaged, open};
use crate::steps::deep;
use rows::Shape;

/// Decodes the (default) picture. With 8 bits per sample, each `rows_per_mean` rows are averaged to one, their light if there
/// is a curve.
pub(super) fn decode(
    bytes: &[u8],
    source: &SourceInfo,
    rows_per_mean: u32,
    curve: Option<&'static Curve>,
) -> Result<Pixels, Error> {
    match source.depth {
        Depth::Eight => {
            let samples = read(bytes, source, rows_per_mean, curve)?;
            let size = averaged_size(source.size, rows_per_mean);
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

fn read(
    bytes: &[u8],
    source: &SourceInfo,
    rows_per_mean: u32,
    curve: Option<&'static Curve>,
) -> Result<Vec<u8>, Error> {
    let mut reader = open(bytes)?;
    let stride = source.size.width() as usize * source.channels.count() as usize;
    if let Some(shape) = plain(&reader) {
        let mut means = RowMeans::new(stride, rows_per_mean, source.size.height(), curve);
        if rows::read(bytes, shape, |rows| means.add(rows)).is_some() {
            return Ok(means.finish());
        }
    }
    let samples = read_at_once(&mut reader, samples_of(source))?;
    Ok(means_of(samples, stride, rows_per_mean, curve))
}

/// Decodes all `len` bytes of the picture. If the file is truncated or damaged, the rest stays black or transparent, as in
/// browsers. It is an error if hardly any row remains.
fn read_at_once(reader: &mut Reader<Cursor<&[u8]>>, len: usize) -> Result<Vec<u8>, Error> {
    if reader.output_buffer_size() != Some(len) {
        return Err(Error::Internal("the PNG changed its size".to_owned()));
    }
    let mut samples = vec![0; len];
    if reader.info().interlaced {
        let result = reader.next_frame(&mut samples);
        // A pass covers the whole picture.
        return match result {
            Err(error) if samples.iter().all(|sample| *sample == 0) => Err(damaged(error)),
            Ok(_) | Err(_) => Ok(samples),
        };
    }
    let stride = reader.output_line_size(reader.info().width).unwrap_or(len).max(1);
    let height = len / stride;
    for (number, row) in samples.chunks_exact_mut(stride).enumerate() {
        match reader.read_row(row) {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) if !is_recognisable(number, height) => return Err(damaged(error)),
            Err(_) => {
                row.fill(0);
                break;
            }
        }
    }
    Ok(samples)
}

fn samples_of(source: &SourceInfo) -> usize {
    source.size.pixels() as usize * source.channels.count() as usize
}

/// The shape of a picture whose stored rows are the decoded ones: 8 bits per sample, no palette, no interlacing.
fn plain(reader: &Reader<Cursor<&[u8]>>) -> Option<Shape> {
    let info = reader.info();
    let is_stored_so = !info.interlaced
        && info.bit_depth == BitDepth::Eight
        && info.color_type != ColorType::Indexed
        && reader.output_color_type() == (info.color_type, BitDepth::Eight);
    let (width, height) = (info.width as usize, info.height as usize);
    is_stored_so.then(|| Shape { width, height, channels: info.color_type.samples() as u32 })
}
