//! Texts of values, read. None is a value that isn't allowed.

use crate::format::{Format, FormatChoice};
use crate::variant::{Cutout, Gravity, Quality, QualityChoice, Version};

/// How a request spells a fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FitName {
    Max,
    Clip,
    Crop,
    Min,
    Fill,
    FillMax,
    Scale,
}

impl FitName {
    pub(super) fn read(text: &str) -> Option<Self> {
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

/// How a request spells what a crop keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CropName {
    Gravity(Gravity),
    FocalPoint,
    Entropy,
    Attention,
}

impl CropName {
    pub(super) fn read(text: &str) -> Option<Self> {
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
            _ => return None,
        })
    }
}

/// A whole number, clamped to `max`; none below `min`. Digits alone: no sign, no fraction, no blank.
pub(super) fn whole(text: &str, min: u32, max: u32) -> Option<u32> {
    let number = is_digits(text).then(|| text.parse::<u32>().map_or(max, |number| number.min(max)))?;
    (number >= min).then_some(number)
}

/// Device pixels per CSS pixel, in tenths.
pub(super) fn tenths(text: &str) -> Option<u32> {
    const MAX_TENTHS: u32 = 50;
    let (whole, tenth) = match text.split_once('.') {
        None => (text, "0"),
        Some((_, tenth)) if tenth.len() != 1 => return None,
        Some(parts) => parts,
    };
    if !is_digits(whole) || !is_digits(tenth) {
        return None;
    }
    let tenths = format!("{whole}{tenth}").parse::<u32>().map_or(MAX_TENTHS, |number| number.min(MAX_TENTHS));
    (tenths >= 10).then_some(tenths)
}

/// A number from 0, clamped to 1, in thousandths.
pub(super) fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or(("", text));
    let is_number = is_digits(fraction) && (whole.is_empty() || is_digits(whole));
    let number = is_number.then(|| text.parse::<f64>().ok())??;
    Some((number.min(1.0) * 1000.0).round() as u16)
}

/// Two numbers, both over 0, of at most four digits and three decimals, in thousandths.
pub(super) fn ratio(text: &str) -> Option<(u64, u64)> {
    let thousandths = |text: &str| {
        let (whole, fraction) = match text.split_once('.') {
            None => (text, "0"),
            Some(parts) => parts,
        };
        let is_number = is_digits(whole) && is_digits(fraction) && whole.len() <= 4 && fraction.len() <= 3;
        let number = is_number.then(|| format!("{whole}{fraction:0<3}").parse::<u64>().ok())??;
        (number > 0).then_some(number)
    };
    let (width, height) = text.split_once(':')?;
    Some((thousandths(width)?, thousandths(height)?))
}

/// `x,y,w,h`.
pub(super) fn cutout(text: &str) -> Option<Cutout> {
    let mut sides = text.split(',').map(|side| whole(side, 0, Cutout::MAX));
    let cutout = Cutout::new(sides.next()??, sides.next()??, sides.next()??, sides.next()??)?;
    sides.next().is_none().then_some(cutout)
}

/// Quarter turns, counter-clockwise.
pub(super) fn quarter_turns(text: &str) -> Option<u8> {
    match text {
        "0" => Some(0),
        "90" => Some(1),
        "180" => Some(2),
        "270" => Some(3),
        _ => None,
    }
}

/// Whether left and right, then whether top and bottom are exchanged.
pub(super) fn flips(text: &str) -> Option<(bool, bool)> {
    match text {
        "h" => Some((true, false)),
        "v" => Some((false, true)),
        "hv" => Some((true, true)),
        _ => None,
    }
}

/// A number from 1, clamped to 100, or `auto`.
pub(super) fn quality(text: &str) -> Option<QualityChoice> {
    if text == "auto" {
        return Some(QualityChoice::Auto);
    }
    whole(text, 1, Quality::MAX.get().into()).and_then(Quality::clamped).map(QualityChoice::Fixed)
}

/// The format named; `Some(None)` for `auto`.
#[expect(
    clippy::option_option,
    reason = "the outer one says whether the value is allowed, as everywhere here"
)]
pub(super) fn format(text: &str) -> Option<Option<FormatChoice>> {
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

/// The version named; `Some(None)` for an empty one.
#[expect(
    clippy::option_option,
    reason = "the outer one says whether the value is allowed, as everywhere here"
)]
pub(super) fn version(text: &str) -> Option<Option<Version>> {
    if text.is_empty() { Some(None) } else { Version::new(text).map(Some) }
}

/// A name to save a file under, perhaps empty.
pub(super) fn file_name(text: &str) -> Option<()> {
    const MAX_BYTES: usize = 200;
    let is_odd = |c: char| c < '\u{20}' || matches!(c, '\u{7f}' | '/' | '\\');
    (text.len() <= MAX_BYTES && !text.contains(is_odd)).then_some(())
}

/// Seconds since 1970, from 1.
pub(super) fn expires(text: &str) -> Option<u32> {
    whole(text, 1, u32::MAX)
}

/// imgix's `auto`: what it asks for happens anyway.
pub(super) fn auto(text: &str) -> Option<()> {
    text.split(',').all(|word| matches!(word, "format" | "compress")).then_some(())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
