//! The frames of an animated PNG (Portable Network Graphics Specification, Third Edition, section 11.3.5).

use std::io::Cursor;

use png::{BlendOp, ColorType, DecodingError, DisposeOp, FrameControl, Reader, Transformations};

use super::canvas::{Blend, Canvas, Disposal, Layer};
use crate::error::Error;
use crate::pixels::Size;
use crate::pixels::frame::{Frame, displayed_milliseconds};
use crate::source::png::{damaged, open_as};

/// The frames on a canvas of `size`. A default picture that isn't part of the animation is skipped.
pub(super) fn frames(
    bytes: &[u8],
    size: Size,
) -> Result<impl Iterator<Item = Result<Frame, Error>> + '_, Error> {
    let expanded = Transformations::EXPAND | Transformations::STRIP_16 | Transformations::ALPHA;
    let mut reader = open_as(bytes, expanded)?;
    let buffer_bytes = reader.output_buffer_size().ok_or(Error::Unsupported("the PNG is too large"))?;
    let mut buffer = vec![0; buffer_bytes];
    if reader.info().frame_control.is_none() {
        reader.next_frame(&mut buffer).map_err(damaged)?;
    }
    let mut canvas = Canvas::new(size);
    Ok(std::iter::from_fn(move || Some(next(&mut reader, &mut buffer, &mut canvas))))
}

fn next(reader: &mut Reader<Cursor<&[u8]>>, buffer: &mut [u8], canvas: &mut Canvas) -> Result<Frame, Error> {
    let shape = reader.next_frame(buffer).map_err(|error| match error {
        // The header promises more frames than the file has.
        DecodingError::Parameter(_) => Error::Damaged("a frame is missing".to_owned()),
        DecodingError::IoError(_) | DecodingError::Format(_) | DecodingError::LimitsExceeded => {
            damaged(error)
        }
    })?;
    let control =
        *reader.info().frame_control().ok_or_else(|| Error::Damaged("a frame has no control".to_owned()))?;
    let samples = buffer.get(..shape.buffer_size()).unwrap_or_default();
    let pixels: Vec<[u8; 4]> = match shape.color_type {
        ColorType::GrayscaleAlpha => {
            samples.as_chunks::<2>().0.iter().map(|[gray, alpha]| [*gray, *gray, *gray, *alpha]).collect()
        }
        ColorType::Rgba => samples.as_chunks::<4>().0.to_vec(),
        ColorType::Grayscale | ColorType::Rgb | ColorType::Indexed => {
            return Err(Error::Internal("a PNG was left without alpha".to_owned()));
        }
    };
    let layer = Layer {
        left: control.x_offset as usize,
        top: control.y_offset as usize,
        width: shape.width as usize,
        height: shape.height as usize,
        blend: match control.blend_op {
            BlendOp::Source => Blend::Replace,
            BlendOp::Over => Blend::Over,
        },
        disposal: match control.dispose_op {
            DisposeOp::None => Disposal::Keep,
            DisposeOp::Background => Disposal::Clear,
            DisposeOp::Previous => Disposal::Restore,
        },
    };
    Ok(Frame {
        pixels: canvas.draw(layer, pixels.chunks(layer.width.max(1)).map(|row| row.iter().copied())),
        milliseconds: displayed_milliseconds(delay_milliseconds(&control)),
    })
}

/// The delay in milliseconds. A denominator of 0 means hundredths of a second.
fn delay_milliseconds(control: &FrameControl) -> u32 {
    let denominator = if control.delay_den == 0 { 100 } else { u32::from(control.delay_den) };
    (u32::from(control.delay_num) * 1000 + denominator / 2) / denominator
}
