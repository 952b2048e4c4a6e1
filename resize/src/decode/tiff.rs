//! Decodes the first picture of a TIFF file with 1 to 16 bits per sample.

use tiff::decoder::DecodingResult;

use super::samples::{Interleaving, expand_bits, interleave, unpremultiply, ycc_to_rgb};
use crate::error::Error;
use crate::pixels::Pixels;
use crate::source::info::{Depth, SourceInfo};
use crate::source::tiff::{UNREAD_SAMPLES, depth, open, samples, unreadable};
use crate::steps::deep;

/// Decodes the first picture.
#[expect(clippy::wildcard_enum_match_arm, reason = "the enum is another crate's and may grow")]
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let mut decoder = open(bytes)?;
    let samples = samples(&mut decoder)?;
    let mut read = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut read).map_err(unreadable)?;
    let interleaving = Interleaving {
        planes: layout.planes,
        plane_samples: layout.plane_stride.map_or(0, usize::from) / usize::from(samples.bits.div_ceil(8)),
        channels: samples.channels.count() as usize,
    };
    let pixels = match read {
        DecodingResult::U16(read) => {
            let mut read = interleave(read, interleaving);
            if samples.is_premultiplied {
                unpremultiply(&mut read, samples.channels, u16::MAX);
            }
            match depth(samples) {
                Depth::Sixteen => {
                    deep::to_srgb(&read, source.size, samples.channels, source.profile.as_deref())
                }
                Depth::Eight => deep::narrowed(&read, source.size, samples.channels),
            }
        }
        DecodingResult::U8(read) => {
            let row = layout.row_stride.map_or(0, usize::from);
            let read = match samples.bits {
                8 => interleave(read, interleaving),
                bits => expand_bits(&read, bits, row, source.size.width() as usize),
            };
            let mut pixels = Pixels { samples: read, size: source.size, channels: samples.channels };
            if samples.is_premultiplied {
                unpremultiply(&mut pixels.samples, samples.channels, u8::MAX);
            }
            if samples.is_ycc {
                ycc_to_rgb(&mut pixels.samples);
            }
            pixels
        }
        _ => return Err(UNREAD_SAMPLES),
    };
    if pixels.samples.len() as u64 != pixels.size.pixels() * u64::from(pixels.channels.count()) {
        return Err(Error::Damaged("the TIFF has too few or too many samples".to_owned()));
    }
    Ok(pixels)
}
