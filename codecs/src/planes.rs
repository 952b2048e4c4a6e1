//! Pictures whose luma and chroma lie in planes of their own, as JPEG and WebP store them.

use crate::{Error, View};

/// How much coarser chroma is stored than luma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// As fine as luma: 4:4:4.
    Full,
    /// Half as many columns: 4:2:2.
    HalfWidth,
    /// Half as many rows: 4:4:0.
    HalfHeight,
    /// Half as many columns and rows: 4:2:0.
    Half,
}

impl Sampling {
    /// Columns and rows of luma for each of chroma: 1 or 2.
    pub const fn factors(self) -> (u32, u32) {
        match self {
            Self::Full => (1, 1),
            Self::HalfWidth => (2, 1),
            Self::HalfHeight => (1, 2),
            Self::Half => (2, 2),
        }
    }

    /// The size of a chroma plane beside luma of `width` × `height`: rounded up.
    pub const fn chroma_size(self, width: u32, height: u32) -> (u32, u32) {
        let (across, down) = self.factors();
        (width.div_ceil(across), height.div_ceil(down))
    }
}

/// The values that stand for black and white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Luma and chroma 0 to 255: JPEG (JFIF 1.02, section 7).
    Full,
    /// Luma 16 to 235, chroma 16 to 240: WebP, as in ITU-R BT.601.
    Limited,
}

impl Range {
    /// A table from luma of this range to the other's.
    pub(crate) fn luma_to(self, other: Self) -> [u8; 256] {
        match (self, other) {
            (Self::Full, Self::Limited) => table(|value| 16.0 + value * 219.0 / 255.0),
            (Self::Limited, Self::Full) => table(|value| (value - 16.0) * 255.0 / 219.0),
            (Self::Full, Self::Full) | (Self::Limited, Self::Limited) => table(|value| value),
        }
    }

    /// A table from chroma of this range to the other's.
    pub(crate) fn chroma_to(self, other: Self) -> [u8; 256] {
        match (self, other) {
            (Self::Full, Self::Limited) => table(|value| 128.0 + (value - 128.0) * 224.0 / 255.0),
            (Self::Limited, Self::Full) => table(|value| 128.0 + (value - 128.0) * 255.0 / 224.0),
            (Self::Full, Self::Full) | (Self::Limited, Self::Limited) => table(|value| value),
        }
    }
}

fn table(map: impl Fn(f32) -> f32) -> [u8; 256] {
    std::array::from_fn(|value| map(value as f32).round().clamp(0.0, 255.0) as u8)
}

/// A picture of 8 bits in three planes; colours by ITU-R BT.601.
#[derive(Clone, Copy, Debug)]
pub struct Planes<'a> {
    /// Of the picture's size.
    pub luma: View<'a>,
    /// Of the size that the sampling gives.
    pub cb: View<'a>,
    /// As large as `cb`.
    pub cr: View<'a>,
    /// What the values mean.
    pub range: Range,
}

impl Planes<'_> {
    /// Width and height, when the planes have the sizes that `sampling` gives.
    pub(crate) fn checked(&self, sampling: Sampling) -> Result<(i32, i32), Error> {
        let (width, height, _) = self.luma.checked(1)?;
        let chroma = sampling.chroma_size(self.luma.width, self.luma.height);
        for plane in [self.cb, self.cr] {
            plane.checked(1)?;
            if (plane.width, plane.height) != chroma {
                return Err(Error::Size);
            }
        }
        Ok((width, height))
    }
}

/// Three planes to decode into.
#[derive(Debug)]
pub struct PlanesMut<'a> {
    /// Samples of luma, rows without padding.
    pub luma: &'a mut [u8],
    /// Samples of the first chroma plane.
    pub cb: &'a mut [u8],
    /// Samples of the second chroma plane.
    pub cr: &'a mut [u8],
}

impl PlanesMut<'_> {
    /// Bytes a row of luma and chroma, when the buffers hold planes of just these sizes.
    pub(crate) fn checked(&self, luma: (u32, u32), chroma: (u32, u32)) -> Result<[i32; 3], Error> {
        let stride = |plane: &[u8], (width, height): (u32, u32)| {
            crate::checked_size(plane.len(), width, height, 1).map(|(_, _, stride)| stride)
        };
        Ok([stride(self.luma, luma)?, stride(self.cb, chroma)?, stride(self.cr, chroma)?])
    }
}
