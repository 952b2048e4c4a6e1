//! What a plan says of sources and variants.

use std::time::Duration;

use super::*;
use crate::pixels::Channels;
use crate::settings::{JpegDecoder, Settings};
use crate::source::info::Animation;
use crate::source::probe::probe;
use ::jpeg::LastBits;
use contract::limits::Limits;
use contract::policy::DefaultQualities;
use contract::policy::Profile;
use contract::variant::{Quality, Turn};
use proptest::prelude::*;

fn settings() -> Settings {
    let qualities = DefaultQualities { jpeg: Quality::MAX, webp: Quality::MAX, avif: Quality::MAX };
    Settings {
        limits: Limits::default(),
        qualities,
        avif_budget: Duration::from_millis(100),
        jpeg_decoder: JpegDecoder::Own,
        profile: Profile::Standard,
        keeps_credit: false,
    }
}

fn jpeg(width: u32, height: u32, exif: u8) -> SourceInfo {
    jpeg_of(width, height, exif, [(2, 2), (1, 1), (1, 1)])
}

/// A JPEG of luma and chroma with these sampling factors, across and down.
fn jpeg_of(width: u32, height: u32, exif: u8, factors: [(u8, u8); 3]) -> SourceInfo {
    let source = probe(&head(width, height, factors, 1)).unwrap();
    SourceInfo { orientation: Orientation::from_exif(exif).unwrap(), ..source }
}

/// What comes before the data of a JPEG whose coefficients were all divided by `step`.
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
fn a_jpeg_is_decoded_no_larger_than_the_variant_needs() {
    let check = |variant: &str, expected: u32, expected_of_libjpeg_turbo: u32| {
        let eighths = |jpeg_decoder| {
            let settings = Settings { jpeg_decoder, ..settings() };
            let plan = Plan::new(&jpeg(4000, 3000, 1), &variant.parse().unwrap(), &settings);
            plan.jpeg.unwrap().eighths()
        };
        assert_eq!(eighths(JpegDecoder::Own), expected, "{variant}");
        assert_eq!(eighths(JpegDecoder::LibjpegTurbo), expected_of_libjpeg_turbo, "{variant}");
    };
    check("w=320,fm=jpeg", 1, 1);
    check("w=333,fm=jpeg", 1, 1);
    check("w=334,fm=jpeg", 2, 2);
    check("w=640,fm=jpeg", 2, 2);
    check("w=900,fm=jpeg", 3, 4);
    check("w=1280,fm=jpeg", 4, 4);
    check("w=1600,fm=jpeg", 5, 8);
    check("w=1920,fm=jpeg", 6, 8);
    check("w=2333,fm=jpeg", 7, 8);
    check("w=2334,fm=jpeg", 8, 8);
    check("w=300,h=300,fit=crop,fm=jpeg", 2, 2);
    check("fm=jpeg", 8, 8);
    check("w=5000,h=5000,fit=crop,enlarge=1,fm=jpeg", 8, 8);
}

#[test]
fn the_fast_profile_decodes_fewer_samples_for_each_one_shown_and_never_too_few() {
    let check = |width: u32, standard: u32, fast: u32| {
        let eighths = |profile| {
            let settings = Settings { profile, ..settings() };
            let variant = format!("w={width},fm=jpeg").parse().unwrap();
            Plan::new(&jpeg(4000, 3000, 1), &variant, &settings).jpeg.unwrap().eighths()
        };
        assert_eq!((eighths(Profile::Standard), eighths(Profile::Fast)), (standard, fast), "{width}");
    };
    check(333, 1, 1);
    check(400, 2, 1);
    check(401, 2, 2);
    check(1200, 4, 3);
    check(3000, 8, 8);
}

#[test]
fn chroma_is_decoded_no_larger_than_what_is_made_of_it() {
    let check = |factors: [(u8, u8); 3], variant: &str, expected: (u32, u32)| {
        let plan = Plan::new(&jpeg_of(4000, 3000, 1, factors), &variant.parse().unwrap(), &settings());
        let Some(JpegPlan::Own { options, .. }) = plan.jpeg else { panic!("{:?}", plan.jpeg) };
        let scales = (options.scales.luma.eighths(), options.scales.chroma.eighths());
        assert_eq!(scales, expected, "{factors:?} {variant}");
    };
    let (half, full, quarter) = ([(2, 2), (1, 1), (1, 1)], [(1, 1); 3], [(4, 1), (1, 1), (1, 1)]);
    check(half, "w=640,fm=webp", (2, 2));
    check(half, "w=900,fm=jpeg", (3, 3));
    check(full, "w=640,fm=webp", (2, 1));
    check(full, "w=1280,fm=avif", (4, 2));
    check(quarter, "w=640,fm=webp", (2, 4));
    // Chroma as fine as luma comes out.
    check(half, "w=640,fm=png", (2, 4));
    check(half, "w=640,lossless=1,fm=webp", (2, 4));
    check(full, "w=640,fm=png", (2, 2));
}

#[test]
fn last_bits_are_dropped_where_they_hardly_show() {
    let check = |step: u8, variant: &str, expected: LastBits| {
        let source = probe(&head(4000, 3000, [(2, 2), (1, 1), (1, 1)], step)).unwrap();
        let plan = Plan::new(&source, &variant.parse().unwrap(), &settings());
        let Some(JpegPlan::Own { options, .. }) = plan.jpeg else { panic!("{:?}", plan.jpeg) };
        assert_eq!(options.last_bits, expected, "{step} {variant}");
    };
    check(4, "w=640,fm=webp", LastBits::Drop);
    check(4, "w=320,fm=jpeg", LastBits::Drop);
    check(5, "w=640,fm=webp", LastBits::Read);
    check(4, "w=900,fm=webp", LastBits::Read);
    check(4, "w=640,fm=png", LastBits::Read);
    check(4, "w=640,lossless=1,fm=webp", LastBits::Read);
}

#[test]
fn a_turned_picture_is_planned_in_the_sides_it_is_seen_with() {
    let plan = Plan::new(&jpeg(4000, 3000, 6), &"w=600,fm=jpeg".parse().unwrap(), &settings());
    assert_eq!(plan.resampled, Size::new(800, 600).unwrap());
    assert_eq!(plan.orientation.upright_size(plan.resampled), Size::new(600, 800).unwrap());
}

#[test]
fn the_cropped_part_has_the_fractional_size_of_the_scaled_picture() {
    let plan = Plan::new(&jpeg(1001, 501, 1), &"w=64,fm=jpeg".parse().unwrap(), &settings());
    assert_eq!(plan.jpeg.map(JpegPlan::eighths), Some(1));
    assert_eq!(plan.decoded, Size::new(126, 63).unwrap());
    assert_eq!((plan.shown.width, plan.shown.height), (125.125, 62.625));
}

#[test]
fn a_drawing_is_drawn_in_the_size_that_is_asked_for() {
    let svg = SourceInfo { format: SourceFormat::Svg, channels: Channels::Rgba, ..jpeg(24, 12, 1) };
    let check = |variant: &str, decoded: (u32, u32), resampled: (u32, u32)| {
        let plan = Plan::new(&svg, &variant.parse().unwrap(), &settings());
        assert_eq!((plan.decoded.width(), plan.decoded.height()), decoded, "{variant}");
        assert_eq!((plan.resampled.width(), plan.resampled.height()), resampled, "{variant}");
        assert_eq!(plan.is_resampled(), decoded != resampled, "{variant}");
    };
    check("fm=png", (24, 12), (24, 12));
    check("w=640,fm=png", (640, 320), (640, 320));
    check("w=10,fm=png", (10, 5), (10, 5));
    check("w=640,h=640,fm=png", (640, 320), (640, 320));
    check("w=100,h=100,fit=crop,fm=png", (200, 100), (100, 100));
    check("w=8192,h=8192,fm=png", (8192, 4096), (8192, 4096));
}

#[test]
fn only_an_untouched_clean_upright_source_may_be_served_itself() {
    let check = |source: SourceInfo, variant: &str, expected: bool| {
        let plan = Plan::new(&source, &variant.parse().unwrap(), &settings());
        assert_eq!(plan.may_serve_source, expected, "{variant}");
    };
    check(jpeg(300, 200, 1), "w=300,fm=jpeg", true);
    check(jpeg(300, 200, 1), "w=640,fm=auto.base", true);
    check(jpeg(300, 200, 1), "w=299,fm=jpeg", false);
    check(jpeg(300, 200, 1), "w=300,fm=webp", false);
    check(jpeg(300, 200, 1), "bg=ffffff,fm=jpeg", false);
    check(jpeg(300, 200, 3), "w=300,fm=jpeg", false);
    check(jpeg(300, 200, 1), "rot=180,fm=jpeg", false);
    check(jpeg(300, 200, 3), "rot=180,fm=jpeg", true);
    check(jpeg(300, 200, 1), "rect=0-0-300-199,fm=jpeg", false);
    check(jpeg(300, 200, 1), "rect=0-0-300-200,fm=jpeg", true);
    check(jpeg(300, 200, 1), "blur=1,fm=jpeg", false);
    check(jpeg(300, 200, 1), "sharp=1,fm=jpeg", false);
    check(jpeg(300, 200, 1), "w=300,h=300,fit=fillmax,fm=jpeg", false);
    check(jpeg(300, 200, 1), "w=300,h=200,fit=fill,fm=jpeg", true);
    check(jpeg(300, 200, 1), "w=300,h=199,fit=scale,fm=jpeg", false);
    check(SourceInfo { has_metadata: true, ..jpeg(300, 200, 1) }, "w=300,fm=jpeg", false);
}

#[test]
fn a_filled_picture_is_padded_with_what_the_format_has() {
    let check = |variant: &str, expected: Option<&str>| {
        let plan = Plan::new(&jpeg(300, 200, 1), &variant.parse().unwrap(), &settings());
        assert_eq!(plan.canvas.map(|canvas| canvas.color.to_string()).as_deref(), expected, "{variant}");
    };
    check("w=300,h=200,fit=fill,fm=webp", None);
    check("w=300,h=300,fit=fill,fm=webp", Some("00000000"));
    check("w=300,h=300,fit=fillmax,fm=jpeg", Some("ffffff"));
    check("w=300,h=300,fit=fill,bg=ff0000,fm=jpeg", Some("ff0000"));
    check("w=300,h=300,fit=fill,bg=80ff0000,fm=jpeg", Some("ff7f7f"));
    check("w=300,h=300,fit=fill,bg=80ff0000,fm=webp", Some("80ff0000"));
}

#[test]
fn memory_for_finishing_is_counted() {
    let peak =
        |variant: &str| Plan::new(&jpeg(4000, 3000, 1), &variant.parse().unwrap(), &settings()).peak_bytes(0);
    let plain = peak("w=1000,h=1000,fm=webp");
    assert!(peak("w=1000,h=1000,blur=9,fm=webp") >= plain + 1000 * 750 * 32);
    assert!(peak("w=1000,h=1000,sharp=9,fm=webp") > plain);
    assert_eq!(peak("w=1000,h=1000,fit=fillmax,fm=webp"), plain + 1000 * 1000 * 4);
}

#[test]
fn a_photo_becomes_avif_where_that_has_fewer_bytes_and_is_within_the_budget() {
    let check = |variant: &str, budget_milliseconds: u64, expected: Format| {
        let settings = Settings { avif_budget: Duration::from_millis(budget_milliseconds), ..settings() };
        let plan = Plan::new(&jpeg(4000, 3000, 1), &variant.parse().unwrap(), &settings);
        assert_eq!(plan.format, expected, "{variant} in {budget_milliseconds} ms");
    };
    // 1000 × 750 pixels at 40 ns are 30 ms.
    check("w=1000,fm=auto.avif", 30, Format::Avif);
    check("w=1000,fm=auto.avif", 29, Format::Webp);
    check("w=1000,fm=auto.avif", 0, Format::Webp);
    check("w=1000,fm=auto.webp", 30, Format::Webp);
    check("w=1000,fm=auto.base", 30, Format::Jpeg);
    // 105 × 79 pixels are enough, 104 × 78 too few.
    check("w=105,fm=auto.avif", 30, Format::Avif);
    check("w=104,fm=auto.avif", 30, Format::Webp);
    check("w=16,fm=avif", 30, Format::Avif);
    check("fm=auto.avif", 479, Format::Webp);
    check("fm=auto.avif", 480, Format::Avif);
    check("fm=avif", 0, Format::Avif);
    // The padding is encoded too; with nothing it is alpha.
    check("w=1000,h=1000,fit=fill,bg=ffffff,fm=auto.avif", 40, Format::Avif);
    check("w=1000,h=1000,fit=fill,bg=ffffff,fm=auto.avif", 39, Format::Webp);
    check("w=1000,h=1000,fit=fill,fm=auto.avif", 40, Format::Webp);
    check("w=1000,h=750,fit=fill,fm=auto.avif", 30, Format::Avif);
    check("w=1000,lossless=1,fm=auto.avif", 30, Format::Webp);
}

#[test]
fn graphics_and_alpha_stay_webp_however_long_avif_may_take() {
    let check = |channels: Channels, is_lossless: bool, variant: &str, expected: Format| {
        let source = SourceInfo { channels, is_lossless, ..jpeg(640, 480, 1) };
        let plan = Plan::new(&source, &variant.parse().unwrap(), &settings());
        assert_eq!(plan.format, expected, "{channels:?} {is_lossless} {variant}");
    };
    check(Channels::Rgb, true, "fm=auto.avif", Format::Webp);
    check(Channels::Rgba, true, "fm=auto.avif", Format::Webp);
    check(Channels::Rgba, false, "fm=auto.avif", Format::Webp);
    check(Channels::Gray, false, "fm=auto.avif", Format::Avif);
    check(Channels::Cmyk, false, "fm=auto.avif", Format::Avif);
    check(Channels::Rgba, true, "fm=avif", Format::Avif);
}

#[test]
fn a_format_without_alpha_gets_an_opaque_background() {
    let alpha = SourceInfo {
        channels: Channels::Rgba,
        is_lossless: true,
        format: SourceFormat::Png,
        ..jpeg(8, 8, 1)
    };
    let check = |variant: &str, expected: Option<&str>| {
        let plan = Plan::new(&alpha, &variant.parse().unwrap(), &settings());
        assert_eq!(plan.background.map(|color| color.to_string()).as_deref(), expected, "{variant}");
    };
    check("fm=png", None);
    check("fm=auto.base", None);
    check("fm=jpeg", Some("ffffff"));
    check("bg=ff0000,fm=jpeg", Some("ff0000"));
    check("bg=80ff0000,fm=webp", Some("80ff0000"));
    check("bg=80ff0000,fm=jpeg", Some("ff7f7f"));
}

#[test]
fn what_moves_stays_moving_where_the_format_can_and_no_frame_is_named() {
    let animation = Some(Animation { frames: 3, plays: None });
    let gif = SourceInfo { format: SourceFormat::Gif, animation, is_lossless: true, ..jpeg(8, 8, 1) };
    let check = |variant: &str, expected: (bool, Format, bool)| {
        let plan = Plan::new(&gif, &variant.parse().unwrap(), &settings());
        assert_eq!((plan.is_animated, plan.format, plan.may_serve_source), expected, "{variant}");
    };
    check("fm=auto.avif", (true, Format::Webp, false));
    check("fm=auto.webp", (true, Format::Webp, false));
    check("fm=auto.base", (true, Format::Gif, true));
    check("w=4,fm=auto.base", (true, Format::Gif, false));
    check("fm=gif", (true, Format::Gif, true));
    check("frame=1,fm=gif", (false, Format::Gif, false));
    check("frame=1,fm=auto.base", (false, Format::Png, false));
    check("fm=jpeg", (false, Format::Jpeg, false));
}

#[test]
fn an_animation_is_predicted_to_take_its_canvases_and_no_more_for_more_frames() {
    let peak = |frames| {
        let animation = Some(Animation { frames, plays: None });
        let gif = SourceInfo { format: SourceFormat::Gif, animation, ..jpeg(1000, 800, 1) };
        Plan::new(&gif, &"w=100,fm=webp".parse().unwrap(), &settings()).peak_bytes(0)
    };
    assert!(peak(2) >= 20 * 1000 * 800);
    assert_eq!(peak(2), peak(999));
}

proptest! {
    #[test]
    fn the_shown_part_lies_inside_what_is_decoded(
        (width, height, exif) in (1u32..20_000, 1u32..20_000, 1u8..=8),
        (w, h, rot, kind) in (1u32..=8192, 1u32..=8192, 0u8..4, 0usize..5),
        is_svg in any::<bool>(),
    ) {
        let crop = ["", "crop=bottom-right,", "crop=top-left,", "fp-x=0.333,fp-y=0.667,", "enlarge=1,"][kind];
        let variant: Variant = format!("w={w},h={h},fit=crop,{crop}fm=webp").parse().unwrap();
        let variant = variant.with_turn(Turn::new(rot, false, false));
        let source = jpeg(width, height, if is_svg { 1 } else { exif });
        let source = if is_svg { SourceInfo { format: SourceFormat::Svg, ..source } } else { source };
        let Plan { shown, decoded, .. } = Plan::new(&source, &variant, &settings());
        // The comparison that the resampler makes.
        prop_assert!(shown.left >= 0.0 && shown.left + shown.width <= f64::from(decoded.width()));
        prop_assert!(shown.top >= 0.0 && shown.top + shown.height <= f64::from(decoded.height()));
        prop_assert!(shown.width > 0.0 && shown.height > 0.0);
    }
}

/// A PNG of these samples, as far as its header.
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
fn rows_of_a_png_are_averaged_where_enough_are_left_for_each_one_that_comes_out() {
    let check = |color, variant: &str, expected: (u32, u32, f64)| {
        let source = png_head(2880, 1801, color);
        let plan = Plan::new(&source, &variant.parse().unwrap(), &settings());
        let (rows_a_mean, height, shown) = expected;
        assert_eq!((plan.rows_a_mean, plan.decoded), (rows_a_mean, Size::new(2880, height).unwrap()));
        assert!((plan.shown.height - shown).abs() < 1e-9, "{variant}: {}", plan.shown.height);
    };
    check(png::ColorType::Rgb, "w=576,fm=webp", (2, 901, 900.5));
    check(png::ColorType::Grayscale, "w=64,fm=webp", (18, 101, 1801.0 / 18.0));
    check(png::ColorType::Rgb, "w=640,fm=webp", (1, 1801, 1801.0));
    check(png::ColorType::Rgb, "fm=webp", (1, 1801, 1801.0));
    check(png::ColorType::Rgb, "w=200,h=200,fit=crop,fm=webp", (3, 601, 1801.0 / 3.0));
    check(png::ColorType::Rgba, "w=576,fm=webp", (1, 1801, 1801.0));
}
