//! The frames of an animated WebP.

use codecs::webp::animation::Decoder;

use crate::error::Error;
use crate::pixels::frame::{Frame, displayed_milliseconds};
use crate::pixels::{Channels, Pixels, Size};

/// The frames on a canvas of `size`.
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
