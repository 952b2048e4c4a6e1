//! Safe functions over C image codecs: libjpeg-turbo, libwebp and libaom. The only crate of the workspace that may
//! contain `unsafe`; each block is one call, with the reason why it is sound.

#![expect(unsafe_code, reason = "this crate is where C is called")]

pub mod planes;

pub mod jpeg;

pub mod webp;

pub mod avif;

mod aom;

/// A codec refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The input is damaged beyond what the decoder mends, or not of its format.
    #[error("{0}")]
    Damaged(String),
    /// The input is good, and uses a part of its format that isn't read.
    #[error("{0}")]
    Unsupported(&'static str),
    /// The output buffer and the picture don't agree, or a size is beyond what the codec takes.
    #[error("the picture's size doesn't fit the codec or its buffer")]
    Size,
    /// The codec ran out of memory.
    #[error("the codec ran out of memory")]
    Memory,
}

/// The samples of a picture in WebP and AVIF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Three bytes a pixel.
    Rgb,
    /// Four bytes a pixel, alpha straight.
    Rgba,
}

impl Layout {
    /// Bytes a pixel.
    pub const fn channels(self) -> u32 {
        match self {
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

/// A picture of 8 bits a channel, rows without padding.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// `width` × `height` × channels bytes.
    pub samples: &'a [u8],
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl View<'_> {
    /// Width, height and bytes a row as C's `int`, when the samples are as many as they must be.
    fn checked(&self, channels: u32) -> Result<(i32, i32, i32), Error> {
        checked_size(self.samples.len(), self.width, self.height, channels)
    }
}

/// Width, height and bytes a row as C's `int`, if a buffer of `len` bytes holds just such a picture.
fn checked_size(len: usize, width: u32, height: u32, channels: u32) -> Result<(i32, i32, i32), Error> {
    let stride = u64::from(width) * u64::from(channels);
    if width == 0 || height == 0 || stride * u64::from(height) != len as u64 {
        return Err(Error::Size);
    }
    let int = |n: u64| i32::try_from(n).map_err(|_| Error::Size);
    Ok((int(u64::from(width))?, int(u64::from(height))?, int(stride)?))
}
