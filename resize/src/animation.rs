//! Pictures that move: frame by frame from source to output, so that never more than a canvas of each is held.

pub(crate) mod apng;

mod canvas;

pub(crate) mod gif;

mod output;

pub(crate) mod webp;

use contract::variant::FrameNumber;

use crate::error::Error;
use crate::pipeline::transform;
use crate::pixels::frame::Frame;
use crate::pixels::{Pixels, Size};
use crate::plan::Plan;
use crate::source::info::{SourceFormat, SourceInfo};
use crate::stopwatch::{Step, Stopwatch};
use output::Output;

/// The animation as the plan has it, encoded, and its size. Its frames take the same steps as a still. Where the
/// source breaks off, the frames before are the animation.
pub(crate) fn render(
    bytes: &[u8],
    source: &SourceInfo,
    plan: &Plan,
    watch: &mut Stopwatch,
) -> Result<(Vec<u8>, Size), Error> {
    let mut output = Output::new(plan, source.animation.and_then(|animation| animation.plays))?;
    for frame in frames(bytes, source)? {
        let Frame { pixels, milliseconds } = frame?;
        watch.lap(Step::Decode)?;
        let pixels = transform(pixels, source, plan)?;
        watch.lap(Step::Resize)?;
        output.add(pixels, milliseconds)?;
        watch.lap(Step::Encode)?;
    }
    output.finish()
}

/// One frame of an animation, as it is stored; the first where the plan names none.
pub(crate) fn still(
    bytes: &[u8],
    source: &SourceInfo,
    plan: &Plan,
    watch: &mut Stopwatch,
) -> Result<Pixels, Error> {
    let number = plan.frame.map_or(1, FrameNumber::get);
    for (frame, at) in frames(bytes, source)?.zip(1..) {
        let Frame { pixels, .. } = frame?;
        watch.lap(Step::Decode)?;
        if at == number {
            return Ok(pixels);
        }
    }
    Err(Error::Damaged("it breaks off before the frame".to_owned()))
}

type Frames<'a> = Box<dyn Iterator<Item = Result<Frame, Error>> + 'a>;

/// The frames of a source, as many as are whole: an error is the first item, or there is none.
fn frames<'a>(bytes: &'a [u8], source: &SourceInfo) -> Result<Frames<'a>, Error> {
    let most = source.frames() as usize;
    let size = source.size;
    Ok(match source.format {
        SourceFormat::Gif => whole(gif::frames(bytes, size)?.take(most)),
        SourceFormat::Png => whole(apng::frames(bytes, size)?.take(most)),
        SourceFormat::Webp(_) => whole(webp::frames(bytes, size)?.take(most)),
        SourceFormat::Jpeg(_)
        | SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Avif(_)
        | SourceFormat::Svg
        | SourceFormat::Jxl => return Err(Error::Internal("a still was taken for an animation".to_owned())),
    })
}

/// Ends before the first frame that fails, unless it is the first of all.
fn whole<'a>(frames: impl Iterator<Item = Result<Frame, Error>> + 'a) -> Frames<'a> {
    let frames = frames.enumerate().take_while(|(index, frame)| *index == 0 || frame.is_ok());
    Box::new(frames.map(|(_, frame)| frame))
}
