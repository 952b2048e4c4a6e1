//! Decodes strips and tiles of JPEG.

use std::io::Cursor;

use tiff::decoder::{Decoder, DecodingResult};

use crate::decode::samples::{Interleaving, interleave, ycc_to_rgb};
use crate::error::Error;
use crate::pixels::Pixels;
use crate::source::info::SourceInfo;
use crate::source::tiff::{Colors, Samples, unreadable};

/// Decodes the whole picture.
pub(super) fn decode(
    mut decoder: Decoder<Cursor<&[u8]>>,
    samples: &Samples,
    source: &SourceInfo,
) -> Result<Pixels, Error> {
    let mut read = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut read).map_err(unreadable)?;
    let channels = samples.channels();
    let interleaving = Interleaving {
        planes: layout.planes,
        plane_samples: layout.plane_stride.map_or(0, usize::from),
        channels: channels.count() as usize,
    };
    let DecodingResult::U8(read) = read else {
        return Err(Error::Unsupported("only TIFF images of 8 bits are supported with JPEG"));
    };
    let mut pixels = Pixels { samples: interleave(read, interleaving), size: source.size, channels };
    if samples.colors == Colors::YCbCr {
        ycc_to_rgb(&mut pixels.samples);
    }
    Ok(pixels)
}
