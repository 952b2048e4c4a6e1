//! Pictures in separate luma and chroma planes, as JPEG and WebP store them.

use crate::error::Error;
use crate::view::{self, View};

/// Chroma subsampling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// Chroma has luma's resolution: 4:4:4.
    Full,
    /// Chroma has half the columns: 4:2:2.
    HalfWidth,
    /// Chroma has half the rows: 4:4:0.
    HalfHeight,
    /// Chroma has half the columns and half the rows: 4:2:0.
    Half,
}

impl Sampling {
    /// Number of luma columns and luma rows for one of chroma: each 1 or 2.
    pub const fn factors(self) -> (u32, u32) {
        match self {
            Self::Full => (1, 1),
            Self::HalfWidth => (2, 1),
            Self::HalfHeight => (1, 2),
            Self::Half => (2, 2),
        }
    }

    /// Width and height of the chroma planes for luma of `width` × `height`, rounded up.
    pub const fn chroma_size(self, width: u32, height: u32) -> (u32, u32) {
        let (across, down) = self.factors();
        (width.div_ceil(across), height.div_ceil(down))
    }
}

/// The sample values of black and white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Luma and chroma 0 to 255: JPEG (JFIF 1.02, section 7).
    Full,
    /// Luma 16 to 235, chroma 16 to 240: WebP, as in ITU-R BT.601.
    Limited,
}

impl Range {
    /// A table that converts luma from this range to the other.
    pub(crate) fn luma_to(self, other: Self) -> [u8; 256] {
        match (self, other) {
            (Self::Full, Self::Limited) => table(|value| 16.0 + value * 219.0 / 255.0),
            (Self::Limited, Self::Full) => table(|value| (value - 16.0) * 255.0 / 219.0),
            (Self::Full, Self::Full) | (Self::Limited, Self::Limited) => table(|value| value),
        }
    }

    /// A table that converts chroma from this range to the other.
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

/// A picture of 8 bits per sample in three planes. Colours are coded by ITU-R BT.601.
#[derive(Clone, Copy, Debug)]
pub struct Planes<'a> {
    /// Luma, of the picture's size.
    pub luma: View<'a>,
    /// The blue difference, of the size that the sampling gives.
    pub cb: View<'a>,
    /// The red difference, as large as `cb`.
    pub cr: View<'a>,
    /// The range of the samples.
    pub range: Range,
}

impl Planes<'_> {
    /// Width and height as C's `int`. Fails if the planes do not have the sizes that `sampling` gives.
    pub(crate) fn dimensions(&self, sampling: Sampling) -> Result<(i32, i32), Error> {
        let (width, height, _) = self.luma.dimensions(1)?;
        let chroma = sampling.chroma_size(self.luma.width, self.luma.height);
        for plane in [self.cb, self.cr] {
            plane.dimensions(1)?;
            if (plane.width, plane.height) != chroma {
                return Err(Error::Size);
            }
        }
        Ok((width, height))
    }
}

/// Three planes to decode into, in rows without padding.
#[derive(Debug)]
pub struct PlanesMut<'a> {
    /// Luma.
    pub luma: &'a mut [u8],
    /// The blue difference.
    pub cb: &'a mut [u8],
    /// The red difference.
    pub cr: &'a mut [u8],
}

impl PlanesMut<'_> {
    /// Bytes per row of the three planes as C's `int`. Fails if the buffers do not have exactly these sizes.
    pub(crate) fn strides(&self, luma: (u32, u32), chroma: (u32, u32)) -> Result<[i32; 3], Error> {
        let stride = |plane: &[u8], (width, height): (u32, u32)| {
            view::dimensions(plane.len(), width, height, 1).map(|(_, _, stride)| stride)
        };
        Ok([stride(self.luma, luma)?, stride(self.cb, chroma)?, stride(self.cr, chroma)?])
    }
}
