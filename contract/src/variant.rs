//! What was asked of a source. Its canonical text is the last segment of a variant's path, and so the key of
//! the CDN's cache and of the variants bucket.

use crate::color::Color;
use crate::format::FormatChoice;

mod canonical;
mod values;
mod version;

pub use canonical::{NotCanonical, looks_canonical};
pub use values::{
    Crop, CropAnchor, Cutout, Fit, FocalPoint, FrameNumber, Gravity, MAX_SIDE, Quality, QualityChoice, Side,
    Trim, Turn,
};
pub use version::Version;

/// What was asked of a source: everything that decides the pixels and bytes that come out.
///
/// Only canonical values exist: a fit other than [`Fit::Max`] and [`Fit::Clip`] has both sides, a focal point
/// isn't the middle, a quality goes with a format that has one, and what is known of a source is the same
/// whatever else is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    width: Option<Side>,
    height: Option<Side>,
    fit: Fit,
    cutout: Option<Cutout>,
    turn: Turn,
    trim: Option<Trim>,
    blur: u16,
    sharpness: u8,
    background: Option<Color>,
    quality: Option<QualityChoice>,
    is_lossless: bool,
    frame: Option<FrameNumber>,
    is_explained: bool,
    version: Option<Version>,
    format: FormatChoice,
}

impl Variant {
    /// The strongest blur.
    pub const MAX_BLUR: u16 = 2000;

    /// The strongest sharpening.
    pub const MAX_SHARPNESS: u8 = 100;

    /// The whole picture in another format.
    pub const fn new(format: FormatChoice) -> Self {
        Self {
            width: None,
            height: None,
            fit: Fit::Max,
            cutout: None,
            turn: Turn::new(0, false, false),
            trim: None,
            blur: 0,
            sharpness: 0,
            background: None,
            quality: None,
            is_lossless: false,
            frame: None,
            is_explained: false,
            version: None,
            format,
        }
    }

    /// Scaled to meet `width` and `height`. With one side a fit that may enlarge is [`Fit::Clip`] and any other
    /// [`Fit::Max`], which it is with none.
    #[must_use]
    pub fn with_size(mut self, width: Option<Side>, height: Option<Side>, fit: Fit) -> Self {
        if self.is_info() {
            return self;
        }
        (self.width, self.height) = (width, height);
        let may_enlarge = match fit {
            Fit::Clip | Fit::Fill | Fit::Scale => true,
            Fit::Crop(crop) => crop.may_enlarge,
            Fit::Max | Fit::FillMax => false,
        };
        self.fit = match (width, height, fit) {
            (
                Some(_),
                Some(_),
                Fit::Crop(Crop { anchor: CropAnchor::FocalPoint(FocalPoint::CENTER), may_enlarge }),
            ) => Fit::Crop(Crop { anchor: CropAnchor::default(), may_enlarge }),
            (Some(_), Some(_), fit) => fit,
            (None, None, _) => Fit::Max,
            (Some(_), None, _) | (None, Some(_), _) => {
                if may_enlarge {
                    Fit::Clip
                } else {
                    Fit::Max
                }
            }
        };
        self
    }

    /// Cut out of the upright source first.
    #[must_use]
    pub fn with_cutout(mut self, cutout: Option<Cutout>) -> Self {
        self.cutout = cutout.filter(|_| !self.is_info());
        self
    }

    /// Turned, before it meets the sides.
    #[must_use]
    pub fn with_turn(mut self, turn: Turn) -> Self {
        self.turn = if self.is_info() { Turn::default() } else { turn };
        self
    }

    /// Without its uniform border.
    #[must_use]
    pub fn with_trim(mut self, trim: Option<Trim>) -> Self {
        self.trim = trim.filter(|_| !self.is_info());
        self
    }

    /// Blurred, 0 (not) to [`Variant::MAX_BLUR`]; what is over it is clamped.
    #[must_use]
    pub fn with_blur(mut self, blur: u32) -> Self {
        let blur = u16::try_from(blur).unwrap_or(Self::MAX_BLUR).min(Self::MAX_BLUR);
        self.blur = if self.is_info() { 0 } else { blur };
        self
    }

    /// Sharpened, 0 (not) to [`Variant::MAX_SHARPNESS`]; what is over it is clamped.
    #[must_use]
    pub fn with_sharpening(mut self, sharpness: u32) -> Self {
        let sharpness = u8::try_from(sharpness).unwrap_or(Self::MAX_SHARPNESS).min(Self::MAX_SHARPNESS);
        self.sharpness = if self.is_info() { 0 } else { sharpness };
        self
    }

    /// Laid over a colour.
    #[must_use]
    pub fn with_background(mut self, background: Option<Color>) -> Self {
        self.background = background.filter(|_| !self.is_info());
        self
    }

    /// Encoded at a quality, where the format has one and loses anything.
    #[must_use]
    pub fn with_quality(mut self, quality: Option<QualityChoice>) -> Self {
        self.quality = quality.filter(|_| self.format.has_quality() && !self.is_lossless);
        self
    }

    /// Encoded without loss where WebP comes out, and then at no quality.
    #[must_use]
    pub fn with_lossless(mut self) -> Self {
        self.is_lossless = self.format.may_be_lossless_webp();
        let quality = self.quality;
        self.with_quality(quality)
    }

    /// One frame of an animation, as a still.
    #[must_use]
    pub fn with_frame(mut self, frame: Option<FrameNumber>) -> Self {
        self.frame = frame.filter(|_| !self.is_info());
        self
    }

    /// Told of instead of shown, or shown again.
    #[must_use]
    pub fn with_explanation(mut self, is_explained: bool) -> Self {
        self.is_explained = is_explained && !self.is_info();
        self
    }

    /// Of this version of the source.
    #[must_use]
    pub fn with_version(mut self, version: Option<Version>) -> Self {
        self.version = version;
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

    /// What is cut out of the upright source first.
    pub const fn cutout(&self) -> Option<Cutout> {
        self.cutout
    }

    /// How it is turned then.
    pub const fn turn(&self) -> Turn {
        self.turn
    }

    /// Which border is cut off.
    pub const fn trim(&self) -> Option<Trim> {
        self.trim
    }

    /// How strongly it is blurred, 0 to [`Variant::MAX_BLUR`].
    pub const fn blur(&self) -> u16 {
        self.blur
    }

    /// How strongly it is sharpened, 0 to [`Variant::MAX_SHARPNESS`].
    pub const fn sharpness(&self) -> u8 {
        self.sharpness
    }

    /// The colour under transparency and around a filled picture.
    pub const fn background(&self) -> Option<Color> {
        self.background
    }

    /// The encoder's quality; none means the policy's for the format.
    pub const fn quality(&self) -> Option<QualityChoice> {
        self.quality
    }

    /// Whether WebP is encoded without loss.
    pub const fn is_lossless(&self) -> bool {
        self.is_lossless
    }

    /// The frame of an animation to show as a still; none means all of them, where the format can.
    pub const fn frame(&self) -> Option<FrameNumber> {
        self.frame
    }

    /// Whether it is told of, as JSON, instead of shown.
    pub const fn is_explained(&self) -> bool {
        self.is_explained
    }

    /// The version of the source, where a signed link names one. It is part of the name and changes nothing else.
    pub const fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// The format to come out.
    pub const fn format(&self) -> FormatChoice {
        self.format
    }

    /// Whether it tells of the source instead of showing it.
    fn is_info(&self) -> bool {
        self.format == FormatChoice::Info
    }
}
