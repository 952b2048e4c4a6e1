//! The description of a source, from its header and a small preview.

use contract::color::Color;
use contract::format::{Format, FormatChoice};
use contract::variant::{Fit, Side, Variant};

use crate::error::Error;
use crate::pixels::Pixels;
use crate::plan::Plan;
use crate::preview::decode::decode_preview;
use crate::settings::Settings;
use crate::source::completeness::is_complete;
use crate::source::{Source, profile};
use crate::stopwatch::Stopwatch;

/// The description of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Width of the upright picture, in pixels.
    pub width: u32,
    /// Height of the upright picture, in pixels.
    pub height: u32,
    /// Name of the file's format, such as `jpeg`.
    pub format: &'static str,
    /// Length of the file, in bytes.
    pub bytes: u64,
    /// `true` if the header declares alpha.
    pub has_alpha: bool,
    /// `false` if the file ends before its format says. What there is of it is shown.
    pub is_complete: bool,
    /// Number of frames, 1 for a still.
    pub frames: u32,
    /// Number of pages. `None` for a format without pages.
    pub pages: Option<u32>,
    /// EXIF's orientation, 1 to 8. 1 is upright.
    pub orientation: u8,
    /// Name of the ICC profile.
    pub profile: Option<String>,
    /// The most frequent colour of the picture, opaque.
    pub dominant_color: Color,
    /// A placeholder of some 25 bytes (<https://evanw.github.io/thumbhash/>).
    pub thumb_hash: Vec<u8>,
}

/// Longest side of the preview, in pixels: the largest that `ThumbHash` accepts.
const PREVIEW_SIDE: u32 = 100;

/// Describes the file in `bytes`.
///
/// # Errors
/// The errors of [`render`](crate::pipeline::render).
pub fn describe(bytes: &[u8], settings: &Settings, mut watch: Stopwatch) -> Result<Info, Error> {
    let source = Source::open(bytes, &settings.limits)?;
    let side = Side::clamped(PREVIEW_SIDE);
    let small = Variant::new(FormatChoice::Fixed(Format::Png)).with_size(side, side, Fit::Max);
    let plan = Plan::new(&source, &small, &settings.of_previews())?;
    let pixels = decode_preview(&source, &plan, &mut watch)?.to_rgba();
    let is_complete = is_complete(bytes, source.info());
    let source = source.info();
    let upright = source.upright_size();
    Ok(Info {
        width: upright.width(),
        height: upright.height(),
        format: source.format.name(),
        bytes: bytes.len() as u64,
        has_alpha: source.channels.has_alpha(),
        is_complete,
        frames: source.frames(),
        pages: source.pages(),
        orientation: source.orientation.to_exif(),
        profile: source.profile.as_deref().and_then(profile::name),
        dominant_color: dominant_color(&pixels),
        thumb_hash: thumb_hash(&pixels),
    })
}

fn thumb_hash(rgba: &Pixels) -> Vec<u8> {
    thumbhash::rgba_to_thumb_hash(rgba.size.width() as usize, rgba.size.height() as usize, &rgba.samples)
}

/// The mean colour of the box with the most pixels, of 512 equal boxes of the colour space. Pixels are weighted by
/// their alpha. Black if all are transparent.
fn dominant_color(rgba: &Pixels) -> Color {
    const BOXES: usize = 512;
    let mut sums = vec![[0_u64; 4]; BOXES];
    for [red, green, blue, alpha] in rgba.samples.as_chunks::<4>().0 {
        let index = usize::from(red >> 5) << 6 | usize::from(green >> 5) << 3 | usize::from(blue >> 5);
        let Some(sum) = sums.get_mut(index) else { continue };
        let weight = u64::from(*alpha);
        for (sum, sample) in sum.iter_mut().zip([u64::from(*red), u64::from(*green), u64::from(*blue), 1]) {
            *sum += sample * weight;
        }
    }
    let fullest = sums.into_iter().max_by_key(|[.., weight]| *weight).unwrap_or_default();
    let [red, green, blue, weight] = fullest;
    let mean = |sum: u64| ((sum + weight / 2) / weight.max(1)).min(255) as u8;
    Color { red: mean(red), green: mean(green), blue: mean(blue), alpha: 255 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{Channels, Size};

    #[test]
    fn the_dominant_colour_is_the_most_frequent_visible_colour() {
        let check = |samples: &[u8], expected: &str| {
            let size = Size::new(samples.len() as u32 / 4, 1).unwrap();
            let pixels = Pixels { samples: samples.to_vec(), size, channels: Channels::Rgba };
            assert_eq!(dominant_color(&pixels).to_string(), expected);
        };
        check(&[200, 10, 10, 255, 202, 12, 12, 255, 0, 0, 255, 255], "c90b0b");
        check(&[0, 255, 0, 9, 0, 255, 0, 9, 0, 0, 255, 255], "0000ff");
        check(&[7, 7, 7, 0], "000000");
    }
}
