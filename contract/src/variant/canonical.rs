//! The canonical text of a variant.

use std::fmt;
use std::str::FromStr;

use super::{
    Crop, CropAnchor, Cutout, Fit, FocalPoint, FrameNumber, Gravity, Quality, QualityChoice, Side, Trim,
    Turn, Variant, VariantMark, Version,
};
use crate::color::Color;
use crate::escape::{escape, unescape};
use crate::format::FormatChoice;

/// Writes `name=value` pairs in a fixed order, joined by commas. Defaults are left out; `fm` is always last. Colons and
/// tildes of a version are written as `~3A` and `~7E`.
impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(width) = self.width {
            write!(f, "w={},", width.pixels())?;
        }
        if let Some(height) = self.height {
            write!(f, "h={},", height.pixels())?;
        }
        match self.fit {
            Fit::Max => {}
            Fit::Clip => f.write_str("fit=clip,")?,
            Fit::Crop(crop) => write_crop(crop, f)?,
            Fit::Fill => f.write_str("fit=fill,")?,
            Fit::FillMax => f.write_str("fit=fillmax,")?,
            Fit::Scale => f.write_str("fit=scale,")?,
        }
        if let Some(cutout) = self.cutout {
            write!(f, "rect={}-{}-{}-{},", cutout.x, cutout.y, cutout.width(), cutout.height())?;
        }
        if self.turn.quarters() != 0 {
            write!(f, "rot={},", u16::from(self.turn.quarters()) * 90)?;
        }
        if self.turn.is_mirrored() {
            f.write_str("flip=h,")?;
        }
        match self.trim {
            None => {}
            Some(Trim::Auto) => f.write_str("trim=auto,")?,
            Some(Trim::Color(color)) => write!(f, "trim={color},")?,
        }
        if self.is_linear {
            f.write_str("light=linear,")?;
        }
        if self.blur != 0 {
            write!(f, "blur={},", self.blur)?;
        }
        if self.sharpness != 0 {
            write!(f, "sharp={},", self.sharpness)?;
        }
        if let Some(mark) = &self.mark {
            write!(f, "mark={mark},")?;
        }
        if let Some(background) = self.background {
            write!(f, "bg={background},")?;
        }
        match self.quality {
            None => {}
            Some(QualityChoice::Fixed(quality)) => write!(f, "q={},", quality.get())?,
            Some(QualityChoice::Auto) => f.write_str("q=auto,")?,
        }
        if self.is_lossless {
            f.write_str("lossless=1,")?;
        }
        if let Some(frame) = self.frame {
            write!(f, "frame={},", frame.get())?;
        }
        if self.moment != 0 {
            write!(f, "t={},", self.moment)?;
        }
        if self.is_explained {
            f.write_str("explain=1,")?;
        }
        if let Some(version) = &self.version {
            write!(f, "v={},", escape(version.as_str()))?;
        }
        write!(f, "fm={}", self.format)
    }
}

fn write_crop(crop: Crop, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("fit=crop,")?;
    if crop.may_enlarge {
        f.write_str("enlarge=1,")?;
    }
    match crop.anchor {
        CropAnchor::Gravity(Gravity::Center) => Ok(()),
        CropAnchor::Gravity(gravity) => write!(f, "crop={},", gravity.name()),
        CropAnchor::FocalPoint(focus) => write!(f, "fp-x={},fp-y={},", focus.x(), focus.y()),
        CropAnchor::Entropy => f.write_str("crop=entropy,"),
        CropAnchor::Attention => f.write_str("crop=attention,"),
        CropAnchor::Faces => f.write_str("crop=faces,"),
    }
}

/// The text is not a canonical variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the canonical form of a variant")]
pub struct NotCanonical;

/// Accepts canonical text only: a variant that was read is written as the same text.
impl FromStr for Variant {
    type Err = NotCanonical;

    fn from_str(text: &str) -> Result<Self, NotCanonical> {
        let variant = read(text).ok_or(NotCanonical)?;
        if variant.to_string() == text { Ok(variant) } else { Err(NotCanonical) }
    }
}

/// Reads leniently. The caller must compare the text that the variant is written as.
fn read(text: &str) -> Option<Variant> {
    let value_of = |name: &str| {
        text.split(',')
            .find_map(|pair| pair.split_once('=').filter(|(n, _)| *n == name).map(|(_, value)| value))
    };
    let number = |name| value_of(name).map_or(Some(0), |value| value.parse::<u32>().ok());
    let side = |name| match value_of(name) {
        None => Some(None),
        Some(value) => Some(Some(Side::clamped(value.parse().ok()?)?)),
    };
    let point = (value_of("fp-x"), value_of("fp-y"));
    let crop = Crop {
        anchor: match (value_of("crop"), point) {
            (None, (Some(x), Some(y))) => {
                CropAnchor::FocalPoint(FocalPoint::new(thousandths(x)?, thousandths(y)?))
            }
            (None, _) => CropAnchor::default(),
            (Some("entropy"), _) => CropAnchor::Entropy,
            (Some("attention"), _) => CropAnchor::Attention,
            (Some("faces"), _) => CropAnchor::Faces,
            (Some(name), _) => {
                CropAnchor::Gravity(Gravity::ALL.into_iter().find(|gravity| gravity.name() == name)?)
            }
        },
        may_enlarge: value_of("enlarge").is_some(),
    };
    let fit = match value_of("fit") {
        None => Fit::Max,
        Some("clip") => Fit::Clip,
        Some("crop") => Fit::Crop(crop),
        Some("fill") => Fit::Fill,
        Some("fillmax") => Fit::FillMax,
        Some("scale") => Fit::Scale,
        Some(_) => return None,
    };
    let cutout = match value_of("rect") {
        None => None,
        Some(value) => Some(cutout(value)?),
    };
    let quarters = u8::try_from(number("rot")?.min(360) / 90).ok()?;
    let trim = match value_of("trim") {
        None => None,
        Some("auto") => Some(Trim::Auto),
        Some(value) => Some(Trim::Color(Color::from_hex(value)?)),
    };
    let mark = match value_of("mark") {
        None => None,
        Some(value) => Some(VariantMark::from_canonical(value)?),
    };
    let background = match value_of("bg") {
        None => None,
        Some(value) => Some(Color::from_hex(value)?),
    };
    let quality = match value_of("q") {
        None => None,
        Some("auto") => Some(QualityChoice::Auto),
        Some(value) => Some(QualityChoice::Fixed(Quality::clamped(value.parse().ok()?)?)),
    };
    let frame = match value_of("frame") {
        None => None,
        Some(value) => Some(FrameNumber::clamped(value.parse().ok()?)?),
    };
    let version = match value_of("v") {
        None => None,
        Some(value) => Some(Version::new(&unescape(value)?)?),
    };
    let format = FormatChoice::from_canonical(value_of("fm")?)?;
    let variant = Variant::new(format)
        .with_size(side("w")?, side("h")?, fit)
        .with_cutout(cutout)
        .with_turn(Turn::new(quarters, value_of("flip").is_some(), false))
        .with_trim(trim)
        .with_linear_light(value_of("light").is_some())
        .with_blur(number("blur")?)
        .with_sharpening(number("sharp")?)
        .with_mark(mark)
        .with_background(background)
        .with_quality(quality)
        .with_frame(frame)
        .with_moment(number("t")?)
        .with_explanation(value_of("explain").is_some())
        .with_version(version);
    Some(if value_of("lossless").is_some() { variant.with_lossless() } else { variant })
}

fn cutout(text: &str) -> Option<Cutout> {
    let mut sides = text.split('-').map(|side| side.parse().ok());
    Cutout::new(sides.next()??, sides.next()??, sides.next()??, sides.next()??)
}

fn thousandths(text: &str) -> Option<u16> {
    let number: f64 = text.parse().ok()?;
    (0.0..=1.0).contains(&number).then(|| (number * 1000.0).round() as u16)
}

/// `true` if a decoded path segment looks like a canonical variant: it ends in `fm=…`. Viewers must not send such a
/// segment, because it would bypass the policy.
pub fn looks_canonical(segment: &str) -> bool {
    segment.rsplit(',').next().and_then(|last| last.strip_prefix("fm=")).is_some_and(|format| {
        !format.is_empty() && format.bytes().all(|b| b.is_ascii_lowercase() || b == b'.')
    })
}

#[cfg(test)]
mod tests;
