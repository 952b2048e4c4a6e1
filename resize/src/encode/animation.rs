//! Encodes frames as an animation.

use std::num::NonZeroU16;

use codecs::View;
use codecs::webp::animation::{Encoder, Loss};
use contract::format::Format;
use contract::variant::QualityChoice;

use super::auto_quality::choose;
use super::auto_quality::features::Features;
use super::gif::GifEncoder;
use crate::error::Error;
use crate::pixels::{Channels, Pixels, Size};
use crate::plan::output::OutputPlan;

/// The encoder of an animation, whose size is that of its first frame.
pub(crate) struct AnimationEncoder {
    plays: Option<NonZeroU16>,
    kind: Kind,
    encoding: Option<(Size, Encoding)>,
}

#[derive(Clone, Copy)]
enum Kind {
    LosslessWebp,
    Webp(QualityChoice),
    Gif,
}

enum Encoding {
    Webp(Encoder),
    Gif(GifEncoder),
}

impl AnimationEncoder {
    /// An encoder for the planned format. The animation plays `plays` times, or forever if that is `None`.
    pub(crate) fn new(plan: &OutputPlan, plays: Option<NonZeroU16>) -> Result<Self, Error> {
        let kind = match plan.format {
            Format::Webp if plan.is_lossless => Kind::LosslessWebp,
            Format::Webp => Kind::Webp(plan.quality),
            Format::Gif => Kind::Gif,
            Format::Jpeg | Format::Png | Format::Avif => {
                return Err(Error::Internal("an animation for a format without animations".to_owned()));
            }
        };
        Ok(Self { plays, kind, encoding: None })
    }

    /// Adds a frame.
    pub(crate) fn add(&mut self, pixels: Pixels, milliseconds: u32) -> Result<(), Error> {
        let size = pixels.size;
        let (first_size, encoding) = match &mut self.encoding {
            Some(encoding) => encoding,
            none => none.insert((size, begin(self.kind, &pixels, self.plays)?)),
        };
        if size != *first_size {
            return Err(Error::Internal("a frame has another size than the first".to_owned()));
        }
        let pixels = to_rgba(pixels);
        match encoding {
            Encoding::Webp(encoder) => {
                let (width, height) = (size.width(), size.height());
                encoder.add(View { samples: &pixels.samples, width, height }, milliseconds)?;
                Ok(())
            }
            Encoding::Gif(encoder) => encoder.add(&pixels, milliseconds),
        }
    }

    /// The file and its size in pixels.
    pub(crate) fn finish(self) -> Result<(Vec<u8>, Size), Error> {
        let (size, encoding) = self.encoding.ok_or_else(|| Error::Damaged("there is no frame".to_owned()))?;
        let bytes = match encoding {
            Encoding::Webp(encoder) => encoder.finish()?,
            Encoding::Gif(encoder) => encoder.finish()?,
        };
        Ok((bytes, size))
    }
}

/// Starts a file with the size of the first frame. An automatic quality is chosen by that frame.
fn begin(kind: Kind, first: &Pixels, plays: Option<NonZeroU16>) -> Result<Encoding, Error> {
    let size = first.size;
    let webp = |loss| Encoder::new(size.width(), size.height(), plays, loss);
    Ok(match kind {
        Kind::LosslessWebp => Encoding::Webp(webp(Loss::Nothing)?),
        Kind::Webp(choice) => {
            let quality = choose(choice, Format::Webp, || Features::of_pixels(first));
            Encoding::Webp(webp(Loss::Quality(quality))?)
        }
        Kind::Gif => Encoding::Gif(GifEncoder::new(size, plays)?),
    })
}

fn to_rgba(pixels: Pixels) -> Pixels {
    match pixels.channels {
        Channels::Gray => pixels.map(Channels::Rgba, |[gray]| [gray, gray, gray, 255]),
        Channels::GrayAlpha => pixels.map(Channels::Rgba, |[gray, alpha]| [gray, gray, gray, alpha]),
        Channels::Rgb => pixels.map(Channels::Rgba, |[red, green, blue]| [red, green, blue, 255]),
        Channels::Rgba | Channels::Cmyk => pixels,
    }
}
