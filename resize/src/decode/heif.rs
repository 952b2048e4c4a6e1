//! Decodes the still pictures of AVIF and HEIC.

use codecs::heif::{Layout, Reading};

use crate::error::Error;
use crate::pixels::Pixels;
use crate::pixels::rect::Rect;
use crate::pixels::resample::resample;
use crate::plan::decode::DecodePlan;
use crate::plan::heif::halved;
use crate::source::info::SourceInfo;

/// Decodes the still picture with the channels of its header, as planned.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo, plan: &DecodePlan) -> Result<Pixels, Error> {
    let layout = if source.channels.has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let reading = plan.heif.map_or(Reading::default(), |plan| plan.reading);
    let file = codecs::heif::open(bytes)?;
    let read = |reading: Reading, size| {
        let mut pixels = Pixels::black(size, source.channels);
        file.read(reading, layout, &mut pixels.samples)?;
        Ok(pixels)
    };
    match read(reading, plan.size) {
        // The thumbnail is damaged: the picture itself is reduced to its size.
        Err(_) if reading.is_thumbnail => {
            let halvings = file.header().max_halvings;
            let size = halved(source.size, halvings);
            let pixels = read(Reading { halvings, ..Reading::default() }, size)?;
            resample(pixels, Rect::whole(size), plan.size)
        }
        result => result,
    }
}

#[cfg(test)]
#[cfg(feature = "heic")]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::info::{Info, describe};
    use crate::pipeline::render;
    use crate::plan::Plan;
    use crate::settings::test_settings;
    use crate::source::Source;
    use crate::stopwatch::Stopwatch;

    macro_rules! fixture {
        ($name:literal) => {
            include_bytes!(concat!("../../../codecs/fixtures/", $name, ".heic")).as_slice()
        };
    }

    const RED: [u8; 3] = [220, 30, 30];
    const GREEN: [u8; 3] = [30, 180, 30];
    const BLUE: [u8; 3] = [30, 30, 220];
    const YELLOW: [u8; 3] = [230, 220, 40];

    fn watch() -> Stopwatch {
        Stopwatch::start(Instant::now, Duration::from_mins(1))
    }

    /// Renders a PNG, and checks its size and the colours in the middle of its quarters.
    fn check(file: &[u8], variant: &str, (width, height): (u32, u32), expected: [[u8; 3]; 4]) {
        let variant = variant.parse().unwrap();
        let encoded = render(file, &variant, &test_settings(), watch()).unwrap();
        let picture = image::load_from_memory(&encoded.bytes).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (width, height), "{variant}");
        let corners = [(1, 1), (3, 1), (1, 3), (3, 3)];
        let found = corners.map(|(x, y)| picture.get_pixel(width * x / 4, height * y / 4).0);
        let is_near = found.iter().flatten().zip(expected.iter().flatten()).all(|(a, b)| a.abs_diff(*b) <= 3);
        assert!(is_near, "{variant}: {found:?}, not {expected:?}");
    }

    #[test]
    fn a_heic_is_shown_upright_at_every_size() {
        for side in [120, 90, 60, 24] {
            check(
                fixture!("quarters"),
                &format!("w={side},fm=png"),
                (side, side * 2 / 3),
                [RED, GREEN, BLUE, YELLOW],
            );
        }
        check(fixture!("turned"), "w=40,fm=png", (40, 60), [GREEN, YELLOW, RED, BLUE]);
        check(fixture!("mirrored"), "w=60,fm=png", (60, 40), [GREEN, RED, YELLOW, BLUE]);
        check(fixture!("cropped"), "w=30,fm=png", (30, 40), [RED, GREEN, BLUE, YELLOW]);
        check(fixture!("turned-grid"), "w=56,fm=png", (56, 60), [BLUE, RED, YELLOW, GREEN]);
    }

    #[test]
    fn display_p3_becomes_srgb() {
        // sRGB has no such red, green and yellow: they are clipped.
        check(
            fixture!("display-p3"),
            "w=60,fm=png",
            (60, 40),
            [[240, 0, 0], [0, 183, 0], [31, 30, 229], [232, 219, 0]],
        );
    }

    #[test]
    fn a_part_of_a_picture_needs_only_some_of_its_tiles() {
        let source = Source::open(fixture!("grid"), &test_settings().limits).unwrap();
        let whole = Plan::new(&source, &"w=30,fm=png".parse().unwrap(), &test_settings()).unwrap();
        assert_eq!(whole.decode.heif.unwrap().reading, Reading { halvings: 1, ..Reading::default() });
        let variant = "w=20,rect=80-2-40-20,fm=png";
        let part = Plan::new(&source, &variant.parse().unwrap(), &test_settings()).unwrap();
        assert!(part.decode.heif.unwrap().reading.part.is_some());
        check(fixture!("grid"), variant, (20, 10), [GREEN; 4]);
    }

    #[test]
    fn the_thumbnail_is_shown_where_it_is_large_enough() {
        check(fixture!("thumbnail"), "w=64,fm=png", (64, 48), [BLUE; 4]);
        check(fixture!("thumbnail"), "w=100,fm=png", (100, 75), [RED; 4]);
        check(fixture!("other-thumbnail"), "w=64,fm=png", (64, 48), [RED; 4]);
        // The thumbnail's data are the last of the file.
        let mut damaged = fixture!("thumbnail").to_vec();
        let last = damaged.len() - 60;
        damaged[last..].fill(0);
        check(&damaged, "w=100,fm=png", (100, 75), [RED; 4]);
    }

    #[test]
    fn a_description_says_what_the_file_is() {
        let about = |file| describe(file, &test_settings(), watch()).unwrap();
        let Info { width, height, format, orientation, has_alpha, frames, .. } = about(fixture!("turned"));
        assert_eq!((width, height, format, orientation, has_alpha, frames), (80, 120, "heic", 8, false, 1));
        assert!(about(fixture!("alpha")).has_alpha);
        assert_eq!(about(fixture!("display-p3")).profile.as_deref(), Some("Display P3"));
        assert_eq!(about(fixture!("quarters")).profile, None);
    }

    #[test]
    fn a_damaged_file_gives_an_error_or_a_picture_without_a_panic() {
        let variant = "w=16,fm=png".parse().unwrap();
        let limits = contract::limits::Limits { source_pixels: 1 << 18, ..test_settings().limits };
        let settings = crate::settings::Settings { limits, ..test_settings() };
        for file in [fixture!("quarters"), fixture!("half-width-10-bit"), fixture!("alpha")] {
            for at in 0..file.len() {
                let mut damaged = file.to_vec();
                damaged[at] ^= 1 << (at % 8);
                let result = render(&damaged, &variant, &settings, watch());
                assert!(!matches!(result, Err(Error::Internal(_))), "byte {at}: {result:?}");
            }
        }
    }
}
