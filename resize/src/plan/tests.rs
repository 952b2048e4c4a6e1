//! The parts of plans, by sources and variants.

mod jpeg;
mod output;
mod time;

use super::*;
use crate::pixels::orientation::Orientation;
use crate::pixels::rect::Rect;
use crate::pixels::{Channels, Size};
use crate::plan::jpeg::JpegPlan;
use crate::settings::test_settings;
use crate::source::info::{Animation, SourceFormat, SourceInfo};
use crate::source::probe::probe;
use codecs::View;
use codecs::planes::Sampling;
use contract::limits::Limits;
use contract::variant::Turn;
use proptest::prelude::*;

/// The plan of a variant of a file with this header. The file itself is empty, so its bytes take no memory.
fn plan_with(info: &SourceInfo, variant: &str, settings: &Settings) -> Plan {
    Plan::new(&Source::unchecked(&[], info.clone()), &variant.parse().unwrap(), settings).unwrap()
}

fn plan(info: &SourceInfo, variant: &str) -> Plan {
    plan_with(info, variant, &test_settings())
}

fn photo(width: u32, height: u32, exif: u8) -> SourceInfo {
    photo_of(width, height, exif, [(2, 2), (1, 1), (1, 1)])
}

/// A JPEG of luma and chroma with these sampling factors, across and down.
fn photo_of(width: u32, height: u32, exif: u8, factors: [(u8, u8); 3]) -> SourceInfo {
    let source = probe(&head(width, height, factors, 1)).unwrap();
    SourceInfo { orientation: Orientation::from_exif(exif).unwrap(), ..source }
}

/// The header of a JPEG whose coefficients were all divided by `step`.
fn head(width: u32, height: u32, factors: [(u8, u8); 3], step: u8) -> Vec<u8> {
    let [width, height] = [width, height].map(|side| (side as u16).to_be_bytes());
    let components = (1..).zip(factors).flat_map(|(id, (across, down))| [id, across << 4 | down, 0]);
    let components: Vec<u8> = components.collect();
    let steps = [&[0xff, 0xd8, 0xff, 0xdb, 0, 67, 0][..], &[step; 64]].concat();
    let frame = [&[0xff, 0xc0, 0, 17, 8][..], &height, &width, &[3], &components].concat();
    let scan = [0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0];
    [&steps[..], &frame, &scan].concat()
}

#[test]
fn a_turned_picture_is_planned_with_the_sides_of_the_upright_one() {
    let plan = plan(&photo(4000, 3000, 6), "w=600,fm=jpeg");
    assert_eq!(plan.frame.resampled, Size::new(800, 600).unwrap());
    assert_eq!(plan.finish.orientation.upright_size(plan.frame.resampled), Size::new(600, 800).unwrap());
}

#[test]
fn the_cropped_part_has_the_fractional_size_of_the_scaled_picture() {
    let plan = plan(&photo(1001, 501, 1), "w=64,fm=jpeg");
    assert_eq!(plan.decode.jpeg.map(JpegPlan::eighths), Some(1));
    assert_eq!(plan.decode.size, Size::new(126, 63).unwrap());
    assert_eq!((plan.frame.shown.width, plan.frame.shown.height), (125.125, 62.625));
}

#[test]
fn a_drawing_is_rendered_at_the_requested_size() {
    let svg = SourceInfo { format: SourceFormat::Svg, channels: Channels::Rgba, ..photo(24, 12, 1) };
    let check = |variant: &str, decoded: (u32, u32), resampled: (u32, u32)| {
        let plan = plan(&svg, variant);
        assert_eq!((plan.decode.size.width(), plan.decode.size.height()), decoded, "{variant}");
        assert_eq!((plan.frame.resampled.width(), plan.frame.resampled.height()), resampled, "{variant}");
        let is_resampled =
            plan.frame.shown != Rect::whole(plan.decode.size) || plan.frame.resampled != plan.decode.size;
        assert_eq!(is_resampled, decoded != resampled, "{variant}");
    };
    check("fm=png", (24, 12), (24, 12));
    check("w=640,fm=png", (640, 320), (640, 320));
    check("w=10,fm=png", (10, 5), (10, 5));
    check("w=640,h=640,fm=png", (640, 320), (640, 320));
    check("w=100,h=100,fit=crop,fm=png", (200, 100), (100, 100));
    check("w=8192,h=8192,fm=png", (8192, 4096), (8192, 4096));
}

#[test]
fn planes_reach_the_encoder_unless_it_needs_pixels() {
    let encoded = |layout, samples: &[u8]| {
        codecs::jpeg::encode(View { samples, width: 8, height: 8 }, layout, 90).unwrap()
    };
    let check = |info: &SourceInfo, variant: &str, expected: Option<bool>| {
        let Plan { decode, frame, .. } = plan(info, variant);
        let is_encoded_from_planes = decode.is_planar.then_some(frame.chroma == Sampling::Half);
        assert_eq!(is_encoded_from_planes, expected, "{variant}");
    };
    let plain = probe(&encoded(codecs::jpeg::Layout::Rgb, &[9; 192])).unwrap();
    check(&plain, "fm=jpeg", Some(true));
    check(&plain, "fm=webp", Some(true));
    check(&plain, "fm=avif", Some(true));
    check(&plain, "fm=png", Some(false));
    check(&plain, "lossless=1,fm=webp", Some(false));
    check(&plain, "blur=5,fm=webp", Some(false));
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    check(&SourceInfo { profile: Some(p3), ..plain }, "fm=jpeg", Some(false));
    let gray = probe(&encoded(codecs::jpeg::Layout::Gray, &[9; 64])).unwrap();
    check(&gray, "fm=jpeg", None);
}

#[test]
fn padding_is_transparent_if_the_format_has_alpha() {
    let check = |variant: &str, expected: Option<&str>| {
        let plan = plan(&photo(300, 200, 1), variant);
        assert_eq!(
            plan.finish.canvas.map(|canvas| canvas.color.to_string()).as_deref(),
            expected,
            "{variant}"
        );
    };
    check("w=300,h=200,fit=fill,fm=webp", None);
    check("w=300,h=300,fit=fill,fm=webp", Some("00000000"));
    check("w=300,h=300,fit=fillmax,fm=jpeg", Some("ffffff"));
    check("w=300,h=300,fit=fill,bg=ff0000,fm=jpeg", Some("ff0000"));
    check("w=300,h=300,fit=fill,bg=80ff0000,fm=jpeg", Some("ff7f7f"));
    check("w=300,h=300,fit=fill,bg=80ff0000,fm=webp", Some("80ff0000"));
}

#[test]
fn memory_of_the_finishing_steps_is_counted() {
    let peak = |variant: &str| plan(&photo(4000, 3000, 1), variant).peak_bytes();
    let plain = peak("w=1000,h=1000,fm=webp");
    assert!(peak("w=1000,h=1000,blur=9,fm=webp") >= plain + 1000 * 750 * 32);
    assert!(peak("w=1000,h=1000,sharp=9,fm=webp") > plain);
    assert_eq!(peak("w=1000,h=1000,fit=fillmax,fm=webp"), plain + 1000 * 1000 * 4);
}

#[test]
fn memory_of_light_is_counted() {
    let source = png_head(4000, 3000, png::ColorType::Rgba);
    let peak = |variant: &str| plan(&source, variant).peak_bytes();
    // 16 bits for each sample of the source.
    assert!(peak("w=1000,light=linear,fm=png") >= peak("w=1000,fm=png") + 2 * 4 * 4000 * 3000);
}

#[test]
fn a_format_without_alpha_gets_an_opaque_background() {
    let alpha = SourceInfo {
        channels: Channels::Rgba,
        is_lossless: true,
        format: SourceFormat::Png,
        ..photo(8, 8, 1)
    };
    let check = |variant: &str, expected: Option<&str>| {
        let plan = plan(&alpha, variant);
        assert_eq!(plan.finish.background.map(|color| color.to_string()).as_deref(), expected, "{variant}");
    };
    check("fm=png", None);
    check("fm=auto.base", None);
    check("fm=jpeg", Some("ffffff"));
    check("bg=ff0000,fm=jpeg", Some("ff0000"));
    check("bg=80ff0000,fm=webp", Some("80ff0000"));
    check("bg=80ff0000,fm=jpeg", Some("ff7f7f"));
}

#[test]
fn the_memory_of_an_animation_does_not_depend_on_the_number_of_frames() {
    let peak = |frames| {
        let animation = Some(Animation { frames, plays: None });
        let gif = SourceInfo { format: SourceFormat::Gif, animation, ..photo(1000, 800, 1) };
        plan(&gif, "w=100,fm=webp").peak_bytes()
    };
    assert!(peak(2) >= 13 * 1000 * 800);
    assert_eq!(peak(2), peak(999));
}

#[test]
fn a_gif_at_the_limit_of_pixels_fits_into_the_limit_of_memory() {
    let animation = Some(Animation { frames: 4, plays: None });
    let gif = SourceInfo { format: SourceFormat::Gif, animation, ..photo(10_000, 10_000, 1) };
    let settings = Settings { limits: Limits::default(), ..test_settings() };
    for variant in ["w=640,fm=webp", "w=2048,fm=auto.base", "w=1080,fm=jpeg"] {
        let source = Source::unchecked(&[], gif.clone());
        assert!(Plan::new(&source, &variant.parse().unwrap(), &settings).is_ok(), "{variant}");
    }
}

proptest! {
    #[test]
    fn the_shown_part_lies_inside_the_decoded_picture(
        (width, height, exif) in (1u32..20_000, 1u32..20_000, 1u8..=8),
        (w, h, rot, kind) in (1u32..=8192, 1u32..=8192, 0u8..4, 0usize..5),
        is_svg in any::<bool>(),
    ) {
        let crop = ["", "crop=bottom-right,", "crop=top-left,", "fp-x=0.333,fp-y=0.667,", "enlarge=1,"][kind];
        let variant: Variant = format!("w={w},h={h},fit=crop,{crop}fm=webp").parse().unwrap();
        let variant = variant.with_turn(Turn::new(rot, false, false));
        let info = photo(width, height, if is_svg { 1 } else { exif });
        let info = if is_svg { SourceInfo { format: SourceFormat::Svg, ..info } } else { info };
        let plan = Plan::new(&Source::unchecked(&[], info), &variant, &test_settings()).unwrap();
        let (shown, decoded) = (plan.frame.shown, plan.decode.size);
        // The comparison that the resampler makes.
        prop_assert!(shown.left >= 0.0 && shown.left + shown.width <= f64::from(decoded.width()));
        prop_assert!(shown.top >= 0.0 && shown.top + shown.height <= f64::from(decoded.height()));
        prop_assert!(shown.width > 0.0 && shown.height > 0.0);
    }
}

/// The header of a PNG.
fn png_head(width: u32, height: u32, color: png::ColorType) -> SourceInfo {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    let mut writer = encoder.write_header().unwrap();
    writer.write_chunk(png::chunk::IDAT, &[]).unwrap();
    drop(writer);
    probe(&bytes).unwrap()
}

#[test]
fn rows_of_a_png_are_averaged_if_enough_remain_for_each_resampled_one() {
    let check = |color, variant: &str, expected: (u32, u32, f64)| {
        let source = png_head(2880, 1801, color);
        let plan = plan(&source, variant);
        let (rows_per_mean, height, shown) = expected;
        assert_eq!(
            (plan.decode.rows_per_mean, plan.decode.size),
            (rows_per_mean, Size::new(2880, height).unwrap())
        );
        assert!((plan.frame.shown.height - shown).abs() < 1e-9, "{variant}: {}", plan.frame.shown.height);
    };
    check(png::ColorType::Rgb, "w=576,fm=webp", (2, 901, 900.5));
    check(png::ColorType::Grayscale, "w=64,fm=webp", (18, 101, 1801.0 / 18.0));
    check(png::ColorType::Rgb, "w=640,fm=webp", (1, 1801, 1801.0));
    check(png::ColorType::Rgb, "fm=webp", (1, 1801, 1801.0));
    check(png::ColorType::Rgb, "w=200,h=200,fit=crop,fm=webp", (3, 601, 1801.0 / 3.0));
    check(png::ColorType::Rgba, "w=576,fm=webp", (1, 1801, 1801.0));
}
