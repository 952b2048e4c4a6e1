use crate::error::Error;
use crate::planes::Sampling;

/// The header of a JPEG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The kind of the components.
    pub color_space: ColorSpace,
    /// Chroma subsampling, if [`super::planes::decode`] can decode the picture.
    pub sampling: Option<Sampling>,
    /// `true` if the file is stored without loss (ITU-T T.81, annex H). Then it can be decoded only at full size.
    pub is_lossless: bool,
}

/// The kind of a JPEG's components, as far as it decides the [`super::Layout`] to decode to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorSpace {
    /// One component.
    Gray,
    /// Three components: `YCbCr` or RGB.
    Rgb,
    /// Four components: CMYK or YCCK.
    Cmyk,
}

/// Reads the header of a file.
pub fn read_header(bytes: &[u8]) -> Result<Header, Error> {
    let mut decompressor = turbojpeg::Decompressor::new().map_err(|_| Error::Memory)?;
    let header = decompressor.read_header(bytes).map_err(|error| Error::Damaged(error.to_string()))?;
    let side = |pixels: usize| u32::try_from(pixels).map_err(|_| Error::Size);
    let color_space = match header.colorspace {
        turbojpeg::Colorspace::Gray => ColorSpace::Gray,
        turbojpeg::Colorspace::RGB | turbojpeg::Colorspace::YCbCr => ColorSpace::Rgb,
        turbojpeg::Colorspace::CMYK | turbojpeg::Colorspace::YCCK => ColorSpace::Cmyk,
    };
    Ok(Header {
        width: side(header.width)?,
        height: side(header.height)?,
        color_space,
        sampling: sampling(&header),
        is_lossless: header.is_lossless,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "turbojpeg's enum is non-exhaustive")]
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
