use crate::error::Error;

/// The channels of WebP and AVIF pictures, 8 bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, and alpha, which is not premultiplied.
    Rgba,
}

impl Layout {
    /// Bytes per pixel.
    pub const fn channels(self) -> u32 {
        match self {
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

/// A picture of 8 bits per channel, in rows without padding.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// `width` × `height` × channels bytes.
    pub samples: &'a [u8],
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl View<'_> {
    /// Width, height and bytes per row as C's `int`. Fails if `samples` does not have the picture's size.
    pub(crate) fn dimensions(&self, channels: u32) -> Result<(i32, i32, i32), Error> {
        dimensions(self.samples.len(), self.width, self.height, channels)
    }
}

/// Width, height and bytes per row as C's `int`. Fails unless `len` is the number of bytes of such a picture.
pub(crate) fn dimensions(
    len: usize,
    width: u32,
    height: u32,
    channels: u32,
) -> Result<(i32, i32, i32), Error> {
    let stride = u64::from(width) * u64::from(channels);
    if width == 0 || height == 0 || stride * u64::from(height) != len as u64 {
        return Err(Error::Size);
    }
    let int = |n: u64| i32::try_from(n).map_err(|_| Error::Size);
    Ok((int(u64::from(width))?, int(u64::from(height))?, int(stride)?))
}

/// A row of a decoded plane.
pub(crate) enum Row<'a> {
    /// Samples of 8 bits.
    Narrow(&'a [u8]),
    /// Samples of more bits, in the lowest bits of 16.
    Wide(&'a [u16]),
}
