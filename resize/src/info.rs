//! What is known of a source: from its header, and from a picture of it small enough to cost little.

use contract::color::Color;
use contract::format::{Format, FormatChoice};
use contract::variant::{Fit, Side, Variant};

use crate::error::Error;
use crate::pipeline::picture;
use crate::pixels::Pixels;
use crate::plan::Plan;
use crate::plan::cost::admit_memory;
use crate::settings::Settings;
use crate::source::Source;
use crate::source::profile;
use crate::stopwatch::{Step, Stopwatch};

/// What is known of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Of the upright picture, in pixels.
    pub width: u32,
    /// Of the upright picture, in pixels.
    pub height: u32,
    /// The format it is stored in, such as `jpeg`.
    pub format: &'static str,
    /// The length of the file.
    pub bytes: u64,
    /// Whether pixels may be transparent.
    pub has_alpha: bool,
    /// Pictures that are read of it.
    pub frames: u32,
    /// EXIF's orientation, 1 to 8; 1 is upright.
    pub orientation: u8,
    /// The name of its ICC profile.
    pub profile: Option<String>,
    /// The colour that most of the picture has, opaque.
    pub dominant_color: Color,
    /// A placeholder of some 25 bytes (<https://evanw.github.io/thumbhash/>).
    pub thumb_hash: Vec<u8>,
}

/// The longest side of the picture that colours and placeholder are taken of: what `ThumbHash` allows.
const SMALL_SIDE: u32 = 100;

/// Tells what is known of the file in `bytes`. Fails as making a variant of it would.
pub fn describe(bytes: &[u8], settings: &Settings, mut watch: Stopwatch) -> Result<Info, Error> {
    let source = Source::open(bytes, &settings.limits)?;
    let source = source.info();
    let side = Side::clamped(SMALL_SIDE);
    let small = Variant::new(FormatChoice::Fixed(Format::Png)).with_size(side, side, Fit::Max);
    let plan = Plan::new(source, &small, settings);
    admit_memory(&settings.limits, plan.peak_bytes(bytes.len() as u64))?;
    watch.lap(Step::Plan)?;

    let pixels = picture(bytes, source, &plan, &mut watch)?.to_rgba();
    let upright = source.upright_size();
    Ok(Info {
        width: upright.width(),
        height: upright.height(),
        format: source.format.name(),
        bytes: bytes.len() as u64,
        has_alpha: source.channels.has_alpha(),
        frames: source.frames(),
        orientation: source.orientation.to_exif(),
        profile: source.profile.as_deref().and_then(profile::name),
        dominant_color: dominant_color(&pixels),
        thumb_hash: thumb_hash(&pixels),
    })
}

fn thumb_hash(rgba: &Pixels) -> Vec<u8> {
    thumbhash::rgba_to_thumb_hash(rgba.size.width() as usize, rgba.size.height() as usize, &rgba.samples)
}

/// The mean of the fullest of 512 equal boxes of colours, each pixel counted by its alpha; black of nothing.
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
    fn the_dominant_colour_is_that_of_most_visible_pixels() {
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
