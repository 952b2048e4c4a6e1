//! The values of a variant's parameters.

use std::num::NonZeroU16;

use crate::color::Color;

/// The longest side of a variant, in pixels.
pub const MAX_SIDE: u16 = 8192;

/// The length of a variant's side, 1 to [`MAX_SIDE`] pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Side(NonZeroU16);

impl Side {
    /// The longest side.
    pub const MAX: Self = match NonZeroU16::new(MAX_SIDE) {
        Some(pixels) => Self(pixels),
        None => Self(NonZeroU16::MIN),
    };

    /// A side of `pixels`, clamped to [`MAX_SIDE`]. `None` for 0.
    pub fn clamped(pixels: u32) -> Option<Self> {
        let pixels = u16::try_from(pixels).unwrap_or(MAX_SIDE).min(MAX_SIDE);
        NonZeroU16::new(pixels).map(Self)
    }

    /// The length in pixels, 1 to [`MAX_SIDE`].
    pub const fn pixels(self) -> u32 {
        self.0.get() as u32
    }
}

/// The encoder's quality, 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quality(u8);

impl Quality {
    /// The highest quality.
    pub const MAX: Self = Self(100);

    /// A quality, clamped to 100. `None` for 0.
    pub fn clamped(quality: u32) -> Option<Self> {
        let quality = u8::try_from(quality).unwrap_or(100).min(100);
        (quality > 0).then_some(Self(quality))
    }

    /// The number, 1 to 100.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// The number of an animation's frame, 1 to [`FrameNumber::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameNumber(NonZeroU16);

impl FrameNumber {
    /// The highest number, 65,535.
    pub const MAX: Self = Self(NonZeroU16::MAX);

    /// A frame number, clamped to [`FrameNumber::MAX`]. `None` for 0.
    pub fn clamped(number: u32) -> Option<Self> {
        NonZeroU16::new(u16::try_from(number).unwrap_or(u16::MAX)).map(Self)
    }

    /// The number, counted from 1.
    pub const fn get(self) -> u32 {
        self.0.get() as u32
    }
}

/// The choice of the encoder's quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QualityChoice {
    /// A fixed quality.
    Fixed(Quality),
    /// The lowest quality at which a model predicts that loss in the picture is hard to see.
    Auto,
}

/// The method of fitting a picture into the requested sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fit {
    /// The picture lies inside both sides, keeps its aspect ratio, and is never enlarged.
    #[default]
    Max,
    /// The picture lies inside both sides, keeps its aspect ratio, and is enlarged if it is smaller.
    Clip,
    /// The picture fills both sides, and the rest is cut off.
    Crop(Crop),
    /// The same as [`Fit::Clip`], on a canvas of exactly these sides.
    Fill,
    /// The same as [`Fit::Max`], on a canvas of exactly these sides.
    FillMax,
    /// The picture is stretched to exactly these sides.
    Scale,
}

/// A crop to the aspect ratio of the sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Crop {
    /// The part of the picture that the crop keeps.
    pub anchor: CropAnchor,
    /// `true` if a smaller picture is enlarged. Otherwise the result is its largest part with the aspect ratio.
    pub may_enlarge: bool,
}

/// The part of a picture that a crop keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CropAnchor {
    /// An edge, a corner or the middle.
    Gravity(Gravity),
    /// The part around a point.
    FocalPoint(FocalPoint),
    /// The part with the highest entropy of tones.
    Entropy,
    /// The part that attracts attention: edges, skin, saturated colours.
    Attention,
    /// The faces, or the part that attracts attention if there are none.
    Faces,
}

impl Default for CropAnchor {
    fn default() -> Self {
        Self::Gravity(Gravity::Center)
    }
}

/// A point of a picture, in thousandths of its sides from the upper left corner, 0 to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FocalPoint {
    x: u16,
    y: u16,
}

impl FocalPoint {
    /// The middle.
    pub const CENTER: Self = Self { x: 500, y: 500 };

    /// A point in thousandths; values above 1000 are clamped.
    pub const fn new(x: u16, y: u16) -> Self {
        const MAX: u16 = 1000;
        Self { x: if x > MAX { MAX } else { x }, y: if y > MAX { MAX } else { y } }
    }

    /// Distance from the left edge, as a fraction of the width, 0 to 1.
    pub fn x(self) -> f64 {
        f64::from(self.x) / 1000.0
    }

    /// Distance from the upper edge, as a fraction of the height, 0 to 1.
    pub fn y(self) -> f64 {
        f64::from(self.y) / 1000.0
    }
}

/// A part of the upright source, in its pixels. It may lie partly outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cutout {
    /// Distance from the left edge in pixels, 0 to [`Cutout::MAX`].
    pub x: u32,
    /// Distance from the upper edge in pixels, 0 to [`Cutout::MAX`].
    pub y: u32,
    width: u32,
    height: u32,
}

impl Cutout {
    /// The largest coordinate, in pixels.
    pub const MAX: u32 = 1_000_000;

    /// A part in pixels; values above [`Cutout::MAX`] are clamped. `None` if a side is 0.
    pub fn new(x: u32, y: u32, width: u32, height: u32) -> Option<Self> {
        let [x, y, width, height] = [x, y, width, height].map(|pixels| pixels.min(Self::MAX));
        (width > 0 && height > 0).then_some(Self { x, y, width, height })
    }

    /// Width in pixels, 1 to [`Cutout::MAX`].
    pub const fn width(self) -> u32 {
        self.width
    }

    /// Height in pixels, 1 to [`Cutout::MAX`].
    pub const fn height(self) -> u32 {
        self.height
    }
}

/// One of the eight ways to turn a rectangle: mirrored or not, then turned counter-clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Turn {
    quarters: u8,
    is_mirrored: bool,
}

impl Turn {
    /// Exchanges left and right if `is_mirrored` and top and bottom if `is_flipped`, then turns counter-clockwise by
    /// quarter turns. Exchanging top and bottom equals exchanging left and right and half a turn.
    pub const fn new(quarters: u8, is_mirrored: bool, is_flipped: bool) -> Self {
        let half = if is_flipped { 2 } else { 0 };
        Self { quarters: (quarters + half) % 4, is_mirrored: is_mirrored != is_flipped }
    }

    /// Quarter turns counter-clockwise, 0 to 3.
    pub const fn quarters(self) -> u8 {
        self.quarters
    }

    /// `true` if left and right are exchanged before turning.
    pub const fn is_mirrored(self) -> bool {
        self.is_mirrored
    }
}

/// The uniform border that is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trim {
    /// A border in the colour of the upper left pixel.
    Auto,
    /// A border in this colour.
    Color(Color),
}

/// A side, a corner or the middle.
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

    /// The name in canonical text.
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
