//! Sources that are served as variants: the picture stays the same, and no variant contains a secret that is hidden in
//! its source.

mod hiding;

use std::time::{Duration, Instant};

use contract::format::Format;

use super::*;
use crate::pipeline::render;
use crate::settings::test_settings;
use crate::source::Source;
use crate::stopwatch::Stopwatch;
use hiding::{SECRET, avif, gif, jpeg, png, webp};

fn rendered(bytes: &[u8], format: &str) -> Result<Vec<u8>, crate::error::Error> {
    let variant = format!("fm={format}").parse().unwrap();
    let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
    render(bytes, &variant, &test_settings(), watch).map(|encoded| encoded.bytes)
}

fn rgba(bytes: &[u8]) -> Vec<u8> {
    let variant = "fm=png".parse().unwrap();
    let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
    let png = render(bytes, &variant, &test_settings(), watch).unwrap();
    assert_eq!(png.format, Format::Png);
    image::load_from_memory(&png.bytes).unwrap().into_rgba8().into_raw()
}

fn has_secret(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET)
}

#[test]
fn a_small_source_is_served_with_the_same_picture_and_no_more_bytes() {
    for (format, bytes) in [
        ("jpeg", jpeg::plain()),
        ("jpeg", jpeg::progressive()),
        ("png", png::plain()),
        ("png", png::gray()),
        ("gif", gif::plain()),
    ]
    .into_iter()
    .chain([("webp", webp::plain()), ("webp", webp::with_alpha()), ("webp", webp::lossless())])
    .chain([("avif", avif::plain()), ("avif", avif::with_alpha())])
    {
        let variant = rendered(&bytes, format).unwrap();
        assert!(variant.len() <= bytes.len() + 8, "{format}: {} for {}", variant.len(), bytes.len());
        assert_eq!(rgba(&variant), rgba(&bytes), "{format}");
        let again = rendered(&variant, format).unwrap();
        assert!(again.len() <= variant.len(), "{format}: {} for {}", again.len(), variant.len());
    }
}

#[test]
fn no_variant_contains_a_secret_that_is_hidden_in_its_source() {
    let mut hidden = Vec::new();
    hidden.extend(jpeg::hidden().into_iter().map(|(place, file)| ("jpeg", place, file)));
    hidden.extend(png::hidden().into_iter().map(|(place, file)| ("png", place, file)));
    hidden.extend(gif::hidden().into_iter().map(|(place, file)| ("gif", place, file)));
    hidden.extend(webp::hidden().into_iter().map(|(place, file)| ("webp", place, file)));
    hidden.extend(avif::hidden().into_iter().map(|(place, file)| ("avif", place, file)));
    for (source, place, file) in hidden {
        assert!(has_secret(&file), "{source}, {place}");
        for format in ["jpeg", "png", "gif", "webp", "avif"] {
            match rendered(&file, format) {
                Ok(variant) => assert!(!has_secret(&variant), "{source}, {place}: in {format}"),
                // A decoder that notices the secret.
                Err(error) => {
                    assert!(!matches!(error, crate::error::Error::Internal(_)), "{source}, {place}");
                }
            }
        }
    }
}

#[test]
fn a_truncated_file_is_not_served_unchanged() {
    let check = |format: &str, bytes: Vec<u8>| {
        for part in [2, 3, 7] {
            let cut = &bytes[..bytes.len() - bytes.len() / part];
            if let Ok(source) = Source::open(cut, &contract::limits::Limits::default()) {
                assert_eq!(rewrite(cut, source.info()), None, "{format} without its last {part}th");
            }
        }
    };
    check("jpeg", jpeg::plain());
    check("jpeg", jpeg::progressive());
    check("png", png::plain());
    check("gif", gif::plain());
    check("webp", webp::plain());
    check("avif", avif::plain());
}
