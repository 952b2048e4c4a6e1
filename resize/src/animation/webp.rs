//! The frames of an animated WebP.

use std::num::NonZeroU16;

use codecs::webp::animation::Decoder;

use super::Animation;
use crate::error::Error;
use crate::pixels::frame::{Frame, displayed_milliseconds};
use crate::pixels::{Channels, Pixels, Size};
use crate::source::riff;

/// What the chunks say of an animated WebP.
pub(crate) fn header(bytes: &[u8]) -> Result<Animation, Error> {
    let frames = riff::chunks(bytes).filter(|(name, _)| name == b"ANMF").count();
    let plays = match riff::chunk(bytes, *b"ANIM") {
        Some([_, _, _, _, low, high, ..]) => NonZeroU16::new(u16::from_le_bytes([*low, *high])),
        _ => None,
    };
    match u32::try_from(frames) {
        Ok(frames @ 1..) => Ok(Animation { frames, plays }),
        _ => Err(Error::Damaged("the animation has no frames".to_owned())),
    }
}

/// The frames on their canvas of `size`.
pub(super) fn frames(
    bytes: &[u8],
    size: Size,
) -> Result<impl Iterator<Item = Result<Frame, Error>> + '_, Error> {
    let mut decoder = Decoder::new(bytes)?;
    if (decoder.width(), decoder.height()) != (size.width(), size.height()) {
        return Err(Error::Damaged("the canvas has another size than the header says".to_owned()));
    }
    Ok(std::iter::from_fn(move || next(&mut decoder, size).transpose()))
}

fn next(decoder: &mut Decoder<'_>, size: Size) -> Result<Option<Frame>, Error> {
    let canvas = decoder.next_canvas()?;
    Ok(canvas.map(|canvas| Frame {
        pixels: Pixels { samples: canvas.samples.to_vec(), size, channels: Channels::Rgba },
        milliseconds: displayed_milliseconds(canvas.milliseconds),
    }))
}
