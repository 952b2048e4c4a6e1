//! Decodes the frames of animations one by one, so that memory depends on the canvas and not on the number of frames.

mod apng;
mod canvas;
mod gif;
mod webp;

use contract::variant::FrameNumber;

use crate::error::Error;
use crate::panics::unless_it_panics;
use crate::pixels::Pixels;
use crate::pixels::frame::Frame;
use crate::source::Source;
use crate::source::info::SourceFormat;
use crate::stopwatch::{Step, Stopwatch};

/// The frames of an animation.
type Frames<'a> = Box<dyn Iterator<Item = Result<Frame, Error>> + 'a>;

/// The frames of an animation, at most as many as its header says. They end before the first damaged frame; if that is
/// the first of all, its error is the only item.
pub(crate) fn frames<'a>(source: &Source<'a>) -> Result<Frames<'a>, Error> {
    let (bytes, info) = (source.file().whole()?, source.info());
    let max_frames = info.frames() as usize;
    Ok(match info.format {
        SourceFormat::Gif => until_damaged(gif::frames(bytes, info.size)?.take(max_frames)),
        SourceFormat::Png => until_damaged(apng::frames(bytes, info.size)?.take(max_frames)),
        SourceFormat::Webp(_) => until_damaged(webp::frames(bytes, info.size)?.take(max_frames)),
        SourceFormat::Jpeg(_)
        | SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Avif(_)
        | SourceFormat::Heic(_)
        | SourceFormat::Svg
        | SourceFormat::Jxl
        | SourceFormat::Pdf(_) => {
            return Err(Error::Internal("a still was taken for an animation".to_owned()));
        }
    })
}

/// Decodes one frame of an animation, before orientation. `None` means the first frame.
pub(super) fn decode_frame(
    source: &Source<'_>,
    number: Option<FrameNumber>,
    watch: &mut Stopwatch,
) -> Result<Pixels, Error> {
    let number = number.map_or(1, FrameNumber::get);
    for (frame, at) in frames(source)?.zip(1..) {
        let Frame { pixels, .. } = frame?;
        watch.lap(Step::Decode)?;
        if at == number {
            return Ok(pixels);
        }
    }
    Err(Error::Damaged("it ends before the frame".to_owned()))
}

/// Ends the sequence before the first frame that fails, unless it is the first of all.
fn until_damaged<'a>(mut frames: impl Iterator<Item = Result<Frame, Error>> + 'a) -> Frames<'a> {
    let frames = std::iter::from_fn(move || unless_it_panics(|| frames.next().transpose()).transpose());
    let frames = frames.enumerate().take_while(|(index, frame)| *index == 0 || frame.is_ok());
    Box::new(frames.map(|(_, frame)| frame))
}
