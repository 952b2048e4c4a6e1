//! What was asked of a source. Its canonical text is the last segment of a variant's path, and so the key of
//! the CDN's cache and of the variants bucket.

use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;

use crate::color::Color;
use crate::format::FormatChoice;

/// The longest side of a variant, in pixels.
pub const MAX_SIDE: u16 = 8192;

/// The length of a variant's side, 1 to [`MAX_SIDE`] pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Side(NonZeroU16);

impl Side {
    /// The longest.
    pub const MAX: Self = match NonZeroU16::new(MAX_SIDE) {
        Some(pixels) => Self(pixels),
        None => Self(NonZeroU16::MIN),
    };

    /// A side of `pixels`, at most [`MAX_SIDE`]; none of zero.
    pub fn clamped(pixels: u32) -> Option<Self> {
        let pixels = u16::try_from(pixels).unwrap_or(MAX_SIDE).min(MAX_SIDE);
        NonZeroU16::new(pixels).map(Self)
    }

    /// In pixels.
    pub const fn pixels(self) -> u32 {
        self.0.get() as u32
    }
}

/// The encoder's quality, 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quality(u8);

impl Quality {
    /// The highest.
    pub const MAX: Self = Self(100);

    /// A quality, at most 100; none of zero.
    pub fn clamped(quality: u32) -> Option<Self> {
        let quality = u8::try_from(quality).unwrap_or(100).min(100);
        (quality > 0).then_some(Self(quality))
    }

    /// As a number, 1 to 100.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// How a picture meets the sides that were asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fit {
    /// Inside both sides, aspect kept, never enlarged.
    #[default]
    Max,
    /// Inside both sides, aspect kept, enlarged where it is smaller.
    Clip,
    /// Fills both sides and cuts the rest. Never enlarged: a smaller source gives the largest picture of the
    /// asked aspect ratio that it has.
    Crop(Gravity),
}

/// Which part of a picture a crop keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Gravity {
    /// The middle.
    #[default]
    Center,
    /// The upper edge.
    Top,
    /// The lower edge.
    Bottom,
    /// The left edge.
    Left,
    /// The right edge.
    Right,
    /// The upper left corner.
    TopLeft,
    /// The upper right corner.
    TopRight,
    /// The lower left corner.
    BottomLeft,
    /// The lower right corner.
    BottomRight,
}

impl Gravity {
    /// Every gravity.
    pub const ALL: [Self; 9] = [
        Self::Center,
        Self::Top,
        Self::Bottom,
        Self::Left,
        Self::Right,
        Self::TopLeft,
        Self::TopRight,
        Self::BottomLeft,
        Self::BottomRight,
    ];

    /// Its canonical spelling.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Center => "center",
            Self::Top => "top",
            Self::Bottom => "bottom",
            Self::Left => "left",
            Self::Right => "right",
            Self::TopLeft => "top-left",
            Self::TopRight => "top-right",
            Self::BottomLeft => "bottom-left",
            Self::BottomRight => "bottom-right",
        }
    }
}

/// What was asked of a source: everything that decides the pixels and bytes that come out.
///
/// Only canonical values exist: a fit other than [`Fit::Max`] and [`Fit::Clip`] has both sides, a quality
/// goes with a format that has one, and what is known of a source is the same at every size.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    width: Option<Side>,
    height: Option<Side>,
    fit: Fit,
    background: Option<Color>,
    quality: Option<Quality>,
    format: FormatChoice,
}

impl Variant {
    /// The whole picture in another format.
    pub const fn new(format: FormatChoice) -> Self {
        Self { width: None, height: None, fit: Fit::Max, background: None, quality: None, format }
    }

    /// Scaled to meet `width` and `height`. A fit that means nothing without both sides falls back to
    /// [`Fit::Max`].
    #[must_use]
    pub fn sized(mut self, width: Option<Side>, height: Option<Side>, fit: Fit) -> Self {
        if self.format == FormatChoice::Info {
            return self;
        }
        self.fit = match (fit, width, height) {
            (Fit::Crop(_), None, _) | (Fit::Crop(_), _, None) | (_, None, None) => Fit::Max,
            _ => fit,
        };
        (self.width, self.height) = (width, height);
        self
    }

    /// Laid over a colour.
    #[must_use]
    pub fn over(mut self, background: Option<Color>) -> Self {
        self.background = background.filter(|_| self.format != FormatChoice::Info);
        self
    }

    /// Encoded at a quality, where the format has one.
    #[must_use]
    pub fn at_quality(mut self, quality: Option<Quality>) -> Self {
        self.quality = quality.filter(|_| self.format.has_quality());
        self
    }

    /// The width asked for, after `dpr`.
    pub const fn width(&self) -> Option<Side> {
        self.width
    }

    /// The height asked for, after `dpr`.
    pub const fn height(&self) -> Option<Side> {
        self.height
    }

    /// How the picture meets them.
    pub const fn fit(&self) -> Fit {
        self.fit
    }

    /// The colour under transparency.
    pub const fn background(&self) -> Option<Color> {
        self.background
    }

    /// The encoder's quality; none means the policy's for the format.
    pub const fn quality(&self) -> Option<Quality> {
        self.quality
    }

    /// The format to come out.
    pub const fn format(&self) -> FormatChoice {
        self.format
    }
}

/// The canonical text: `name=value` in a fixed order, joined by commas, defaults left out, `fm` always last.
impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(width) = self.width {
            write!(f, "w={},", width.pixels())?;
        }
        if let Some(height) = self.height {
            write!(f, "h={},", height.pixels())?;
        }
        match self.fit {
            Fit::Max => {}
            Fit::Clip => f.write_str("fit=clip,")?,
            Fit::Crop(Gravity::Center) => f.write_str("fit=crop,")?,
            Fit::Crop(gravity) => write!(f, "fit=crop,crop={},", gravity.name())?,
        }
        if let Some(background) = self.background {
            write!(f, "bg={background},")?;
        }
        if let Some(quality) = self.quality {
            write!(f, "q={},", quality.get())?;
        }
        write!(f, "fm={}", self.format)
    }
}

/// A text is no canonical variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the canonical form of a variant")]
pub struct NotCanonical;

/// Reads the canonical text and nothing else: whatever is read prints as it was.
impl FromStr for Variant {
    type Err = NotCanonical;

    fn from_str(text: &str) -> Result<Self, NotCanonical> {
        let variant = read(text).ok_or(NotCanonical)?;
        if variant.to_string() == text { Ok(variant) } else { Err(NotCanonical) }
    }
}

/// Reads leniently; the caller compares what is printed.
fn read(text: &str) -> Option<Variant> {
    let value_of = |name: &str| {
        text.split(',')
            .find_map(|pair| pair.split_once('=').filter(|(n, _)| *n == name).map(|(_, value)| value))
    };
    let side = |name| match value_of(name) {
        None => Some(None),
        Some(value) => Some(Some(Side::clamped(value.parse().ok()?)?)),
    };
    let gravity = match value_of("crop") {
        None => Gravity::default(),
        Some(name) => Gravity::ALL.into_iter().find(|gravity| gravity.name() == name)?,
    };
    let fit = match value_of("fit") {
        None => Fit::Max,
        Some("clip") => Fit::Clip,
        Some("crop") => Fit::Crop(gravity),
        Some(_) => return None,
    };
    let background = match value_of("bg") {
        None => None,
        Some(value) => Some(Color::from_hex(value)?),
    };
    let quality = match value_of("q") {
        None => None,
        Some(value) => Some(Quality::clamped(value.parse().ok()?)?),
    };
    let format = FormatChoice::from_canonical(value_of("fm")?)?;
    Some(Variant::new(format).sized(side("w")?, side("h")?, fit).over(background).at_quality(quality))
}

/// Whether a decoded path segment looks like a canonical variant: it ends in `fm=…`. Viewers may not write
/// such a segment themselves, or the ladder could be walked around.
pub fn looks_canonical(segment: &str) -> bool {
    segment.rsplit(',').next().and_then(|last| last.strip_prefix("fm=")).is_some_and(|format| {
        !format.is_empty() && format.bytes().all(|b| b.is_ascii_lowercase() || b == b'.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_text_is_read_and_it_prints_as_it_was() {
        for text in [
            "fm=webp",
            "w=640,fm=auto.avif",
            "h=1,fm=png",
            "w=640,h=480,fit=crop,crop=top,q=75,fm=webp",
            "w=8192,h=8192,fit=crop,bg=80ff0000,q=100,fm=jpeg",
            "w=16,fit=clip,fm=auto.base",
            "fm=json",
        ] {
            assert_eq!(text.parse::<Variant>().map(|v| v.to_string()).as_deref(), Ok(text));
            assert!(looks_canonical(text));
        }
        for text in [
            "",
            "w=640",
            "fm=auto",
            "fm=webp,w=640",
            "w=0640,fm=webp",
            "w=+640,fm=webp",
            "w=0,fm=webp",
            "w=8193,fm=webp",
            "w=640,w=640,fm=webp",
            "w=640,h=480,fit=max,fm=webp",
            "w=640,fit=crop,fm=webp",
            "w=640,h=480,crop=top,fm=webp",
            "w=640,h=480,fit=crop,crop=center,fm=webp",
            "fit=clip,fm=webp",
            "q=75,fm=png",
            "q=101,fm=webp",
            "bg=fff,fm=webp",
            "bg=FFFFFF,fm=webp",
            "w=640,x=1,fm=webp",
            "w=640,,fm=webp",
            "w=640,fm=json",
            "bg=ffffff,fm=json",
            "q=75,fm=json",
        ] {
            assert_eq!(text.parse::<Variant>(), Err(NotCanonical), "{text:?}");
        }
    }

    #[test]
    fn a_file_name_is_not_taken_for_a_variant() {
        for name in ["cat.jpg", "fm=", "a,fm=b.jpg?", "fm=webp.1", "fm=webp,a"] {
            assert!(!looks_canonical(name), "{name:?}");
        }
    }
}
