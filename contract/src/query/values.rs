//! Parsers of parameter values. Each returns `None` if the text is not an allowed value.

use std::iter;

use crate::format::{Format, FormatChoice};
use crate::ratio::Ratio;
use crate::variant::{Cutout, Gravity, Quality, QualityChoice, Version};

/// A value of `fit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FitValue {
    Max,
    Clip,
    Crop,
    Min,
    Fill,
    FillMax,
    Scale,
}

impl FitValue {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "max" => Self::Max,
            "clip" => Self::Clip,
            "crop" => Self::Crop,
            "min" => Self::Min,
            "fill" => Self::Fill,
            "fillmax" => Self::FillMax,
            "scale" => Self::Scale,
            _ => return None,
        })
    }
}

/// A value of `crop`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CropValue {
    Gravity(Gravity),
    FocalPoint,
    Entropy,
    Attention,
    Faces,
}

impl CropValue {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "center" => Self::Gravity(Gravity::Center),
            "top" => Self::Gravity(Gravity::Top),
            "bottom" => Self::Gravity(Gravity::Bottom),
            "left" => Self::Gravity(Gravity::Left),
            "right" => Self::Gravity(Gravity::Right),
            "top,left" | "left,top" => Self::Gravity(Gravity::TopLeft),
            "top,right" | "right,top" => Self::Gravity(Gravity::TopRight),
            "bottom,left" | "left,bottom" => Self::Gravity(Gravity::BottomLeft),
            "bottom,right" | "right,bottom" => Self::Gravity(Gravity::BottomRight),
            "focalpoint" => Self::FocalPoint,
            "entropy" => Self::Entropy,
            "attention" => Self::Attention,
            "faces" => Self::Faces,
            _ => return None,
        })
    }
}

/// A number as a multiple of its smallest decimal place, such as thousandths for three `decimals`. It is rounded down
/// and clamped to `max`; `None` below `min`. The text has only digits, with at most one point between them: no sign, no
/// exponent, no space.
pub(crate) fn number(text: &str, decimals: usize, min: u32, max: u32) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let units: String =
        whole.chars().chain(fraction.chars().chain(iter::repeat('0')).take(decimals)).collect();
    let number = units.parse::<u32>().map_or(max, |number| number.min(max));
    (number >= min).then_some(number)
}

/// The text `1`, the only value of a switch.
pub(crate) fn one(text: &str) -> Option<()> {
    (text == "1").then_some(())
}

/// The text `linear`, the only value of `light`.
pub(crate) fn linear(text: &str) -> Option<()> {
    (text == "linear").then_some(())
}

/// A number from 0, clamped to 1, in thousandths: 0 to 1000.
pub(crate) fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or(("", text));
    let is_number = is_digits(fraction) && (whole.is_empty() || is_digits(whole));
    let number = is_number.then(|| text.parse::<f64>().ok())??;
    Some((number.min(1.0) * 1000.0).round() as u16)
}

/// A ratio `width:height` in thousandths. Both numbers are from 0.001, with at most four digits before the point.
pub(crate) fn ratio(text: &str) -> Option<Ratio> {
    const MAX_THOUSANDTHS: u32 = 9_999_999;
    let thousandths = |text: &str| {
        let is_short = text.split('.').next().is_some_and(|whole| whole.len() <= 4);
        number(text, 3, 1, MAX_THOUSANDTHS).filter(|_| is_short)
    };
    let (width, height) = text.split_once(':')?;
    Ratio::new(thousandths(width)?, thousandths(height)?)
}

/// Four numbers `x,y,w,h`.
pub(crate) fn cutout(text: &str) -> Option<Cutout> {
    let mut sides = text.split(',').map(|side| number(side, 0, 0, Cutout::MAX));
    let cutout = Cutout::new(sides.next()??, sides.next()??, sides.next()??, sides.next()??)?;
    sides.next().is_none().then_some(cutout)
}

/// A rotation in quarter turns counter-clockwise, 0 to 3.
pub(crate) fn quarter_turns(text: &str) -> Option<u8> {
    match text {
        "0" => Some(0),
        "90" => Some(1),
        "180" => Some(2),
        "270" => Some(3),
        _ => None,
    }
}

/// Two flags: left and right are exchanged, top and bottom are exchanged.
pub(crate) fn flips(text: &str) -> Option<(bool, bool)> {
    match text {
        "h" => Some((true, false)),
        "v" => Some((false, true)),
        "hv" => Some((true, true)),
        _ => None,
    }
}

/// A number from 1, clamped to 100, or `auto`.
pub(crate) fn quality(text: &str) -> Option<QualityChoice> {
    if text == "auto" {
        return Some(QualityChoice::Auto);
    }
    number(text, 0, 1, Quality::MAX.get().into()).and_then(Quality::clamped).map(QualityChoice::Fixed)
}

/// The format; `Some(None)` for `auto`.
#[expect(
    clippy::option_option,
    reason = "the outer option is `None` if the value isn't allowed, as everywhere in this file"
)]
pub(crate) fn format(text: &str) -> Option<Option<FormatChoice>> {
    match text {
        "jpeg" | "jpg" => Some(Some(FormatChoice::Fixed(Format::Jpeg))),
        "png" => Some(Some(FormatChoice::Fixed(Format::Png))),
        "webp" => Some(Some(FormatChoice::Fixed(Format::Webp))),
        "avif" => Some(Some(FormatChoice::Fixed(Format::Avif))),
        "gif" => Some(Some(FormatChoice::Fixed(Format::Gif))),
        "json" => Some(Some(FormatChoice::Info)),
        "auto" => Some(None),
        _ => None,
    }
}

/// The version; `Some(None)` if the text is empty.
#[expect(
    clippy::option_option,
    reason = "the outer option is `None` if the value isn't allowed, as everywhere in this file"
)]
pub(crate) fn version(text: &str) -> Option<Option<Version>> {
    if text.is_empty() { Some(None) } else { Version::new(text).map(Some) }
}

/// A file name for a download, at most 200 bytes. It may be empty.
pub(crate) fn file_name(text: &str) -> Option<()> {
    const MAX_BYTES: usize = 200;
    let is_forbidden = |c: char| c < '\u{20}' || matches!(c, '\u{7f}' | '/' | '\\') || is_bidi_control(c);
    (text.len() <= MAX_BYTES && !text.contains(is_forbidden)).then_some(())
}

/// `true` for a character that changes the direction of text (Unicode's property `Bidi_Control`): a name with such a
/// character displays a false extension.
const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A time in whole seconds since 1970, from 2001 to 2106: a smaller number is probably a duration, and a larger one is
/// in another unit.
pub(crate) fn expires(text: &str) -> Option<u32> {
    const MIN_SECONDS: u32 = 1_000_000_000;
    let seconds = is_digits(text).then(|| text.parse::<u32>().ok())??;
    (seconds >= MIN_SECONDS).then_some(seconds)
}

/// The parameter `auto` of imgix. It is accepted without effect: both of its values are the default here.
pub(crate) fn auto(text: &str) -> Option<()> {
    text.split(',').all(|word| matches!(word, "format" | "compress")).then_some(())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
