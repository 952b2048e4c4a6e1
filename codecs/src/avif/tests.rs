//! Round trips through encoder and decoder.

mod builder;
mod container;
mod hostile;
mod layers;

use super::{Layout, encode, open};
use crate::{Error, View};

#[test]
fn an_encoded_picture_of_any_size_is_decoded() {
    let check = |width: u32, height: u32, quality: u8, least_psnr: f64| {
        let samples: Vec<u8> = (0..height)
            .flat_map(|y| {
                (0..width).flat_map(move |x| [(x * 3) as u8, (y * 3) as u8, 100 + (x + y) as u8 / 2])
            })
            .collect();
        let bytes = encode(View { samples: &samples, width, height }, Layout::Rgb, quality).unwrap();
        let file = open(&bytes).unwrap();
        let header = file.header();
        assert_eq!((header.width, header.height, header.has_alpha), (width, height, false));
        assert_eq!((header.depth, header.orientation, header.has_metadata), (8, 1, false));
        let mut out = vec![0; samples.len()];
        file.decode(Layout::Rgb, &mut out).unwrap();
        let psnr = psnr(&samples, &out);
        assert!(psnr >= least_psnr, "{width}x{height} at {quality}: {psnr:.1} dB");
    };
    for (width, height) in [(64, 48), (61, 47), (1, 1), (1, 33), (33, 1), (2, 3), (65, 8)] {
        check(width, height, 95, 36.0);
        check(width, height, 60, 30.0);
    }
    check(64, 64, 1, 15.0);
    check(64, 64, 100, 38.0);
}

/// The level that the sequence header of a still picture states (AV1 specification, section 5.5.1).
fn level(file: &[u8]) -> u8 {
    let data = file.windows(4).position(|window| window == b"mdat").unwrap() + 4;
    let header = data + file[data..].iter().position(|byte| *byte == 0x0a).unwrap() + 2;
    assert_eq!(file[header] & 0b1_1000, 0b1_1000, "a still picture with a reduced header");
    (file[header] & 0b111) << 2 | file[header + 1] >> 6
}

#[test]
fn a_picture_beyond_every_level_is_decoded() {
    // The highest level ends at a height of 8,704 rows, as it does at 35.7 million pixels (annex A.3).
    for (height, expected) in [(8704, 16..=19), (8712, 31..=31)] {
        let samples: Vec<u8> = (0..8 * height).flat_map(|at| [200, 100, (at / 8 % 200) as u8]).collect();
        let bytes = encode(View { samples: &samples, width: 8, height }, Layout::Rgb, 90).unwrap();
        assert!(expected.contains(&level(&bytes)), "{height}: level {}", level(&bytes));
        let mut out = vec![0; samples.len()];
        open(&bytes).unwrap().decode(Layout::Rgb, &mut out).unwrap();
        assert!(psnr(&samples, &out) > 30.0, "{height}");
    }
}

#[test]
fn a_higher_quality_takes_more_bytes_and_has_a_higher_psnr() {
    let mut state = 1_u32;
    let samples: Vec<u8> = (0..96 * 96 * 3)
        .map(|at| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (at % 251) as u8 / 2 + (state >> 26) as u8
        })
        .collect();
    let of_quality = |quality| {
        let bytes = encode(View { samples: &samples, width: 96, height: 96 }, Layout::Rgb, quality).unwrap();
        let mut out = vec![0; samples.len()];
        open(&bytes).unwrap().decode(Layout::Rgb, &mut out).unwrap();
        (bytes.len(), psnr(&samples, &out))
    };
    let steps: Vec<_> = [5, 30, 60, 80, 100].into_iter().map(of_quality).collect();
    assert!(steps.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1), "{steps:?}");
}

#[test]
fn alpha_is_encoded_and_decoded() {
    let (width, height) = (33, 17);
    let samples: Vec<u8> = (0..width * height)
        .flat_map(|at| [200, 100, 50, if at % width < 16 { 255 } else { (at % width * 3) as u8 }])
        .collect();
    let bytes = encode(View { samples: &samples, width, height }, Layout::Rgba, 90).unwrap();
    let file = open(&bytes).unwrap();
    assert!(file.header().has_alpha);
    let mut out = vec![0; samples.len()];
    file.decode(Layout::Rgba, &mut out).unwrap();
    for (was, is) in samples.as_chunks::<4>().0.iter().zip(out.as_chunks::<4>().0) {
        assert!(was.iter().zip(is).all(|(was, is)| was.abs_diff(*is) <= 12), "{was:?} became {is:?}");
    }
    let mut opaque = vec![0; 33 * 17 * 3];
    file.decode(Layout::Rgb, &mut opaque).unwrap();
    assert_eq!(file.decode(Layout::Rgb, &mut out), Err(Error::Size));
}

fn psnr(a: &[u8], b: &[u8]) -> f64 {
    let squares: f64 = a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    let mean = squares / a.len() as f64;
    if mean == 0.0 { f64::INFINITY } else { 10.0 * (255.0 * 255.0 / mean).log10() }
}
