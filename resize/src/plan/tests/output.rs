//! Formats, and sources that are served as variants.

use std::time::Duration;

use super::*;
use contract::format::Format;

#[test]
fn only_an_unchanged_upright_source_without_metadata_may_be_served() {
    let check = |source: SourceInfo, variant: &str, expected: bool| {
        let plan = plan(&source, variant);
        assert_eq!(plan.output.may_serve_source, expected, "{variant}");
    };
    check(photo(300, 200, 1), "w=300,fm=jpeg", true);
    check(photo(300, 200, 1), "w=640,fm=auto.base", true);
    check(photo(300, 200, 1), "w=299,fm=jpeg", false);
    check(photo(300, 200, 1), "w=300,fm=webp", false);
    check(photo(300, 200, 1), "w=300,fm=auto.avif", true);
    check(photo(300, 200, 1), "bg=ffffff,fm=jpeg", false);
    check(photo(300, 200, 3), "w=300,fm=jpeg", false);
    check(photo(300, 200, 1), "rot=180,fm=jpeg", false);
    check(photo(300, 200, 3), "rot=180,fm=jpeg", true);
    check(photo(300, 200, 1), "rect=0-0-300-199,fm=jpeg", false);
    check(photo(300, 200, 1), "rect=0-0-300-200,fm=jpeg", true);
    check(photo(300, 200, 1), "blur=1,fm=jpeg", false);
    check(photo(300, 200, 1), "sharp=1,fm=jpeg", false);
    check(photo(300, 200, 1), "w=300,h=300,fit=fillmax,fm=jpeg", false);
    check(photo(300, 200, 1), "w=300,h=200,fit=fill,fm=jpeg", true);
    check(photo(300, 200, 1), "w=300,h=199,fit=scale,fm=jpeg", false);
    check(SourceInfo { has_metadata: true, ..photo(300, 200, 1) }, "w=300,fm=jpeg", false);
}

#[test]
fn a_photo_becomes_avif_if_that_is_smaller_and_within_the_budget() {
    let check = |variant: &str, budget_milliseconds: u64, expected: Format| {
        let settings =
            Settings { avif_budget: Duration::from_millis(budget_milliseconds), ..test_settings() };
        let plan = plan_with(&photo(4000, 3000, 1), variant, &settings);
        assert_eq!(plan.output.format, expected, "{variant} in {budget_milliseconds} ms");
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
    // The padding is encoded, too. Transparent padding is alpha.
    check("w=1000,h=1000,fit=fill,bg=ffffff,fm=auto.avif", 40, Format::Avif);
    check("w=1000,h=1000,fit=fill,bg=ffffff,fm=auto.avif", 39, Format::Webp);
    check("w=1000,h=1000,fit=fill,fm=auto.avif", 40, Format::Webp);
    check("w=1000,h=750,fit=fill,fm=auto.avif", 30, Format::Avif);
    check("w=1000,lossless=1,fm=auto.avif", 30, Format::Webp);
}

#[test]
fn graphics_and_alpha_become_webp_with_every_budget() {
    let check = |channels: Channels, is_lossless: bool, variant: &str, expected: Format| {
        let source = SourceInfo { channels, is_lossless, ..photo(640, 480, 1) };
        let plan = plan(&source, variant);
        assert_eq!(plan.output.format, expected, "{channels:?} {is_lossless} {variant}");
    };
    check(Channels::Rgb, true, "fm=auto.avif", Format::Webp);
    check(Channels::Rgba, true, "fm=auto.avif", Format::Webp);
    check(Channels::Rgba, false, "fm=auto.avif", Format::Webp);
    check(Channels::Gray, false, "fm=auto.avif", Format::Avif);
    check(Channels::Cmyk, false, "fm=auto.avif", Format::Avif);
    check(Channels::Rgba, true, "fm=avif", Format::Avif);
}

#[test]
fn an_animation_stays_one_if_the_format_allows_it_and_no_frame_is_requested() {
    let animation = Some(Animation { frames: 3, plays: None });
    let gif = SourceInfo { format: SourceFormat::Gif, animation, is_lossless: true, ..photo(8, 8, 1) };
    let check = |variant: &str, expected: (bool, Format, bool)| {
        let plan = plan(&gif, variant);
        assert_eq!(
            (plan.output.is_animated, plan.output.format, plan.output.may_serve_source),
            expected,
            "{variant}"
        );
    };
    check("fm=auto.avif", (true, Format::Webp, true));
    check("fm=auto.webp", (true, Format::Webp, true));
    check("fm=auto.base", (true, Format::Gif, true));
    check("w=4,fm=auto.base", (true, Format::Gif, false));
    check("fm=gif", (true, Format::Gif, true));
    check("frame=1,fm=gif", (false, Format::Gif, false));
    check("frame=1,fm=auto.base", (false, Format::Png, false));
    check("fm=jpeg", (false, Format::Jpeg, false));
}
