//! What an operator allows unsigned requests to ask for, and how variants are made.

use std::collections::BTreeMap;

use crate::color::Color;
use crate::format::Format;
use crate::preset::Preset;
use crate::variant::{Quality, Side};

mod count;

pub use count::variants_per_source;

/// The rules of the grammar. Built from `cdn-config/policy.json`, the same for the edge function and for Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How much an unsigned request may ask for.
    pub unsigned: UnsignedAccess,
    /// Whether an unknown parameter is refused or passed over.
    pub unknown: UnknownParameters,
    /// The widths and heights that unsigned requests get, ascending. Others are rounded up to the next.
    pub ladder: Vec<Side>,
    /// The qualities that unsigned requests get, ascending. Others are rounded up to the next.
    pub qualities: Vec<Quality>,
    /// The backgrounds that unsigned requests may name.
    pub backgrounds: Vec<Color>,
    /// Named sets of parameters, which any request may ask for.
    pub presets: BTreeMap<String, Preset>,
}

/// How much an unsigned request may ask for, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnsignedAccess {
    /// Presets, with `fm`.
    Presets,
    /// Also `w` on the ladder, `dpr`, `q` of the list or `auto`, `fm`.
    Widths,
    /// Also `h` on the ladder, `fit=max` and `fit=crop`, `crop` at an edge or in a corner, `rot`, `flip`, `bg` of
    /// the list.
    Sizes,
    /// Everything, at any size and quality: unbounded.
    Open,
}

impl UnsignedAccess {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::Presets, Self::Widths, Self::Sizes, Self::Open];

    /// Its spelling in the policy.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Presets => "presets",
            Self::Widths => "widths",
            Self::Sizes => "sizes",
            Self::Open => "open",
        }
    }
}

/// What becomes of a parameter that no rule knows, such as `utm_source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnknownParameters {
    /// Passed over.
    Ignore,
    /// Refused with its name.
    Reject,
}

/// What comes first where looks and time are at odds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Looks: JPEGs are decoded with at least 1.5 samples for each one shown.
    #[default]
    Standard,
    /// Time: with at least 1.25.
    Fast,
}

/// The encoder's quality where a request names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultQualities {
    /// For JPEG.
    pub jpeg: Quality,
    /// For WebP.
    pub webp: Quality,
    /// For AVIF.
    pub avif: Quality,
}

impl DefaultQualities {
    /// The quality of a format that has one.
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
    /// The rung of the ladder for `side`: the next one up, or the highest.
    pub fn rung(&self, side: Side) -> Side {
        next_up(&self.ladder, side)
    }

    /// The quality of the list for `quality`: the next one up, or the highest.
    pub fn quality_step(&self, quality: Quality) -> Quality {
        next_up(&self.qualities, quality)
    }
}

/// The first of `steps`, ascending, that is at least `value`; else the last; `value` itself of no steps.
fn next_up<T: Copy + Ord>(steps: &[T], value: T) -> T {
    steps.iter().copied().find(|step| *step >= value).or(steps.last().copied()).unwrap_or(value)
}
