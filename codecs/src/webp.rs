//! WebP: still pictures. [`animation`] contains animations, and [`planes`] decodes to planes. The crate `vp8` encodes stills with
//! loss, libwebp does everything else.

mod alpha;

mod chunks;

mod config;

mod lossy;

mod picture;

mod truncated;

pub mod planes;

pub mod animation;

use libwebp_sys as raw;

use crate::error::Error;
use crate::view::{View, dimensions};
use config::{check, decoder_config, lossless_config};
use picture::{Picture, Storage};

pub use crate::view::Layout;
pub use picture::MAX_SIDE;

/// The header of a WebP file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `true` if pixels may be transparent.
    pub has_alpha: bool,
    /// `true` if the file is an animation.
    pub is_animated: bool,
    /// `true` if the picture is stored without loss.
    pub is_lossless: bool,
}

/// Reads the header of a file.
pub fn read_header(bytes: &[u8]) -> Result<Header, Error> {
    /// The value of `format` in libwebp's features for a lossless picture.
    const LOSSLESS: i32 = 2;
    let mut config = decoder_config()?;
    // SAFETY: pointer and length are those of one slice; `input` is an initialised struct of the right type.
    let status = unsafe { raw::WebPGetFeatures(bytes.as_ptr(), bytes.len(), &raw mut config.input) };
    check(status)?;
    let features = config.input;
    let side = |pixels: i32| u32::try_from(pixels).map_err(|_| Error::Size);
    Ok(Header {
        width: side(features.width)?,
        height: side(features.height)?,
        has_alpha: features.has_alpha != 0,
        is_animated: features.has_animation != 0,
        is_lossless: features.format == LOSSLESS,
    })
}

/// Decodes a still picture into `samples`, whose length must be that of the picture in `layout`. Returns the number of rows that are
/// there: fewer than the picture's if the file is cut off. The other rows stay as they are.
pub fn decode(bytes: &[u8], header: Header, layout: Layout, samples: &mut [u8]) -> Result<u32, Error> {
    let (width, height, stride) = dimensions(samples.len(), header.width, header.height, layout.channels())?;
    let mut config = decoder_config()?;
    // SAFETY: pointer and length are those of one slice; `input` is an initialised struct of the right type.
    let status = unsafe { raw::WebPGetFeatures(bytes.as_ptr(), bytes.len(), &raw mut config.input) };
    check(status)?;
    if (config.input.width, config.input.height) != (width, height) {
        return Err(Error::Size);
    }
    config.output.colorspace = match layout {
        Layout::Rgb => raw::WEBP_CSP_MODE::MODE_RGB,
        Layout::Rgba => raw::WEBP_CSP_MODE::MODE_RGBA,
    };
    config.output.is_external_memory = 1;
    config.output.u.RGBA = raw::WebPRGBABuffer { rgba: samples.as_mut_ptr(), stride, size: samples.len() };
    // The output buffer is `samples`, with its own length and a checked stride.
    truncated::decode(bytes, &mut config)
}

/// Encodes a still picture with loss. `quality` is 1 to 100. Alpha is kept without loss.
pub fn encode(picture: View<'_>, layout: Layout, quality: u8) -> Result<Vec<u8>, Error> {
    lossy::encode(picture, layout, quality)
}

/// Encodes a still picture without loss, except for the colours of fully transparent pixels.
pub fn encode_lossless(picture: View<'_>, layout: Layout) -> Result<Vec<u8>, Error> {
    Picture::of(picture, layout, Storage::Argb)?.encode(&lossless_config()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_picture_is_decoded_with_its_alpha() {
        let (width, height) = (33, 17);
        let samples: Vec<u8> =
            (0..width * height).flat_map(|i| [200, 100, 50, if i % width < 16 { 255 } else { 0 }]).collect();
        let bytes = encode(View { samples: &samples, width, height }, Layout::Rgba, 90).unwrap();
        let header = read_header(&bytes).unwrap();
        assert_eq!((header.width, header.height, header.has_alpha), (width, height, true));
        let mut out = vec![0; samples.len()];
        decode(&bytes, header, Layout::Rgba, &mut out).unwrap();
        assert_eq!(out[3], 255);
        assert_eq!(out[32 * 4 + 3], 0);
        assert!(out[0].abs_diff(200) < 8 && out[1].abs_diff(100) < 8 && out[2].abs_diff(50) < 8);
    }

    #[test]
    fn lossless_encoding_keeps_every_visible_sample() {
        let (width, height) = (19, 23);
        let samples: Vec<u8> = (0..width * height).flat_map(|i| [i as u8, (i * 7) as u8, 9, 200]).collect();
        let bytes = encode_lossless(View { samples: &samples, width, height }, Layout::Rgba).unwrap();
        let header = read_header(&bytes).unwrap();
        assert!(header.is_lossless);
        let mut out = vec![0; samples.len()];
        decode(&bytes, header, Layout::Rgba, &mut out).unwrap();
        assert_eq!(out, samples);
    }

    #[test]
    fn other_formats_wrong_sizes_and_truncated_files_are_errors() {
        assert!(read_header(b"RIFF\0\0\0\0WEBPVP8 ").is_err());
        assert!(read_header(b"").is_err());
        let picture = View { samples: &[0; 12], width: 2, height: 2 };
        let bytes = encode(picture, Layout::Rgb, 50).unwrap();
        let header = read_header(&bytes).unwrap();
        assert_eq!(decode(&bytes, header, Layout::Rgb, &mut [0; 11]), Err(Error::Size));
        assert_eq!(encode(picture, Layout::Rgba, 50), Err(Error::Size));
        let part = decode(&bytes[..bytes.len() / 2], header, Layout::Rgb, &mut [0; 12]);
        assert!(part.is_err() || part == Ok(0), "{part:?}");
    }
}
