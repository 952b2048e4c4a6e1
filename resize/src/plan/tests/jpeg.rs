//! Decoders and scales of JPEGs.

use super::*;
use crate::pixels::light::Light;
use crate::settings::JpegDecoder;
use ::jpeg::{LastBits, Options};
use contract::policy::Profile;

#[test]
fn a_jpeg_is_decoded_no_larger_than_the_variant_needs() {
    let check = |variant: &str, expected: u32, expected_of_libjpeg_turbo: u32| {
        let eighths = |jpeg_decoder| {
            let settings = Settings { jpeg_decoder, ..test_settings() };
            let plan = plan_with(&photo(4000, 3000, 1), variant, &settings);
            plan.decode.jpeg.unwrap().eighths()
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
fn the_fast_profile_decodes_fewer_samples_for_each_resampled_one() {
    let check = |width: u32, standard: u32, fast: u32| {
        let eighths = |profile| {
            let settings = Settings { profile, ..test_settings() };
            let plan = plan_with(&photo(4000, 3000, 1), &format!("w={width},fm=jpeg"), &settings);
            plan.decode.jpeg.unwrap().eighths()
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
fn in_linear_light_luma_keeps_half_of_its_size_and_two_samples_for_each_pixel() {
    let check = |variant: &str, expected: (u32, u32), expected_of_libjpeg_turbo: u32| {
        let eighths = |jpeg_decoder| {
            let settings = Settings { jpeg_decoder, ..test_settings() };
            let plan = plan_with(&photo(4000, 3000, 1), variant, &settings);
            assert_eq!((plan.decode.light, plan.frame.light), (Light::Linear, Light::Linear));
            match plan.decode.jpeg.unwrap() {
                JpegPlan::Own { options: Options { scales, .. }, .. } => {
                    (scales.luma.eighths(), scales.chroma.eighths())
                }
                JpegPlan::LibjpegTurbo { scale, .. } => (scale.eighths(), scale.eighths()),
            }
        };
        assert_eq!(eighths(JpegDecoder::Own), expected, "{variant}");
        assert_eq!(eighths(JpegDecoder::LibjpegTurbo).0, expected_of_libjpeg_turbo, "{variant}");
    };
    check("w=64,light=linear,fm=jpeg", (4, 1), 4);
    check("w=640,light=linear,fm=jpeg", (4, 2), 4);
    check("w=1000,light=linear,fm=webp", (4, 3), 4);
    check("w=1001,light=linear,fm=webp", (5, 4), 8);
    check("w=640,light=linear,fm=png", (4, 4), 4);
    check("light=linear,fm=jpeg", (8, 8), 8);
    let settings = Settings { profile: Profile::Faithful, ..test_settings() };
    let plan = plan_with(&photo(4000, 3000, 1), "w=640,fm=jpeg", &settings);
    assert_eq!((plan.decode.light, plan.decode.jpeg.unwrap().eighths()), (Light::Linear, 4));
}

#[test]
fn chroma_is_decoded_no_larger_than_the_variant_needs() {
    let check = |factors: [(u8, u8); 3], variant: &str, expected: (u32, u32)| {
        let plan = plan(&photo_of(4000, 3000, 1, factors), variant);
        let Some(JpegPlan::Own { options, .. }) = plan.decode.jpeg else { panic!("{:?}", plan.decode.jpeg) };
        let scales = (options.scales.luma.eighths(), options.scales.chroma.eighths());
        assert_eq!(scales, expected, "{factors:?} {variant}");
    };
    let (half, full, quarter) = ([(2, 2), (1, 1), (1, 1)], [(1, 1); 3], [(4, 1), (1, 1), (1, 1)]);
    check(half, "w=640,fm=webp", (2, 2));
    check(half, "w=900,fm=jpeg", (3, 3));
    check(full, "w=640,fm=webp", (2, 1));
    // AVIF may keep sharp chroma.
    check(full, "w=1280,fm=avif", (4, 4));
    check(half, "w=1280,fm=avif", (4, 4));
    check(full, "w=1280,fm=jpeg", (4, 2));
    let small = plan(&photo_of(640, 360, 1, full), "w=640,fm=jpeg");
    assert!(
        small.output.may_be_sharp && !plan(&photo_of(640, 360, 1, half), "w=640,fm=jpeg").output.may_be_sharp
    );
    check(quarter, "w=640,fm=webp", (2, 4));
    // PNG, and WebP without loss, have chroma as fine as luma.
    check(half, "w=640,fm=png", (2, 4));
    check(half, "w=640,lossless=1,fm=webp", (2, 4));
    check(full, "w=640,fm=png", (2, 2));
}

#[test]
fn last_bits_are_dropped_if_they_are_hardly_visible() {
    let check = |step: u8, variant: &str, expected: LastBits| {
        let source = probe(&head(4000, 3000, [(2, 2), (1, 1), (1, 1)], step)).unwrap();
        let plan = plan(&source, variant);
        let Some(JpegPlan::Own { options, .. }) = plan.decode.jpeg else { panic!("{:?}", plan.decode.jpeg) };
        assert_eq!(options.last_bits, expected, "{step} {variant}");
    };
    check(4, "w=640,fm=webp", LastBits::Drop);
    check(4, "w=320,fm=jpeg", LastBits::Drop);
    check(5, "w=640,fm=webp", LastBits::Read);
    check(4, "w=900,fm=webp", LastBits::Read);
    check(4, "w=640,fm=png", LastBits::Read);
    check(4, "w=640,lossless=1,fm=webp", LastBits::Read);
}
