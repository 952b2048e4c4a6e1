//! The samples of a TIFF's pixels, and the colours that they mean.

use std::io::Cursor;

use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::errors::UNREAD_COLORS;
use crate::error::Error;
use crate::pixels::Channels;

const UNREAD_SAMPLES: Error = Error::Unsupported(
    "only TIFF images of unsigned numbers of 1 to 16 or 32 bits, or of floats, are supported, not this one",
);

/// The meaning of the first samples of a pixel (TIFF 6.0, `PhotometricInterpretation`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colors {
    /// Gray. 0 is white.
    WhiteIsZero,
    /// Gray. 0 is black.
    BlackIsZero,
    Rgb,
    /// An index into a palette.
    Palette,
    Cmyk,
    YCbCr,
}

/// The kind of a sample's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// The largest number is the brightest.
    Unsigned,
    /// 0 is black and 1 is white.
    Float,
}

/// The alpha of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alpha {
    None,
    Straight,
    /// Colours are stored multiplied by it.
    Premultiplied,
}

/// The stored samples of a pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Samples {
    pub(crate) colors: Colors,
    pub(crate) number: Number,
    /// Bits per sample: 1 to 16 or 32 of unsigned numbers; 16, 32 or 64 of floats.
    pub(crate) bits: u32,
    /// Number of stored samples, among which may be some without a meaning.
    pub(crate) count: usize,
    /// `true` if chroma is stored at less than full size.
    pub(crate) is_subsampled: bool,
    alpha: Alpha,
}

impl Samples {
    pub(crate) fn read(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Self, Error> {
        let mut list = |tag| decoder.find_tag_unsigned_vec::<u16>(tag).ok().flatten().unwrap_or_default();
        let first = |values: Vec<u16>, default: u16| values.first().copied().unwrap_or(default);
        let number = match first(list(Tag::SampleFormat), 1) {
            1 | 4 => Number::Unsigned,
            3 => Number::Float,
            _ => return Err(UNREAD_SAMPLES),
        };
        let bits = u32::from(first(list(Tag::BitsPerSample), 1));
        let is_read = match number {
            Number::Unsigned => matches!(bits, 1..=16 | 32),
            Number::Float => matches!(bits, 16 | 32 | 64),
        };
        if !is_read {
            return Err(UNREAD_SAMPLES);
        }
        let (colors, needed) = match first(list(Tag::PhotometricInterpretation), u16::MAX) {
            0 => (Colors::WhiteIsZero, 1),
            1 => (Colors::BlackIsZero, 1),
            2 => (Colors::Rgb, 3),
            3 if number == Number::Unsigned && bits <= 16 => (Colors::Palette, 1),
            5 => (Colors::Cmyk, 4),
            6 if bits == 8 => (Colors::YCbCr, 3),
            _ => return Err(UNREAD_COLORS),
        };
        let count = usize::from(first(list(Tag::SamplesPerPixel), 1));
        if count < needed {
            return Err(UNREAD_COLORS);
        }
        let has_room_for_alpha = count > needed && matches!(needed, 1 | 3) && colors != Colors::Palette;
        let alpha = match list(Tag::ExtraSamples).first() {
            Some(1) if has_room_for_alpha => Alpha::Premultiplied,
            Some(2) if has_room_for_alpha => Alpha::Straight,
            // Older writers don't say what the sample after the colours is.
            None if has_room_for_alpha && count == needed + 1 => Alpha::Straight,
            Some(_) | None => Alpha::None,
        };
        // The default is a half (TIFF 6.0, section 21).
        let subsampling = list(Tag::ChromaSubsampling);
        let is_subsampled = colors == Colors::YCbCr && subsampling != [1, 1];
        Ok(Self { colors, number, bits, count, is_subsampled, alpha })
    }

    /// The channels of the decoded picture.
    pub(crate) fn channels(&self) -> Channels {
        match (self.colors, self.alpha) {
            (Colors::WhiteIsZero | Colors::BlackIsZero, Alpha::None) => Channels::Gray,
            (Colors::WhiteIsZero | Colors::BlackIsZero, Alpha::Straight | Alpha::Premultiplied) => {
                Channels::GrayAlpha
            }
            (Colors::Rgb | Colors::YCbCr, Alpha::Straight | Alpha::Premultiplied) => Channels::Rgba,
            (Colors::Rgb | Colors::YCbCr, Alpha::None) | (Colors::Palette, _) => Channels::Rgb,
            (Colors::Cmyk, _) => Channels::Cmyk,
        }
    }

    /// `true` if colours are stored multiplied by their alpha.
    pub(crate) fn is_premultiplied(&self) -> bool {
        self.alpha == Alpha::Premultiplied
    }
}
