use std::time::{Duration, Instant};

use super::*;
use crate::pipeline::render;
use crate::settings::{Settings, test_settings};
use crate::stopwatch::Stopwatch;

const FORMATS: [(&str, Format); 5] = [
    ("fm=jpeg", Format::Jpeg),
    ("fm=png", Format::Png),
    ("fm=webp", Format::Webp),
    ("fm=avif", Format::Avif),
    ("fm=gif", Format::Gif),
];

fn rendered(file: &[u8], variant: &str, settings: &Settings) -> Vec<u8> {
    let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
    render(file, &variant.parse().unwrap(), settings, watch).unwrap().bytes
}

/// A picture with transparent parts, or without.
fn picture(is_opaque: bool) -> Vec<u8> {
    let samples: Vec<u8> = (0..40 * 30)
        .flat_map(|at: u32| [at as u8, (at / 7) as u8, 90, if is_opaque || at % 40 < 20 { 255 } else { 0 }])
        .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 40, 30);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(&samples).unwrap();
    file
}

fn all() -> Notices {
    Notices {
        artist: Some("Ann Ørsted".to_owned()),
        copyright: Some("© 2026 <Ann> & Bo".to_owned()),
        credit: Some("Agency".to_owned()),
        source_type: Some("trainedAlgorithmicMedia"),
    }
}

#[test]
fn written_notices_are_read_back_and_leave_the_picture_unchanged() {
    let label = Notices { source_type: Some("digitalCapture"), ..Notices::default() };
    let author = Notices { artist: Some("x".to_owned()), ..Notices::default() };
    for is_opaque in [true, false] {
        for (variant, format) in FORMATS {
            let file = rendered(&picture(is_opaque), variant, &test_settings());
            assert_eq!(Notices::read(&file, true), None, "{variant}");
            let before = rendered(&file, "fm=png", &test_settings());
            for notices in [all(), label.clone(), author.clone()] {
                let written = with_notices(file.clone(), &notices, format).unwrap();
                assert_eq!(Notices::read(&written, true), Some(notices), "{variant}");
                let source = crate::source::probe::probe(&written).unwrap();
                assert!(source.has_metadata, "{variant}");
                let after = rendered(&written, "fm=png", &test_settings());
                let [before, after] =
                    [&before, &after].map(|file| image::load_from_memory(file).unwrap().to_rgba8());
                assert!(after == before, "{variant}");
            }
        }
    }
}

#[test]
fn how_a_picture_was_made_is_kept_in_every_format_and_its_authors_where_the_policy_says_so() {
    let source = with_notices(picture(true), &all(), Format::Png).unwrap();
    let label = Notices { source_type: all().source_type, ..Notices::default() };
    let keeping = Settings { keeps_credit: true, ..test_settings() };
    for variant in ["fm=jpeg", "fm=png", "fm=webp", "fm=avif", "fm=gif", "w=20,fm=jpeg", "lossless=1,fm=webp"]
    {
        let found = |settings: &Settings| Notices::read(&rendered(&source, variant, settings), true);
        assert_eq!(found(&test_settings()), Some(label.clone()), "{variant}");
        assert_eq!(found(&keeping), Some(all()), "{variant}");
    }
}

#[test]
fn a_source_in_each_format_tells_how_it_was_made() {
    for (variant, format) in FORMATS {
        let source =
            with_notices(rendered(&picture(true), variant, &test_settings()), &all(), format).unwrap();
        let found = Notices::read(&rendered(&source, "fm=webp", &test_settings()), true);
        assert_eq!(found.and_then(|notices| notices.source_type), all().source_type, "{variant}");
    }
}

#[test]
fn a_label_at_the_end_of_a_small_file_is_not_lost_when_its_picture_would_be_served_unchanged() {
    let mut source = rendered(&picture(true), "fm=gif", &test_settings());
    source.extend(b"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia");
    let found = Notices::read(&rendered(&source, "fm=gif", &test_settings()), false);
    assert_eq!(found.and_then(|notices| notices.source_type), Some("trainedAlgorithmicMedia"));
}
