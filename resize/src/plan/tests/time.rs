//! Predicted times, and which variants are dear by the default of the policy.

use super::*;
use crate::prediction::predicted_time;

/// The default of `delivery.keepFromMilliseconds`.
const DEAR_MS: u128 = 180;

const MEGABYTE: u64 = 1_000_000;

fn milliseconds(info: &SourceInfo, bytes: u64, variant: &str) -> u128 {
    let source = Source::unchecked(&[], info.clone());
    predicted_time(&source, bytes, &variant.parse().unwrap(), &test_settings()).unwrap().as_millis()
}

fn png(width: u32, height: u32) -> SourceInfo {
    SourceInfo { format: SourceFormat::Png, is_lossless: true, ..photo(width, height, 1) }
}

fn animation(width: u32, height: u32, frames: u32) -> SourceInfo {
    let animation = Some(Animation { frames, plays: None });
    SourceInfo { format: SourceFormat::Gif, animation, ..photo(width, height, 1) }
}

#[test]
fn large_avif_animations_large_pngs_and_files_of_many_bytes_are_dear() {
    let check = |info: &SourceInfo, megabytes: f64, variant: &str, is_dear: bool| {
        let predicted = milliseconds(info, (megabytes * MEGABYTE as f64) as u64, variant);
        assert_eq!(predicted >= DEAR_MS, is_dear, "{megabytes} MB, {variant}: {predicted} ms");
    };
    let (phone, camera) = (photo(4000, 3000, 1), photo(6000, 4000, 1));
    for variant in ["w=640,fm=jpeg", "w=640,fm=webp", "w=640,fm=avif", "w=1920,fm=jpeg", "w=1280,fm=avif"] {
        check(&phone, 2.5, variant, false);
    }
    check(&phone, 2.5, "w=2560,fm=avif", true);
    check(&phone, 2.5, "w=3840,fm=webp", true);

    check(&camera, 5.8, "w=640,fm=webp", false);
    check(&camera, 12.0, "w=640,fm=webp", true);

    // A crop by content decodes a preview, too.
    let crop = "w=1080,h=1080,fit=crop,crop=attention,fm=avif";
    check(&camera, 5.8, &crop.replace(",crop=attention", ""), false);
    check(&camera, 5.8, crop, true);

    check(&animation(480, 360, 2), 0.2, "w=320,fm=webp", false);
    check(&animation(480, 360, 40), 2.0, "w=320,fm=webp", true);
    check(&animation(480, 360, 40), 2.0, "w=320,frame=1,fm=webp", false);

    check(&png(2880, 1800), 0.6, "w=640,fm=png", false);
    check(&png(6000, 4000), 30.0, "w=640,fm=webp", true);
}

#[test]
fn a_larger_source_or_variant_takes_longer() {
    let small = photo(2000, 1500, 1);
    let base = milliseconds(&small, MEGABYTE, "w=640,fm=webp");
    assert!(base > 0);
    for (info, bytes, variant) in [
        (photo(4000, 3000, 1), 2 * MEGABYTE, "w=640,fm=webp"),
        (small.clone(), 3 * MEGABYTE, "w=640,fm=webp"),
        (small.clone(), MEGABYTE, "w=1280,fm=webp"),
        (small.clone(), MEGABYTE, "w=640,fm=avif"),
        (small.clone(), MEGABYTE, "w=640,blur=40,fm=webp"),
        (small.clone(), MEGABYTE, "w=640,trim=auto,fm=webp"),
    ] {
        let longer = milliseconds(&info, bytes, variant);
        assert!(longer > base, "{variant}: {longer} ms, not more than {base}");
    }
    assert!(milliseconds(&small, MEGABYTE, "w=640,fm=jpeg") < base);
}

#[test]
fn the_time_of_a_file_follows_from_its_beginning() {
    let view = View { samples: &vec![90; 3 * 2000 * 1500], width: 2000, height: 1500 };
    let file = codecs::jpeg::encode(view, codecs::jpeg::Layout::Rgb, 90).unwrap();
    let (settings, variant) = (test_settings(), "w=640,fm=webp".parse().unwrap());
    let predicted = |bytes: &[u8]| {
        let source = Source::open(bytes, &settings.limits).unwrap();
        predicted_time(&source, file.len() as u64, &variant, &settings).unwrap()
    };
    assert_eq!(predicted(&file[..2000]), predicted(&file));
}
