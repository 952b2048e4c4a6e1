//! TIFFs of every supported kind, written here.

mod writer;

use super::*;
use crate::pixels::Size;
use crate::source::probe::probe;
use writer::{Kind, file};

const WIDTH: usize = 83;
const HEIGHT: usize = 37;

/// A sample from 0 to 1 of a channel.
fn light(x: usize, y: usize, channel: usize) -> f64 {
    ((x * (channel + 1) + y * 3) % 97) as f64 / 96.0
}

fn decoded(bytes: &[u8]) -> Pixels {
    let info = probe(bytes).unwrap();
    assert_eq!(info.size, Size::new(WIDTH as u32, HEIGHT as u32).unwrap());
    decode(bytes, &info).unwrap()
}

/// Checks the picture, with a tolerance in 255ths.
fn check(kind: &Kind, expected: impl Fn(usize, usize, usize) -> f64, tolerance: f64) {
    let pixels = decoded(&file(kind, WIDTH, HEIGHT, light));
    let channels = pixels.channels.count() as usize;
    for (at, sample) in pixels.samples.iter().enumerate() {
        let (x, y) = (at / channels % WIDTH, at / channels / WIDTH);
        let expected = expected(x, y, at % channels) * 255.0;
        assert!(
            (f64::from(*sample) - expected).abs() <= tolerance,
            "{kind:?}: {sample}, not {expected}, at {x}, {y}"
        );
    }
}

#[test]
fn samples_of_every_number_of_bits_and_compression_are_read_in_strips_tiles_and_planes() {
    const NONE: u16 = 1;
    for (bits, format) in
        [(1_u32, 1), (2, 1), (4, 1), (6, 1), (8, 1), (10, 1), (12, 1), (14, 1), (16, 1), (32, 1)]
            .into_iter()
            .chain([(16, 3), (32, 3), (64, 3)])
    {
        let steps = f64::from((1_u64 << bits.min(16)) as u32 - 1);
        let tolerance = 0.51 + if format == 3 { 0.2 } else { 127.5 / steps };
        for compression in [NONE, 5, 8, 32773] {
            for predictor in [1, 2, 3] {
                let is_defined = match predictor {
                    2 => bits >= 8 && bits.is_power_of_two() && format == 1,
                    3 => format == 3,
                    _ => true,
                };
                if !is_defined || predictor > 1 && !matches!(compression, 5 | 8) {
                    continue;
                }
                for layout in 0..6_u8 {
                    let kind = Kind {
                        bits,
                        format,
                        compression,
                        predictor,
                        samples: [1, 3, 3, 3, 1, 3][usize::from(layout)],
                        photometric: [1, 2, 2, 2, 1, 2][usize::from(layout)],
                        is_planar: layout == 2,
                        tile: (layout == 3 || layout == 4).then_some(32),
                        is_big_endian: layout % 2 == 1,
                        is_reversed: layout == 5,
                        ..Kind::default()
                    };
                    check(&kind, light, tolerance);
                }
            }
        }
    }
}

#[test]
fn colours_follow_their_meaning() {
    let kind = |photometric, samples| Kind { photometric, samples, ..Kind::default() };
    check(&kind(0, 1), |x, y, _| 1.0 - light(x, y, 0), 0.51);
    check(&kind(1, 2), light, 0.51);
    check(&kind(2, 4), light, 0.51);
    check(&kind(5, 4), light, 0.51);
    // Further samples without a meaning don't count, also where differences run over them.
    let extra = Kind { extra: vec![0], compression: 5, predictor: 2, ..kind(2, 4) };
    assert_eq!(decoded(&file(&extra, WIDTH, HEIGHT, light)).channels, crate::pixels::Channels::Rgb);
    check(&extra, light, 0.51);
    let extra = Kind { extra: vec![2, 0], compression: 8, predictor: 2, ..kind(2, 5) };
    check(&extra, light, 0.51);
    // Index n has the colour (n, 255 - n, n / 2).
    for (bits, scale) in [(8, 257), (8, 1), (4, 257)] {
        let largest = (1_u32 << bits) - 1;
        let color = move |index: u32| {
            let step = 255 / largest;
            [index * step, 255 - index * step, index * step / 2].map(|sample| sample as u16 * scale)
        };
        let palette = (0..=largest).map(color).collect();
        let kind = Kind { bits, photometric: 3, samples: 1, palette, ..Kind::default() };
        let index = move |x, y| (light(x, y, 0) * f64::from(largest)).round() / f64::from(largest);
        check(&kind, |x, y, channel| [index(x, y), 1.0 - index(x, y), index(x, y) / 2.0][channel], 1.0);
    }
}

#[test]
fn fax_codings_are_read() {
    let black = |x: usize, y: usize| {
        f64::from(u8::from(!(x / 5 + y / 3).is_multiple_of(3) && !(x * y).is_multiple_of(11)))
    };
    for (compression, options) in [(2, 0), (3, 0), (3, 4), (3, 1), (4, 0)] {
        for is_reversed in [false, true] {
            let kind = Kind {
                bits: 1,
                photometric: 0,
                samples: 1,
                compression,
                options,
                is_reversed,
                ..Kind::default()
            };
            let bytes = file(&kind, WIDTH, HEIGHT, |x, y, _| black(x, y));
            let pixels = decoded(&bytes);
            for (at, sample) in pixels.samples.iter().enumerate() {
                let expected = (255.0 * (1.0 - black(at % WIDTH, at / WIDTH))) as u8;
                assert_eq!(*sample, expected, "{kind:?} at {}, {}", at % WIDTH, at / WIDTH);
            }
        }
    }
}

#[test]
fn a_file_whose_tags_are_cut_off_is_refused_with_a_sentence() {
    let tags_at_1000 = [b"II*\0", &1000_u32.to_le_bytes()[..], &[0; 90]].concat();
    let refusal = probe(&tags_at_1000).unwrap_err().to_string();
    assert_eq!(refusal, "the file is damaged: the file ends before the tags of the TIFF");
}

#[test]
fn a_file_that_is_cut_off_shows_what_there_is() {
    for compression in [1, 5, 8, 32773] {
        let kind = Kind { samples: 3, photometric: 2, compression, ..Kind::default() };
        let bytes = file(&kind, WIDTH, HEIGHT, light);
        let pixels = decoded(&bytes[..bytes.len() - 2000]);
        assert_eq!(pixels.samples[3 * 40], (light(40, 0, 0) * 255.0).round() as u8, "{compression}");
        assert_eq!(pixels.samples.last(), Some(&0), "{compression}");
    }
}
