//! A picture on its way from the decoder to the encoder, in pixels or in planes.

use codecs::planes::Range;

use super::planes::Planes;
use super::rect::Rect;
use super::{Pixels, Size};
use crate::error::Error;

/// A decoded picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded {
    /// Pixels.
    Pixels(Pixels),
    /// Luma and chroma, each at the size at which it was decoded.
    Planes(DecodedPlanes),
}

/// The planes of a decoded picture.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedPlanes {
    /// Luma.
    pub luma: DecodedPlane,
    /// Blue chroma, as coarse as in the file or coarser.
    pub cb: DecodedPlane,
    /// Red chroma, as large as `cb`.
    pub cr: DecodedPlane,
    /// The range of the values.
    pub range: Range,
}

/// A plane of a decoded picture.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedPlane {
    /// The plane as a gray picture.
    pub pixels: Pixels,
    /// Number of the plane's samples for one of the decoded picture, across and down. The plane may be larger than the
    /// picture by a part of a sample.
    pub scale: (f64, f64),
}

impl DecodedPlane {
    /// The part of the plane that belongs to a part of the decoded picture.
    pub fn part(&self, part: Rect) -> Rect {
        let (across, down) = self.scale;
        part.stretched(across, down).within(self.pixels.size)
    }
}

/// A finished picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// Pixels in sRGB.
    Pixels(Pixels),
    /// Luma and chroma, chroma at half of luma's size.
    Planes(Planes),
}

impl Picture {
    /// The size in pixels.
    pub const fn size(&self) -> Size {
        match self {
            Self::Pixels(pixels) => pixels.size,
            Self::Planes(planes) => planes.luma.size,
        }
    }

    /// The pixels. Fails for planes, which is a defect: a format without planes is always planned in pixels.
    pub fn into_pixels(self) -> Result<Pixels, Error> {
        match self {
            Self::Pixels(pixels) => Ok(pixels),
            Self::Planes(_) => Err(Error::Internal("planes instead of pixels were planned".to_owned())),
        }
    }
}
