//! JPEG by libjpeg-turbo: decoding at a fraction of the size, also of damaged files, and encoding.
//!
//! ```
//! use codecs::View;
//! use codecs::jpeg::{self, Layout, Scale};
//!
//! # fn main() -> Result<(), codecs::Error> {
//! let samples = [90, 120, 200].repeat(64 * 48);
//! let file = jpeg::encode(View { samples: &samples, width: 64, height: 48 }, Layout::Rgb, 90)?;
//!
//! let header = jpeg::read_header(&file)?;
//! let mut decoded = vec![0; 32 * 24 * 3];
//! jpeg::decode(&file, header, Scale::Half, Layout::Rgb, &mut decoded)?;
//! assert!(decoded.iter().zip(&samples).all(|(decoded, sample)| decoded.abs_diff(*sample) < 4));
//! # Ok(())
//! # }
//! ```

mod header;

mod scale;

mod decompressor;

mod compressor;

mod rewrite;

pub mod planes;

use turbojpeg::raw;

use crate::error::Error;
use crate::view::{View, dimensions};
use decompressor::Decompressor;

pub use decompressor::Completeness;
pub use header::{ColorSpace, Header, read_header};
pub use rewrite::rewrite;
pub use scale::Scale;

/// The channels of a picture, 8 bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One byte per pixel.
    Gray,
    /// Three bytes per pixel.
    Rgb,
    /// Four bytes per pixel, as the file stores them: inverted in Adobe's files.
    Cmyk,
}

impl Layout {
    /// Bytes per pixel.
    pub const fn channels(self) -> u32 {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }
}

/// Decodes at `scale` into `samples`, whose length must be that of the scaled picture in `layout`.
pub fn decode(
    bytes: &[u8],
    header: Header,
    scale: Scale,
    layout: Layout,
    samples: &mut [u8],
) -> Result<Completeness, Error> {
    let (width, height) = (scale.of(header.width), scale.of(header.height));
    let (_, _, stride) = dimensions(samples.len(), width, height, layout.channels())?;
    let format = match layout {
        Layout::Gray => raw::TJPF_TJPF_GRAY,
        Layout::Rgb => raw::TJPF_TJPF_RGB,
        Layout::Cmyk => raw::TJPF_TJPF_CMYK,
    };
    let mut decompressor = Decompressor::new(bytes, header, scale)?;
    // SAFETY: input pointer and length are those of one slice; `samples` holds scaled height × stride bytes, which
    // `dimensions` checked, and `Decompressor::new` checked that the file still has the header's size.
    let code = unsafe {
        raw::tj3Decompress8(
            decompressor.0,
            bytes.as_ptr(),
            bytes.len() as raw::size_t,
            samples.as_mut_ptr(),
            stride,
            format,
        )
    };
    decompressor.check(code)
}

/// Encodes a gray picture, or an RGB picture with 4:2:0 subsampling, as a baseline file. `quality` is 1 to 100. Fails with
/// [`Error::Size`] for CMYK.
pub fn encode(picture: View<'_>, layout: Layout, quality: u8) -> Result<Vec<u8>, Error> {
    encode_as(picture, layout, Coding { quality, is_sharp: false, is_progressive: false })
}

/// The choices of an encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coding {
    /// 1 to 100.
    pub quality: u8,
    /// `true` for chroma at its full size (4:4:4), which keeps edges between saturated colours sharp; `false` for 4:2:0.
    pub is_sharp: bool,
    /// `true` for a progressive file: 4 to 5 % smaller, in five times the time, and browsers show it coarsely before all of it has
    /// arrived. It takes memory for all coefficients.
    pub is_progressive: bool,
}

/// Encodes a gray or an RGB picture. Fails with [`Error::Size`] for CMYK.
pub fn encode_as(picture: View<'_>, layout: Layout, coding: Coding) -> Result<Vec<u8>, Error> {
    let Coding { quality, is_sharp, is_progressive } = coding;
    let of_colors = if is_sharp { turbojpeg::Subsamp::None } else { turbojpeg::Subsamp::Sub2x2 };
    let (format, subsampling) = match layout {
        Layout::Gray => (turbojpeg::PixelFormat::GRAY, turbojpeg::Subsamp::Gray),
        Layout::Rgb => (turbojpeg::PixelFormat::RGB, of_colors),
        Layout::Cmyk => return Err(Error::Size),
    };
    picture.dimensions(layout.channels())?;
    let (width, height) = (picture.width as usize, picture.height as usize);
    let pitch = width * layout.channels() as usize;
    let image = turbojpeg::Image { pixels: picture.samples, width, pitch, height, format };
    let mut compressor = turbojpeg::Compressor::new().map_err(|_| Error::Memory)?;
    let damaged = |error: turbojpeg::Error| Error::Damaged(error.to_string());
    compressor.set_quality(i32::from(quality.clamp(1, 100))).map_err(damaged)?;
    compressor.set_subsamp(subsampling).map_err(damaged)?;
    compressor.set_progressive(is_progressive).map_err(damaged)?;
    compressor.compress_to_vec(image).map_err(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(width: u32, height: u32) -> Vec<u8> {
        (0..height).flat_map(|y| (0..width).flat_map(move |x| [(x * 3) as u8, (y * 3) as u8, 128])).collect()
    }

    #[test]
    fn an_encoded_picture_is_decoded_at_every_scale_and_odd_size() {
        for (width, height) in [(64, 48), (61, 47), (1, 1), (9, 1)] {
            let samples = gradient(width, height);
            let bytes = encode(View { samples: &samples, width, height }, Layout::Rgb, 95).unwrap();
            let header = read_header(&bytes).unwrap();
            assert_eq!((header.width, header.height, header.color_space), (width, height, ColorSpace::Rgb));
            for scale in Scale::ALL {
                let mut out = vec![0; (scale.of(width) * scale.of(height) * 3) as usize];
                assert_eq!(decode(&bytes, header, scale, Layout::Rgb, &mut out), Ok(Completeness::Complete));
                let middle = (scale.of(height) / 2 * scale.of(width) + scale.of(width) / 2) as usize * 3;
                assert!(
                    out[middle + 2].abs_diff(128) < 12,
                    "{scale:?} {width}x{height}: {}",
                    out[middle + 2]
                );
            }
        }
    }

    #[test]
    fn a_progressive_file_is_smaller_and_has_the_same_samples() {
        let samples = gradient(160, 120);
        let view = View { samples: &samples, width: 160, height: 120 };
        let decoded = |bytes: &[u8]| {
            let mut out = vec![0; samples.len()];
            decode(bytes, read_header(bytes).unwrap(), Scale::Full, Layout::Rgb, &mut out).unwrap();
            out
        };
        for is_sharp in [false, true] {
            let encoded = |is_progressive| {
                encode_as(view, Layout::Rgb, Coding { quality: 80, is_sharp, is_progressive }).unwrap()
            };
            let (baseline, progressive) = (encoded(false), encoded(true));
            let has_frame = |bytes: &[u8], marker| bytes.windows(2).any(|pair| pair == [0xff, marker]);
            assert!(has_frame(&baseline, 0xc0) && has_frame(&progressive, 0xc2));
            assert!(progressive.len() < baseline.len());
            assert_eq!(decoded(&progressive), decoded(&baseline));
        }
    }

    #[test]
    fn a_lossless_file_is_decoded_only_at_full_size() {
        let samples = gradient(64, 48);
        let mut compressor = turbojpeg::Compressor::new().unwrap();
        compressor.set_lossless(true).unwrap();
        let format = turbojpeg::PixelFormat::RGB;
        let image =
            turbojpeg::Image { pixels: samples.as_slice(), width: 64, pitch: 64 * 3, height: 48, format };
        let bytes = compressor.compress_to_vec(image).unwrap();
        let header = read_header(&bytes).unwrap();
        assert!(header.is_lossless);
        let mut out = vec![0; samples.len()];
        assert_eq!(decode(&bytes, header, Scale::Full, Layout::Rgb, &mut out), Ok(Completeness::Complete));
        assert_eq!(out, samples);
        let mut out = vec![0; samples.len() / 4];
        assert_eq!(decode(&bytes, header, Scale::Half, Layout::Rgb, &mut out), Err(Error::Size));
    }

    #[test]
    fn a_truncated_file_is_incomplete_and_a_wrong_buffer_is_a_size_error() {
        let samples = gradient(64, 64);
        let bytes = encode(View { samples: &samples, width: 64, height: 64 }, Layout::Rgb, 90).unwrap();
        let header = read_header(&bytes).unwrap();
        let half = &bytes[..bytes.len() * 3 / 4];
        let mut out = vec![0; 64 * 64 * 3];
        assert_eq!(decode(half, header, Scale::Full, Layout::Rgb, &mut out), Ok(Completeness::Incomplete));
        assert_eq!(decode(&bytes, header, Scale::Half, Layout::Rgb, &mut out), Err(Error::Size));
        assert!(super::read_header(&bytes[..20]).is_err());
        assert!(super::read_header(b"").is_err());
    }
}
