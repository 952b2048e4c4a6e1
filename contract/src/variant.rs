//! The variant of an original. Its canonical text is the last segment of the variant's path, which is the key of the
//! CDN's cache and of the variants bucket.

use crate::color::Color;
use crate::format::FormatChoice;

pub mod canonical;
mod mark;
mod values;
mod version;

pub use mark::VariantMark;
pub use values::{
    Crop, CropAnchor, Cutout, Fit, FocalPoint, FrameNumber, Gravity, MAX_SIDE, Quality, QualityChoice, Side,
    Trim, Turn,
};
pub use version::Version;

/// The parameters that decide the pixels and bytes of a variant.
///
/// A variant is always canonical, so that requests for the same bytes have the same text. A fit other than [`Fit::Max`]
/// and [`Fit::Clip`] has both sides, a focal point in the middle becomes [`Gravity::Center`], only formats with a
/// quality have one, and [`FormatChoice::Info`] has no other parameter than the version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    width: Option<Side>,
    height: Option<Side>,
    fit: Fit,
    cutout: Option<Cutout>,
    turn: Turn,
    trim: Option<Trim>,
    is_linear: bool,
    blur: u16,
    sharpness: u8,
    mark: Option<VariantMark>,
    background: Option<Color>,
    quality: Option<QualityChoice>,
    is_lossless: bool,
    frame: Option<FrameNumber>,
    moment: u32,
    is_explained: bool,
    version: Option<Version>,
    format: FormatChoice,
}

impl Variant {
    /// The strongest blur, on imgix' scale.
    pub const MAX_BLUR: u16 = 2000;

    /// The strongest sharpening, on imgix' scale.
    pub const MAX_SHARPNESS: u8 = 100;

    /// The latest moment of a video, in seconds: the longest duration that a policy allows.
    pub const MAX_MOMENT_SECONDS: u32 = 172_800;

    /// The whole picture, in a format.
    pub const fn new(format: FormatChoice) -> Self {
        Self {
            width: None,
            height: None,
            fit: Fit::Max,
            cutout: None,
            turn: Turn::new(0, false, false),
            trim: None,
            is_linear: false,
            blur: 0,
            sharpness: 0,
            mark: None,
            background: None,
            quality: None,
            is_lossless: false,
            frame: None,
            moment: 0,
            is_explained: false,
            version: None,
            format,
        }
    }

    /// Sets the sides and the fit. With one side, a fit that may enlarge becomes [`Fit::Clip`] and every other fit
    /// [`Fit::Max`]. Without sides the fit is [`Fit::Max`].
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

    /// Sets the part of the upright source that is cut out first.
    #[must_use]
    pub fn with_cutout(mut self, cutout: Option<Cutout>) -> Self {
        self.cutout = cutout.filter(|_| !self.is_info());
        self
    }

    /// Sets the turn, which comes before scaling.
    #[must_use]
    pub fn with_turn(mut self, turn: Turn) -> Self {
        self.turn = if self.is_info() { Turn::default() } else { turn };
        self
    }

    /// Sets the uniform border that is removed.
    #[must_use]
    pub fn with_trim(mut self, trim: Option<Trim>) -> Self {
        self.trim = trim.filter(|_| !self.is_info());
        self
    }

    /// If `true`, the picture is made smaller in linear light.
    #[must_use]
    pub fn with_linear_light(mut self, is_linear: bool) -> Self {
        self.is_linear = is_linear && !self.is_info();
        self
    }

    /// Sets the blur, 0 (none) to [`Variant::MAX_BLUR`]; larger values are clamped.
    #[must_use]
    pub fn with_blur(mut self, blur: u32) -> Self {
        let blur = u16::try_from(blur).unwrap_or(Self::MAX_BLUR).min(Self::MAX_BLUR);
        self.blur = if self.is_info() { 0 } else { blur };
        self
    }

    /// Sets the sharpening, 0 (none) to [`Variant::MAX_SHARPNESS`]; larger values are clamped.
    #[must_use]
    pub fn with_sharpening(mut self, sharpness: u32) -> Self {
        let sharpness = u8::try_from(sharpness).unwrap_or(Self::MAX_SHARPNESS).min(Self::MAX_SHARPNESS);
        self.sharpness = if self.is_info() { 0 } else { sharpness };
        self
    }

    /// Sets the mark that is laid over the picture.
    #[must_use]
    pub fn with_mark(mut self, mark: Option<VariantMark>) -> Self {
        self.mark = mark.filter(|_| !self.is_info());
        self
    }

    /// Sets the colour under transparency and around a filled picture.
    #[must_use]
    pub fn with_background(mut self, background: Option<Color>) -> Self {
        self.background = background.filter(|_| !self.is_info());
        self
    }

    /// Sets the quality, if the format has one and isn't lossless.
    #[must_use]
    pub fn with_quality(mut self, quality: Option<QualityChoice>) -> Self {
        self.quality = quality.filter(|_| self.format.has_quality() && !self.is_lossless);
        self
    }

    /// Makes WebP lossless, and removes the quality then. Other formats don't change.
    #[must_use]
    pub fn with_lossless(mut self) -> Self {
        self.is_lossless = self.format.may_be_lossless_webp();
        let quality = self.quality;
        self.with_quality(quality)
    }

    /// Sets the frame of an animation to render as a still.
    #[must_use]
    pub fn with_frame(mut self, frame: Option<FrameNumber>) -> Self {
        self.frame = frame.filter(|_| !self.is_info());
        self
    }

    /// Sets the moment of a video, in seconds, 0 to [`Variant::MAX_MOMENT_SECONDS`]; larger values are clamped.
    #[must_use]
    pub fn with_moment(mut self, seconds: u32) -> Self {
        self.moment = if self.is_info() { 0 } else { seconds.min(Self::MAX_MOMENT_SECONDS) };
        self
    }

    /// If `true`, the response explains the variant as JSON instead of containing the picture.
    #[must_use]
    pub fn with_explanation(mut self, is_explained: bool) -> Self {
        self.is_explained = is_explained && !self.is_info();
        self
    }

    /// Sets the version of the source.
    #[must_use]
    pub fn with_version(mut self, version: Option<Version>) -> Self {
        self.version = version;
        self
    }

    /// The requested width, multiplied by `dpr`.
    pub const fn width(&self) -> Option<Side> {
        self.width
    }

    /// The requested height, multiplied by `dpr`.
    pub const fn height(&self) -> Option<Side> {
        self.height
    }

    /// The method of fitting the picture into width and height.
    pub const fn fit(&self) -> Fit {
        self.fit
    }

    /// The part of the upright source that is cut out first.
    pub const fn cutout(&self) -> Option<Cutout> {
        self.cutout
    }

    /// The turn after cutting.
    pub const fn turn(&self) -> Turn {
        self.turn
    }

    /// The uniform border that is removed.
    pub const fn trim(&self) -> Option<Trim> {
        self.trim
    }

    /// `true` if the picture is made smaller in linear light.
    pub const fn is_linear(&self) -> bool {
        self.is_linear
    }

    /// Blur strength, 0 (none) to [`Variant::MAX_BLUR`].
    pub const fn blur(&self) -> u16 {
        self.blur
    }

    /// Sharpening strength, 0 (none) to [`Variant::MAX_SHARPNESS`].
    pub const fn sharpness(&self) -> u8 {
        self.sharpness
    }

    /// The mark that is laid over the picture.
    pub const fn mark(&self) -> Option<&VariantMark> {
        self.mark.as_ref()
    }

    /// The colour under transparency and around a filled picture.
    pub const fn background(&self) -> Option<Color> {
        self.background
    }

    /// The encoder's quality. `None` stands for the policy's default for the format.
    pub const fn quality(&self) -> Option<QualityChoice> {
        self.quality
    }

    /// `true` if WebP is encoded without loss.
    pub const fn is_lossless(&self) -> bool {
        self.is_lossless
    }

    /// The frame of an animation to render as a still. `None` keeps all frames if the format can hold them.
    pub const fn frame(&self) -> Option<FrameNumber> {
        self.frame
    }

    /// The moment of a video, in seconds. It applies to the key of a video's frames only.
    pub const fn moment(&self) -> u32 {
        self.moment
    }

    /// `true` if the response explains the variant as JSON instead of rendering it.
    pub const fn is_explained(&self) -> bool {
        self.is_explained
    }

    /// The version of the source, if a signed link names one. It changes the path and nothing else.
    pub const fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// The output format.
    pub const fn format(&self) -> FormatChoice {
        self.format
    }

    /// `true` if the variant describes the source as JSON.
    fn is_info(&self) -> bool {
        self.format == FormatChoice::Info
    }
}
