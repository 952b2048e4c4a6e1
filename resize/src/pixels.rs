//! A picture in memory.

pub mod frame;
pub mod light;
pub mod orientation;
pub mod picture;
pub mod planes;
pub mod rect;
pub(crate) mod resample;
pub(crate) mod resample_light;
pub(crate) mod row_means;

use std::num::NonZeroU32;

/// The samples of a pixel, 8 bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channels {
    /// Luminance.
    Gray,
    /// Luminance and straight alpha.
    GrayAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue and straight alpha.
    Rgba,
    /// Cyan, magenta, yellow, black: 255 is full ink.
    Cmyk,
}

impl Channels {
    /// Number of samples, and so of bytes, in a pixel.
    pub const fn count(self) -> u32 {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }

    /// `true` if the last sample is alpha.
    pub const fn has_alpha(self) -> bool {
        match self {
            Self::GrayAlpha | Self::Rgba => true,
            Self::Gray | Self::Rgb | Self::Cmyk => false,
        }
    }
}

/// Rounds a sample of 16 bits to 8.
pub(crate) fn narrow(sample: u16) -> u8 {
    ((u32::from(sample) + 128) / 257) as u8
}

/// Width and height in pixels, both at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    width: NonZeroU32,
    height: NonZeroU32,
}

impl Size {
    /// A size in pixels. `None` if a side is 0.
    pub const fn new(width: u32, height: u32) -> Option<Self> {
        match (NonZeroU32::new(width), NonZeroU32::new(height)) {
            (Some(width), Some(height)) => Some(Self { width, height }),
            _ => None,
        }
    }

    /// The size of sides rounded to whole pixels, each at least 1.
    pub fn rounded(width: f64, height: f64) -> Self {
        let side = |length: f64| NonZeroU32::new(length.round() as u32).unwrap_or(NonZeroU32::MIN);
        Self { width: side(width), height: side(height) }
    }

    /// Width in pixels, at least 1.
    pub const fn width(self) -> u32 {
        self.width.get()
    }

    /// Height in pixels, at least 1.
    pub const fn height(self) -> u32 {
        self.height.get()
    }

    /// Number of pixels, width × height.
    pub const fn pixels(self) -> u64 {
        self.width() as u64 * self.height() as u64
    }

    /// The size with width and height exchanged.
    #[must_use]
    pub const fn transposed(self) -> Self {
        Self { width: self.height, height: self.width }
    }
}

/// A picture in memory: rows from top to bottom, pixels from left to right, without padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// The samples, `size.pixels()` × `channels.count()` bytes.
    pub samples: Vec<u8>,
    /// The size in pixels.
    pub size: Size,
    /// The samples of each pixel.
    pub channels: Channels,
}

impl Pixels {
    /// A picture whose samples are all 0.
    pub fn black(size: Size, channels: Channels) -> Self {
        let len = size.pixels() as usize * channels.count() as usize;
        Self { samples: vec![0; len], size, channels }
    }

    /// The picture in red, green, blue and straight alpha. CMYK samples are relabelled, not converted: the colour step
    /// converts them.
    #[must_use]
    pub fn to_rgba(&self) -> Self {
        match self.channels {
            Channels::Gray => self.map(Channels::Rgba, |[gray]| [gray, gray, gray, 255]),
            Channels::GrayAlpha => self.map(Channels::Rgba, |[gray, alpha]| [gray, gray, gray, alpha]),
            Channels::Rgb => self.map(Channels::Rgba, |[red, green, blue]| [red, green, blue, 255]),
            Channels::Rgba | Channels::Cmyk => Self { channels: Channels::Rgba, ..self.clone() },
        }
    }

    /// The picture with other channels: `convert` maps the `FROM` samples of each pixel to `TO` samples.
    pub(crate) fn map<const FROM: usize, const TO: usize>(
        &self,
        channels: Channels,
        convert: impl Fn([u8; FROM]) -> [u8; TO],
    ) -> Self {
        let mut samples = Vec::with_capacity(self.size.pixels() as usize * TO);
        let (pixels, _) = self.samples.as_chunks::<FROM>();
        for pixel in pixels {
            samples.extend_from_slice(&convert(*pixel));
        }
        Self { samples, size: self.size, channels }
    }
}
