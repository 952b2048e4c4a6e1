//! The steps of a request: open, preview, plan, decode, transform, encode.

use std::time::Duration;

use contract::format::Format;
use contract::variant::Variant;

use crate::decode::decode;
use crate::decode::frames::frames;
use crate::encode::animation::AnimationEncoder;
use crate::encode::encode;
use crate::encode::notices::with_notices;
use crate::error::Error;
use crate::mark::{MarkFile, Marking};
use crate::pixels::Size;
use crate::pixels::frame::Frame;
use crate::pixels::picture::Decoded;
use crate::pixels::rect::Rect;
use crate::plan::Plan;
use crate::prediction::predicted_time;
use crate::preview;
use crate::rewrite::rewrite;
use crate::settings::Settings;
use crate::source::Source;
use crate::source::file::File;
use crate::source::notices::Notices;
use crate::steps::transform;
use crate::stopwatch::{Step, Stopwatch};

/// An encoded variant.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// The file's format.
    pub format: Format,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The size to which the source was decoded, as it is stored.
    pub decoded: Size,
    /// The part of the decoded picture that was shown.
    pub shown: Rect,
    /// The size to which that part was resampled, before it was turned.
    pub resampled: Size,
    /// The time that was predicted for all steps and for fetching the source ([`predicted_time`]).
    pub predicted: Duration,
    /// The duration of each step.
    pub laps: Vec<(Step, Duration)>,
}

/// Renders `variant` of the file in `bytes`.
///
/// # Errors
/// The source is damaged, unsupported or exceeds a limit, or the deadline of `watch` has passed.
pub fn render(
    bytes: &[u8],
    variant: &Variant,
    settings: &Settings,
    watch: Stopwatch,
) -> Result<Encoded, Error> {
    render_file(File::Whole(bytes), variant, None, settings, watch)
}

/// Does the same as [`render`] for a file that may still be arriving, and for a variant that has a mark of the policy. A JPEG is
/// decoded while it arrives, and of a progressive one the bytes that the variant doesn't need are not awaited.
///
/// # Errors
/// Those of [`render`]; [`Error::Interrupted`] if the file doesn't arrive; [`Error::Mark`] if the mark's picture can't be drawn.
pub fn render_file(
    file: File<'_>,
    variant: &Variant,
    mark: Option<MarkFile<'_>>,
    settings: &Settings,
    mut watch: Stopwatch,
) -> Result<Encoded, Error> {
    let marking = Marking::new(variant, mark, settings)?;
    let source = Source::open_page(file, variant.frame(), &settings.limits)?;
    // Without the border that is trimmed, a variant may fit into limits that this plan exceeds.
    let predicted = predicted_time(&source, file.length() as u64, variant, settings).unwrap_or_default();
    let variant = preview::resolve(&source, variant, settings, &mut watch)?;
    let plan = Plan::new(&source, &variant, settings)?;
    watch.planned(plan.peak_bytes())?;

    let (encoded, size) = if plan.output.is_animated {
        render_frames(&source, &plan, marking, &mut watch)?
    } else {
        render_still(&source, &plan, marking, &mut watch)?
    };
    let notices = Notices::of(&source, plan.output.keeps_credit)?;
    let may_serve_source = plan.output.may_serve_source && notices.is_none();
    let encoded = match notices {
        Some(notices) => with_notices(encoded, &notices, plan.output.format)?,
        None => encoded,
    };
    let is_source_smaller = may_serve_source && file.length() < encoded.len();
    let rewritten = if is_source_smaller { rewrite(file.whole()?, source.info()) } else { None };
    let rewritten = rewritten.filter(|rewritten| rewritten.len() < encoded.len());
    let (bytes, format) = match (rewritten, source.info().format.as_output()) {
        (Some(rewritten), Some(format)) => (rewritten, format),
        (Some(_) | None, _) => (encoded, plan.output.format),
    };
    watch.lap(Step::Encode)?;

    let (width, height) = (size.width(), size.height());
    let (decoded, shown, resampled) = (plan.decode.size, plan.frame.shown, plan.frame.resampled);
    Ok(Encoded {
        bytes,
        format,
        width,
        height,
        decoded,
        shown,
        resampled,
        predicted,
        laps: watch.into_laps(),
    })
}

fn render_still(
    source: &Source<'_>,
    plan: &Plan,
    mut marking: Marking<'_>,
    watch: &mut Stopwatch,
) -> Result<(Vec<u8>, Size), Error> {
    let decoded = decode(source, &plan.decode, watch)?;
    watch.lap(Step::Decode)?;
    let picture = transform(decoded, source.info().profile_of_pixels(), &plan.frame, &plan.finish)?;
    let picture = marking.lay(picture, watch)?;
    watch.lap(Step::Resize)?;
    Ok((encode(&picture, &plan.output)?, picture.size()))
}

/// Renders an animation frame by frame, so that only one canvas of the source and one of the variant are in memory. If
/// the source is truncated, the animation consists of the complete frames.
fn render_frames(
    source: &Source<'_>,
    plan: &Plan,
    mut marking: Marking<'_>,
    watch: &mut Stopwatch,
) -> Result<(Vec<u8>, Size), Error> {
    let info = source.info();
    let plays = info.animation.and_then(|animation| animation.plays);
    let mut encoder = AnimationEncoder::new(&plan.output, plays)?;
    for frame in frames(source)? {
        let Frame { pixels, milliseconds } = frame?;
        watch.lap(Step::Decode)?;
        let decoded = Decoded::Pixels(pixels);
        let picture = transform(decoded, info.profile_of_pixels(), &plan.frame, &plan.finish)?;
        let picture = marking.lay(picture, watch)?;
        watch.lap(Step::Resize)?;
        encoder.add(picture.into_pixels()?, milliseconds)?;
        watch.lap(Step::Encode)?;
    }
    encoder.finish()
}

#[cfg(test)]
mod tests;
