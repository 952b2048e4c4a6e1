//! JPEG by libjpeg-turbo: decoding at a fraction of the size, tolerant of damage; encoding.

use turbojpeg::raw;

use crate::planes::Sampling;
use crate::{Error, View, checked_size};

pub mod planes;

/// The most scans that a progressive file may have. Real ones have about ten; thousands are an attack.
const MAX_SCANS: i32 = 200;

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// How colours are stored.
    pub color_space: ColorSpace,
    /// How coarse chroma is, where the picture can be decoded to planes of luma and chroma.
    pub sampling: Option<Sampling>,
    /// Whether it is stored without loss (ITU-T T.81, annex H): such a file is decoded at its full size only.
    pub is_lossless: bool,
}

/// How a JPEG's colours are stored, as far as it matters to who decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorSpace {
    /// One component.
    Gray,
    /// Three components: `YCbCr` or RGB.
    Rgb,
    /// Four components: CMYK or YCCK.
    Cmyk,
}

/// A size in eighths for which libjpeg-turbo has a fast inverse transform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// 1/8.
    Eighth,
    /// 1/4.
    Quarter,
    /// 1/2.
    Half,
    /// 1/1.
    Full,
}

impl Scale {
    /// Every scale, ascending.
    pub const ALL: [Self; 4] = [Self::Eighth, Self::Quarter, Self::Half, Self::Full];

    /// In eighths: 1, 2, 4 or 8.
    pub const fn eighths(self) -> u32 {
        match self {
            Self::Eighth => 1,
            Self::Quarter => 2,
            Self::Half => 4,
            Self::Full => 8,
        }
    }

    /// The length that a side of `pixels` is decoded to: rounded up.
    pub const fn of(self, pixels: u32) -> u32 {
        (pixels as u64 * self.eighths() as u64).div_ceil(8) as u32
    }
}

/// The samples that come out of [`decode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One byte a pixel.
    Gray,
    /// Three bytes a pixel.
    Rgb,
    /// Four bytes a pixel, as the file has them: Adobe's files hold them inverted.
    Cmyk,
}

impl Layout {
    /// Bytes a pixel.
    pub const fn channels(self) -> u32 {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }
}

/// How much of the picture was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// All of it.
    Complete,
    /// Something was damaged or missing, and made up for as libjpeg does.
    Incomplete,
}

/// Reads the header alone.
pub fn read_header(bytes: &[u8]) -> Result<Header, Error> {
    let mut decompressor = turbojpeg::Decompressor::new().map_err(|_| Error::Memory)?;
    let header = decompressor.read_header(bytes).map_err(|error| Error::Damaged(error.to_string()))?;
    let side = |pixels: usize| u32::try_from(pixels).map_err(|_| Error::Size);
    let color_space = match header.colorspace {
        turbojpeg::Colorspace::Gray => ColorSpace::Gray,
        turbojpeg::Colorspace::RGB | turbojpeg::Colorspace::YCbCr => ColorSpace::Rgb,
        turbojpeg::Colorspace::CMYK | turbojpeg::Colorspace::YCCK => ColorSpace::Cmyk,
    };
    let sampling = sampling(&header);
    Ok(Header {
        width: side(header.width)?,
        height: side(header.height)?,
        color_space,
        sampling,
        is_lossless: header.is_lossless,
    })
}

fn sampling(header: &turbojpeg::DecompressHeader) -> Option<Sampling> {
    use turbojpeg::Subsamp;
    if header.colorspace != turbojpeg::Colorspace::YCbCr || header.is_lossless {
        return None;
    }
    match header.subsamp {
        Subsamp::None => Some(Sampling::Full),
        Subsamp::Sub2x1 => Some(Sampling::HalfWidth),
        Subsamp::Sub1x2 => Some(Sampling::HalfHeight),
        Subsamp::Sub2x2 => Some(Sampling::Half),
        _ => None,
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
    let (_, _, stride) = checked_size(samples.len(), width, height, layout.channels())?;
    let mut decoder = Decoder::new()?;
    decoder.read_header(bytes, header)?;
    decoder.set(raw::TJPARAM_TJPARAM_SCANLIMIT, MAX_SCANS)?;
    decoder.set_scale(scale)?;
    decoder.decompress(bytes, stride, layout, samples)
}

/// Encodes gray (1 channel) or RGB (3 channels) samples as baseline 4:2:0. `quality` is 1 to 100.
pub fn encode(picture: View<'_>, layout: Layout, quality: u8) -> Result<Vec<u8>, Error> {
    let (format, subsampling) = match layout {
        Layout::Gray => (turbojpeg::PixelFormat::GRAY, turbojpeg::Subsamp::Gray),
        Layout::Rgb => (turbojpeg::PixelFormat::RGB, turbojpeg::Subsamp::Sub2x2),
        Layout::Cmyk => return Err(Error::Size),
    };
    picture.checked(layout.channels())?;
    let (width, height) = (picture.width as usize, picture.height as usize);
    let pitch = width * layout.channels() as usize;
    let image = turbojpeg::Image { pixels: picture.samples, width, pitch, height, format };
    let mut compressor = turbojpeg::Compressor::new().map_err(|_| Error::Memory)?;
    let refused = |error: turbojpeg::Error| Error::Damaged(error.to_string());
    compressor.set_quality(i32::from(quality.clamp(1, 100))).map_err(refused)?;
    compressor.set_subsamp(subsampling).map_err(refused)?;
    compressor.compress_to_vec(image).map_err(refused)
}

/// A libjpeg-turbo decompressor that tells warnings from errors, which the safe crate does not.
struct Decoder(raw::tjhandle);

impl Decoder {
    fn new() -> Result<Self, Error> {
        // SAFETY: no argument but an enum's value; a null handle is checked below.
        let handle = unsafe { raw::tj3Init(raw::TJINIT_TJINIT_DECOMPRESS as i32) };
        if handle.is_null() { Err(Error::Memory) } else { Ok(Self(handle)) }
    }

    /// Reads the header again, and makes sure that it is the one the buffer was made for.
    fn read_header(&mut self, bytes: &[u8], expected: Header) -> Result<(), Error> {
        // SAFETY: the handle lives as long as self; pointer and length are those of one slice.
        let code = unsafe { raw::tj3DecompressHeader(self.0, bytes.as_ptr(), bytes.len() as raw::size_t) };
        self.check(code)?;
        let (width, height) =
            (self.get(raw::TJPARAM_TJPARAM_JPEGWIDTH), self.get(raw::TJPARAM_TJPARAM_JPEGHEIGHT));
        let is_expected =
            u32::try_from(width) == Ok(expected.width) && u32::try_from(height) == Ok(expected.height);
        if is_expected { Ok(()) } else { Err(Error::Size) }
    }

    fn get(&mut self, parameter: raw::TJPARAM) -> i32 {
        // SAFETY: the handle lives as long as self; an unknown parameter is answered by -1.
        unsafe { raw::tj3Get(self.0, parameter as i32) }
    }

    fn set(&mut self, parameter: raw::TJPARAM, value: i32) -> Result<(), Error> {
        // SAFETY: the handle lives as long as self; a bad value is answered by -1.
        let code = unsafe { raw::tj3Set(self.0, parameter as i32, value) };
        self.check(code).map(drop)
    }

    /// Refuses to scale what is stored without loss: libjpeg-turbo would take the factor and then write the full
    /// size into the smaller buffer.
    fn set_scale(&mut self, scale: Scale) -> Result<(), Error> {
        if scale != Scale::Full && self.get(raw::TJPARAM_TJPARAM_LOSSLESS) != 0 {
            return Err(Error::Size);
        }
        let denom = match scale {
            Scale::Eighth => 8,
            Scale::Quarter => 4,
            Scale::Half => 2,
            Scale::Full => 1,
        };
        let factor = raw::tjscalingfactor { num: 1, denom };
        // SAFETY: the handle lives as long as self; the factor is passed by value.
        let code = unsafe { raw::tj3SetScalingFactor(self.0, factor) };
        self.check(code).map(drop)
    }

    fn decompress(
        &mut self,
        bytes: &[u8],
        stride: i32,
        layout: Layout,
        samples: &mut [u8],
    ) -> Result<Completeness, Error> {
        let format = match layout {
            Layout::Gray => raw::TJPF_TJPF_GRAY,
            Layout::Rgb => raw::TJPF_TJPF_RGB,
            Layout::Cmyk => raw::TJPF_TJPF_CMYK,
        };
        // SAFETY: input pointer and length are those of one slice; the caller checked that `samples` holds
        // scaled height × stride bytes, and `read_header` that the file still has that size.
        let code = unsafe {
            raw::tj3Decompress8(
                self.0,
                bytes.as_ptr(),
                bytes.len() as raw::size_t,
                samples.as_mut_ptr(),
                stride,
                format,
            )
        };
        self.check(code)
    }

    /// The outcome behind a return code: a warning leaves a picture, an error doesn't.
    fn check(&mut self, code: i32) -> Result<Completeness, Error> {
        if code == 0 {
            return Ok(Completeness::Complete);
        }
        // SAFETY: the handle lives as long as self.
        let severity = unsafe { raw::tj3GetErrorCode(self.0) };
        if severity == raw::TJERR_TJERR_WARNING as i32 {
            return Ok(Completeness::Incomplete);
        }
        // SAFETY: the handle lives as long as self; the text is the handle's own and copied before it changes.
        let text = unsafe { raw::tj3GetErrorStr(self.0) };
        // SAFETY: libjpeg-turbo's error texts are static or in the handle, ended by a zero byte.
        let text = unsafe { std::ffi::CStr::from_ptr(text) };
        Err(Error::Damaged(text.to_string_lossy().into_owned()))
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: the handle came from `tj3Init` and is destroyed once.
        unsafe { raw::tj3Destroy(self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(width: u32, height: u32) -> Vec<u8> {
        (0..height).flat_map(|y| (0..width).flat_map(move |x| [(x * 3) as u8, (y * 3) as u8, 128])).collect()
    }

    #[test]
    fn a_picture_survives_encoding_and_decoding_at_every_scale_and_odd_size() {
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
    fn a_lossless_file_is_decoded_at_its_full_size_only() {
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
    fn a_truncated_file_is_mended_and_a_wrong_buffer_refused() {
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
