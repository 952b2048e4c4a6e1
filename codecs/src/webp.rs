//! WebP by libwebp: still pictures; [`animation`] has those that move.

use std::ffi::c_void;

use libwebp_sys as raw;

pub use crate::Layout;
use crate::{Error, View, checked_size};

pub mod animation;

pub mod planes;

/// libwebp's effort, 0 to 6: at equal quality 2 costs 3 to 4 % more bytes than 4 in well under half the time.
const METHOD: i32 = 2;

/// How strongly decoders smooth the edges of blocks, 0 to 100; 60 is libwebp's own. Over five photos, at equal SSIMULACRA2,
/// 70 takes 1.4 % fewer bytes at 320 pixels of width, 0.7 % at 640 and 0.2 % at 1280, in the same time. 80 is better for some
/// and worse for text. Other settings (noise shaping of 0 to 80, sharpness, segments, passes) are worse or slower.
const FILTER_STRENGTH: i32 = 70;

/// libwebp's effort without loss, 0 to 9: in the lower half, since a viewer waits.
const LOSSLESS_LEVEL: i32 = 3;

/// The longest side that the format can say.
pub const MAX_SIDE: u32 = 16_383;

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Whether some pixel may be transparent.
    pub has_alpha: bool,
    /// Whether it is an animation.
    pub is_animated: bool,
    /// Whether it was stored without loss.
    pub is_lossless: bool,
}

/// Reads the header alone.
pub fn read_header(bytes: &[u8]) -> Result<Header, Error> {
    /// `format` of libwebp's features for a lossless picture.
    const LOSSLESS: i32 = 2;
    let mut config = decoder_config()?;
    // SAFETY: pointer and length are those of one slice; `input` is a whole struct of the right type.
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

/// Decodes a still picture into `samples`, whose length must be that of the picture in `layout`.
pub fn decode(bytes: &[u8], header: Header, layout: Layout, samples: &mut [u8]) -> Result<(), Error> {
    let (width, height, stride) =
        checked_size(samples.len(), header.width, header.height, layout.channels())?;
    let mut config = decoder_config()?;
    // SAFETY: pointer and length are those of one slice; `input` is a whole struct of the right type.
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
    // SAFETY: the output buffer is `samples`, described by its own length and checked stride; the input is one
    // slice; external memory means that libwebp neither frees nor keeps the buffer.
    let status = unsafe { raw::WebPDecode(bytes.as_ptr(), bytes.len(), &raw mut config) };
    check(status)
}

/// Encodes with loss. `quality` is 1 to 100.
pub fn encode(picture: View<'_>, layout: Layout, quality: u8) -> Result<Vec<u8>, Error> {
    encode_by(&encoder_config(quality)?, picture, layout)
}

/// Encodes without loss, but for the colour of what is fully transparent.
pub fn encode_lossless(picture: View<'_>, layout: Layout) -> Result<Vec<u8>, Error> {
    encode_by(&lossless_config()?, picture, layout)
}

fn encode_by(config: &raw::WebPConfig, picture: View<'_>, layout: Layout) -> Result<Vec<u8>, Error> {
    let (width, height, stride) = picture.checked(layout.channels())?;
    let mut source = Picture::new(width, height)?;
    source.0.use_argb = config.lossless;
    source.import(picture.samples, layout, stride)?;
    source.encode(config)
}

fn encoder_config(quality: u8) -> Result<raw::WebPConfig, Error> {
    let mut config = raw::WebPConfig::new().map_err(|()| Error::Memory)?;
    config.quality = f32::from(quality.clamp(1, 100));
    config.method = METHOD;
    config.filter_strength = FILTER_STRENGTH;
    Ok(config)
}

fn lossless_config() -> Result<raw::WebPConfig, Error> {
    let mut config = raw::WebPConfig::new().map_err(|()| Error::Memory)?;
    // SAFETY: config was initialised by libwebp.
    let is_done = unsafe { raw::WebPConfigLosslessPreset(&raw mut config, LOSSLESS_LEVEL) };
    if is_done == 0 { Err(Error::Memory) } else { Ok(config) }
}

fn decoder_config() -> Result<raw::WebPDecoderConfig, Error> {
    raw::WebPDecoderConfig::new().map_err(|()| Error::Memory)
}

fn check(status: raw::VP8StatusCode) -> Result<(), Error> {
    match status {
        raw::VP8StatusCode::VP8_STATUS_OK => Ok(()),
        // libwebp says so of damaged alpha too, and the memory for whole pictures was admitted before.
        raw::VP8StatusCode::VP8_STATUS_OUT_OF_MEMORY => {
            Err(Error::Damaged("libwebp could not make the picture of it".to_owned()))
        }
        damage => Err(Error::Damaged(format!("libwebp: {damage:?}"))),
    }
}

/// libwebp's picture, freed at the end.
struct Picture(raw::WebPPicture);

impl Picture {
    fn new(width: i32, height: i32) -> Result<Self, Error> {
        if width > MAX_SIDE as i32 || height > MAX_SIDE as i32 {
            return Err(Error::Size);
        }
        let mut picture = raw::WebPPicture::new().map_err(|()| Error::Memory)?;
        (picture.width, picture.height, picture.use_argb) = (width, height, 0);
        Ok(Self(picture))
    }

    /// Copies the samples in: as planes of luma and chroma, or as they are where `use_argb` says so.
    fn import(&mut self, samples: &[u8], layout: Layout, stride: i32) -> Result<(), Error> {
        let picture = &raw mut self.0;
        let is_done = match layout {
            // SAFETY: the caller checked that `samples` holds height × stride bytes of RGB.
            Layout::Rgb => unsafe { raw::WebPPictureImportRGB(picture, samples.as_ptr(), stride) },
            // SAFETY: the caller checked that `samples` holds height × stride bytes of RGBA.
            Layout::Rgba => unsafe { raw::WebPPictureImportRGBA(picture, samples.as_ptr(), stride) },
        };
        if is_done == 0 { Err(Error::Memory) } else { Ok(()) }
    }

    fn encode(mut self, config: &raw::WebPConfig) -> Result<Vec<u8>, Error> {
        let mut output = Output::new();
        self.0.writer = Some(raw::WebPMemoryWrite);
        self.0.custom_ptr = (&raw mut output.0).cast::<c_void>();
        // SAFETY: config and picture were initialised by libwebp; the writer's target outlives the call.
        let is_done = unsafe { raw::WebPEncode(&raw const *config, &raw mut self.0) };
        if is_done == 0 {
            return Err(if self.0.error_code == raw::WebPEncodingError::VP8_ENC_ERROR_OUT_OF_MEMORY {
                Error::Memory
            } else {
                Error::Damaged(format!("libwebp: {:?}", self.0.error_code))
            });
        }
        Ok(output.to_vec())
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // SAFETY: the picture was initialised by libwebp and owns what it frees.
        unsafe { raw::WebPPictureFree(&raw mut self.0) };
    }
}

/// libwebp's growing output buffer, freed at the end.
struct Output(raw::WebPMemoryWriter);

impl Output {
    fn new() -> Self {
        let mut writer = std::mem::MaybeUninit::uninit();
        // SAFETY: initialises every member of the struct that it is given.
        unsafe { raw::WebPMemoryWriterInit(writer.as_mut_ptr()) };
        // SAFETY: initialised by the call above.
        Self(unsafe { writer.assume_init() })
    }

    fn to_vec(&self) -> Vec<u8> {
        if self.0.mem.is_null() {
            return Vec::new();
        }
        // SAFETY: libwebp wrote `size` bytes at `mem`, which lives until drop.
        unsafe { std::slice::from_raw_parts(self.0.mem, self.0.size) }.to_vec()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // SAFETY: initialised by `WebPMemoryWriterInit`, cleared once.
        unsafe { raw::WebPMemoryWriterClear(&raw mut self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_and_its_alpha_survive_encoding_and_decoding() {
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
    fn without_loss_every_visible_sample_survives() {
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
    fn what_is_no_webp_or_of_another_size_is_refused() {
        assert!(read_header(b"RIFF\0\0\0\0WEBPVP8 ").is_err());
        assert!(read_header(b"").is_err());
        let picture = View { samples: &[0; 12], width: 2, height: 2 };
        let bytes = encode(picture, Layout::Rgb, 50).unwrap();
        let header = read_header(&bytes).unwrap();
        assert_eq!(decode(&bytes, header, Layout::Rgb, &mut [0; 11]), Err(Error::Size));
        assert_eq!(encode(picture, Layout::Rgba, 50), Err(Error::Size));
        assert!(decode(&bytes[..bytes.len() / 2], header, Layout::Rgb, &mut [0; 12]).is_err());
    }
}
