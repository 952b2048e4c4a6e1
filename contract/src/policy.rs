//! The operator's policy: the access of unsigned requests, and defaults for the encoders.

use std::collections::BTreeMap;

use crate::error::RequestError;
use crate::format::{Format, FormatChoice};
use crate::mark::Mark;
use crate::preset::Preset;
use crate::query::{QueryValues, reject_misspelt, reject_unknown};
use crate::ratio::Ratio;
use crate::variant::{MAX_SIDE, Quality, Side, Variant};

/// The rules of the grammar. The edge function and the Rust services read the same rules from
/// `cdn-config/policy.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The access of unsigned requests.
    pub unsigned: UnsignedAccess,
    /// The treatment of unknown parameters.
    pub unknown: UnknownParameters,
    /// The widths that unsigned requests get, ascending. Other widths are rounded up to the next rung. The sides of a
    /// box are rounded in the same way.
    pub ladder: Vec<Side>,
    /// The shapes that unsigned requests may crop a picture to. The height follows from the width.
    pub shapes: Vec<Ratio>,
    /// The qualities that unsigned requests get, ascending. Others are rounded up to the next step.
    pub qualities: Vec<Quality>,
    /// The encoder's quality for requests without `q`. It takes the place of the highest step that isn't above it.
    pub default_qualities: DefaultQualities,
    /// Presets by name. Every request may name one.
    pub presets: BTreeMap<String, Preset>,
    /// Marks by name.
    pub marks: BTreeMap<String, Mark>,
}

/// The parameters that unsigned requests may use, from the strictest level to the most open one. Each level includes
/// the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnsignedAccess {
    /// Only presets, with `fm`.
    Presets,
    /// Also `w` on the ladder, `dpr`, `q` from the list, `fm`.
    Widths,
    /// Also `h` on the ladder, and `fit=crop` to a shape of the list with `crop` at an edge or in a corner.
    Sizes,
    /// Every parameter at any size and quality: the number of variants has no bound.
    Open,
}

impl UnsignedAccess {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::Presets, Self::Widths, Self::Sizes, Self::Open];

    /// The level's name in the policy.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Presets => "presets",
            Self::Widths => "widths",
            Self::Sizes => "sizes",
            Self::Open => "open",
        }
    }
}

/// The treatment of parameters that the grammar doesn't know, such as `utm_source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnknownParameters {
    /// The request is handled as if it didn't have them.
    Ignore,
    /// The request is refused, and the error names the parameter.
    Reject,
}

/// The trade-off between image quality and time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Quality first: JPEGs are decoded with at least 1.5 samples for each output pixel, in each dimension.
    #[default]
    Standard,
    /// Time first: at least 1.25 samples.
    Fast,
    /// Nearest to the source: pictures are made smaller in linear light, as `light=linear` asks for.
    Faithful,
}

/// The encoder's quality for requests without `q`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultQualities {
    /// The quality for JPEG.
    pub jpeg: Quality,
    /// The quality for WebP.
    pub webp: Quality,
    /// The quality for AVIF.
    pub avif: Quality,
}

impl DefaultQualities {
    /// The default quality of a format; [`Quality::MAX`] for a format without a quality.
    pub const fn of(&self, format: Format) -> Quality {
        match format {
            Format::Jpeg => self.jpeg,
            Format::Webp => self.webp,
            Format::Avif => self.avif,
            Format::Png | Format::Gif => Quality::MAX,
        }
    }
}

impl Rules {
    /// The rung of the ladder for `side`: the next one up, or the highest. An empty ladder changes nothing.
    pub fn rung(&self, side: Side) -> Side {
        next_up(&self.ladder, side)
    }

    /// The sides of a shape for unsigned requests. The width is the rung for `width`, in pixels, or the highest lower
    /// rung with which no side is above [`MAX_SIDE`]. The height follows from the shape. If the height is too large
    /// even for the lowest rung, both sides become smaller.
    pub(crate) fn shaped(&self, width: u64, shape: Ratio) -> (Side, Side) {
        let rung = self.rung(u32::try_from(width).ok().and_then(Side::clamped).unwrap_or(Side::MAX));
        let height_of = |rung: Side| shape.height_of(rung.pixels().into());
        let is_low = |step: &Side| *step <= rung && height_of(*step) <= MAX_SIDE.into();
        let width =
            self.ladder.iter().copied().rfind(is_low).or(self.ladder.first().copied()).unwrap_or(rung);
        shape.limited(width.pixels().into(), height_of(width))
    }

    /// The step for `quality`: the next one up, or the highest. `None` for the format's default quality, which takes the
    /// place of the highest step that isn't above it. An empty list changes nothing but the default.
    pub fn quality_step(&self, quality: Quality, choice: FormatChoice) -> Option<Quality> {
        let default = self.default_qualities.of(choice.format_with_quality()?);
        let replaced = self.qualities.iter().copied().rfind(|step| *step <= default);
        let of_format = |step: &Quality| if Some(*step) == replaced { default } else { *step };
        let steps: Vec<Quality> = self.qualities.iter().map(of_format).collect();
        Some(next_up(&steps, quality)).filter(|step| *step != default)
    }

    /// The variant with the present version of its mark.
    ///
    /// # Errors
    /// The policy has no mark of that name.
    pub(crate) fn with_version_of_mark(&self, variant: Variant) -> Result<Variant, RequestError> {
        let Some(named) = variant.mark().cloned() else { return Ok(variant) };
        let mark = self.marks.get(named.name()).ok_or_else(|| RequestError::invalid_value("mark"))?;
        Ok(variant.with_mark(Some(named.with_version(mark.version()))))
    }

    /// The values of a query that is still percent-encoded.
    pub(crate) fn parse_query(&self, query: &str) -> Result<QueryValues, RequestError> {
        reject_misspelt(query)?;
        match self.unknown {
            UnknownParameters::Ignore => {}
            UnknownParameters::Reject => reject_unknown(query)?,
        }
        QueryValues::parse(query)
    }

    /// Adds the values of the preset that the query names. Values of the query win.
    pub(crate) fn expand_preset(&self, values: QueryValues) -> Result<QueryValues, RequestError> {
        let Some(name) = values.text("preset") else { return Ok(values) };
        let preset = self.presets.get(name).ok_or_else(|| RequestError::invalid_value("preset"))?;
        Ok(values.or(preset.query_values()))
    }
}

/// The first of `steps`, ascending, that is at least `value`; else the last; `value` itself if there are no steps.
fn next_up<T: Copy + Ord>(steps: &[T], value: T) -> T {
    steps.iter().copied().find(|step| *step >= value).or(steps.last().copied()).unwrap_or(value)
}
