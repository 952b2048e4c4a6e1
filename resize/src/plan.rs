//! The plan of a variant: all decisions, computed from the header before any pixel is decoded.
//!
//! A plan has four parts, in the order of the steps that execute them: [`decode`], [`frame`], [`finish`] and
//! [`output`]. [`geometry`] computes which part of the picture is shown at which size, and `memory` predicts what the
//! plan takes.

pub mod decode;
pub mod finish;
pub mod frame;
pub mod geometry;
pub mod jpeg;
pub mod output;

mod avif;
mod density;
mod drawing;
pub(crate) mod heif;
pub(crate) mod memory;
pub(crate) mod planes;
mod time;

use contract::variant::Variant;

use crate::error::Error;
use crate::settings::Settings;
use crate::source::Source;
use decode::DecodePlan;
use finish::FinishPlan;
use frame::FramePlan;
use geometry::{Framing, clamp_cutout};
use memory::admit_memory;
use output::OutputPlan;

/// The plan of a variant. [`Plan::new`] is the only way to make one: so every plan fits into the memory limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The step from source bytes to pixels or planes.
    pub decode: DecodePlan,
    /// The step from the decoded picture to the variant's size.
    pub frame: FramePlan,
    /// The steps on a picture of the variant's size.
    pub finish: FinishPlan,
    /// The step from the picture to the file.
    pub output: OutputPlan,
    peak_bytes: u64,
}

impl Plan {
    /// Plans a variant of a source. A border to trim and a crop by content depend on the pixels:
    /// [`preview::resolve`](crate::preview::resolve) replaces them by a cutout and a focal point first. This function
    /// ignores a border to trim, and keeps the middle for a crop by content.
    ///
    /// # Errors
    /// The source lacks the requested frame, the requested cutout lies outside the picture, or the plan takes more
    /// memory than the limit.
    pub fn new(source: &Source<'_>, variant: &Variant, settings: &Settings) -> Result<Self, Error> {
        let info = source.info();
        info.admit_frame(variant.frame())?;
        let variant = &clamp_cutout(variant, info.upright_size())?;

        let longest = settings.limits.output_side;
        let picture = drawing::upright_size(info, variant, longest);
        let framing = Framing::new(info.upright_size(), picture, variant, longest);
        let target = framing.target(info.orientation, variant);
        let output = OutputPlan::new(info, variant, &framing, settings);
        let finish = FinishPlan::new(info, variant, &framing, output.format);
        let decode = DecodePlan::new(info, variant, &target, output.is_lossy(), settings);
        let frame = FramePlan::new(info, &target, &decode, &finish, output.is_lossy());

        let peak_bytes = memory::peak_bytes(source, &decode, &frame, &finish, &output);
        admit_memory(&settings.limits, peak_bytes)?;
        Ok(Self { decode, frame, finish, output, peak_bytes })
    }

    /// Predicted peak of the memory that the source file and all steps take together, in bytes.
    pub const fn peak_bytes(&self) -> u64 {
        self.peak_bytes
    }
}

#[cfg(test)]
mod tests;
