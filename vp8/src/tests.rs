//! Encodes pictures and compares what libwebp decodes with the encoder's own reconstruction.

mod pictures;

use crate::frame::encode_with;
use crate::macroblock::Coded;
use crate::{Error, MAX_SIDE, Plane, Planes, Range, encode, file, file_with_alpha};
use pictures::{Content, Picture};

const QUALITIES: [f32; 5] = [1.0, 30.0, 76.0, 95.0, 100.0];

/// Planes of samples, luma and both of chroma.
type Samples = [Vec<u8>; 3];

/// What libwebp decodes.
fn decode(file: &[u8], picture: &Picture) -> Samples {
    let header = codecs::webp::read_header(file).unwrap();
    assert_eq!((header.width, header.height), (picture.width, picture.height));
    assert!(!header.has_alpha && !header.is_animated && !header.is_lossless);
    let [mut luma, mut cb, mut cr] = picture.planes.clone().map(|plane| vec![0; plane.len()]);
    let mut planes = codecs::planes::PlanesMut { luma: &mut luma, cb: &mut cb, cr: &mut cr };
    codecs::webp::planes::decode(file, header, &mut planes).unwrap();
    [luma, cb, cr]
}

/// Encodes without a loop filter. Returns the file and the encoder's reconstruction.
fn encode_unfiltered(picture: &Picture, quality: f32) -> (Vec<u8>, Samples) {
    let mut planes = picture.planes.clone();
    let frame = encode_with(&picture.borrow(), quality, 0, |column, row, coded| {
        store(&mut planes, picture, coded, column, row);
    });
    (file(&frame.unwrap()), planes)
}

fn store(planes: &mut Samples, picture: &Picture, coded: &Coded, column: usize, row: usize) {
    let [luma, cb, cr] = planes;
    let across = picture.width as usize;
    let half = across.div_ceil(2);
    let put = |plane: &mut [u8], width: usize, x: usize, y: usize, block: &[u8; 16]| {
        for (line, samples) in plane.chunks_exact_mut(width).skip(y).zip(block.chunks_exact(4)) {
            line.iter_mut().skip(x).zip(samples).for_each(|(target, sample)| *target = *sample);
        }
    };
    for (n, block) in coded.luma.as_flattened().iter().enumerate() {
        put(luma, across, column * 16 + n % 4 * 4, row * 16 + n / 4 * 4, block);
    }
    for (n, block) in coded.chroma.iter().enumerate() {
        let plane = if n < 4 { &mut *cb } else { &mut *cr };
        put(plane, half, column * 8 + n % 2 * 4, row * 8 + n % 4 / 2 * 4, block);
    }
}

fn check(picture: &Picture, quality: f32) {
    let (file, expected) = encode_unfiltered(picture, quality);
    for (number, (decoded, expected)) in decode(&file, picture).iter().zip(&expected).enumerate() {
        let different = decoded.iter().zip(expected).position(|(a, b)| a != b);
        assert_eq!(different, None, "plane {number} of {picture} at quality {quality}");
    }
}

#[test]
fn libwebp_decodes_pictures_of_every_width_and_height_to_the_encoders_samples() {
    for (number, content) in (1..=70).zip(Content::ALL.into_iter().cycle()) {
        // Each width and each height occurs, with a height and a width that have another remainder by 16.
        let other = number * 37 % 70 + 1;
        for (width, height) in [(number, other), (other, number)] {
            let picture = Picture::new(width, height, content);
            for quality in [30.0, 76.0, 100.0] {
                check(&picture, quality);
            }
        }
    }
}

#[test]
fn libwebp_decodes_every_content_at_every_quality_to_the_encoders_samples() {
    for content in Content::ALL {
        let picture = Picture::new(83, 51, content);
        for quality in 1..=100 {
            check(&picture, quality as f32);
        }
    }
}

#[test]
fn extreme_shapes_are_coded() {
    for (width, height) in [(1, 1), (1, MAX_SIDE), (MAX_SIDE, 1), (16, 16), (17, 33), (2, 200)] {
        for content in [Content::Noise(255), Content::Gradient] {
            check(&Picture::new(width, height, content), 76.0);
        }
    }
}

#[test]
fn the_loop_filter_changes_samples_little_and_not_the_reconstruction() {
    for content in Content::ALL {
        let picture = Picture::new(96, 64, content);
        for quality in QUALITIES {
            let (unfiltered, _) = encode_unfiltered(&picture, quality);
            let filtered = file(&encode(&picture.borrow(), quality).unwrap());
            let (a, b) = (decode(&unfiltered, &picture), decode(&filtered, &picture));
            let error = |planes: &Samples| -> u64 {
                planes
                    .iter()
                    .flatten()
                    .zip(picture.planes.iter().flatten())
                    .map(|(a, b)| u64::from(a.abs_diff(*b)))
                    .sum()
            };
            let samples = picture.planes.iter().flatten().count() as u64;
            assert!(
                error(&b) <= error(&a) + 4 * samples,
                "{picture} at {quality}: {} after {}",
                error(&b),
                error(&a)
            );
        }
    }
}

#[test]
fn the_best_quality_keeps_every_sample_within_a_few_levels() {
    for content in Content::ALL {
        let picture = Picture::new(70, 45, content);
        let decoded = decode(&file(&encode(&picture.borrow(), 100.0).unwrap()), &picture);
        for (decoded, source) in decoded.iter().flatten().zip(picture.planes.iter().flatten()) {
            assert!(decoded.abs_diff(*source) <= 12, "{picture}: {decoded} for {source}");
        }
    }
}

#[test]
fn a_higher_quality_has_a_smaller_error_and_more_bytes() {
    for content in [Content::Gradient, Content::Noise(40), Content::Shapes] {
        let picture = Picture::new(160, 120, content);
        let mut last = (usize::MAX, 0);
        for quality in [10.0, 40.0, 70.0, 90.0] {
            let (file, planes) = encode_unfiltered(&picture, quality);
            let squares = planes.iter().flatten().zip(picture.planes.iter().flatten());
            let error = squares.map(|(a, b)| usize::from(a.abs_diff(*b)).pow(2)).sum();
            assert!(
                error <= last.0 && file.len() >= last.1,
                "{picture} at {quality}: {error}, {} bytes",
                file.len()
            );
            last = (error, file.len());
        }
    }
}

#[test]
fn samples_of_the_full_range_are_converted() {
    let mut picture = Picture::new(48, 32, Content::Flat);
    picture.range = Range::Full;
    for (full, limited) in [(0, 16), (100, 102), (255, 235)] {
        picture.planes =
            [(full, 48 * 32), (128, 24 * 16), (128, 24 * 16)].map(|(sample, count)| vec![sample; count]);
        let [luma, ..] = decode(&file(&encode(&picture.borrow(), 100.0).unwrap()), &picture);
        assert!(luma.iter().all(|sample| sample.abs_diff(limited) <= 1), "{full}: {}", luma[0]);
    }
}

#[test]
fn the_same_picture_gives_the_same_file() {
    let picture = Picture::new(90, 70, Content::Shapes);
    assert_eq!(encode(&picture.borrow(), 76.0), encode(&picture.borrow(), 76.0));
}

#[test]
fn planes_of_wrong_sizes_are_an_error() {
    let picture = Picture::new(33, 17, Content::Gradient);
    let right = picture.borrow();
    assert!(encode(&right, 76.0).is_ok());
    let empty = Plane { samples: &[], width: 0, height: 0 };
    let narrow = Plane { width: 16, ..right.cb };
    let short = Plane { samples: &right.luma.samples[1..], ..right.luma };
    let long = vec![0; MAX_SIDE as usize + 1];
    let long = Plane { samples: &long, width: MAX_SIDE + 1, height: 1 };
    let half = vec![0; long.samples.len() / 2];
    let half = Plane { samples: &half, width: half.len() as u32, height: 1 };
    for wrong in [
        Planes { luma: empty, cb: empty, cr: empty, ..right },
        Planes { cb: narrow, ..right },
        Planes { cr: right.luma, ..right },
        Planes { luma: short, ..right },
        Planes { luma: long, cb: half, cr: half, ..right },
    ] {
        assert_eq!(encode(&wrong, 76.0), Err(Error::Size));
    }
}

#[test]
fn a_picture_whose_modes_take_more_than_the_header_can_say_is_an_error() {
    let picture = Picture::new(5000, 5000, Content::Noise(255));
    assert_eq!(encode(&picture.borrow(), 60.0), Err(Error::TooLarge));
}

#[test]
fn alpha_lies_between_the_header_and_the_frame() {
    let frame = encode(&Picture::new(300, 20, Content::Gradient).borrow(), 76.0).unwrap();
    // A plane without compression: a header of zero, and a byte for each pixel.
    let alpha: Vec<u8> = std::iter::once(0).chain((0..300 * 20).map(|n| (n % 251) as u8)).collect();
    let file = file_with_alpha(&frame, &alpha, 300, 20).unwrap();
    let header = codecs::webp::read_header(&file).unwrap();
    assert_eq!((header.width, header.height, header.has_alpha), (300, 20, true));
    let mut samples = vec![0; 300 * 20 * 4];
    codecs::webp::decode(&file, header, codecs::webp::Layout::Rgba, &mut samples).unwrap();
    assert!(samples.chunks_exact(4).zip(&alpha[1..]).all(|(pixel, alpha)| pixel[3] == *alpha));
    assert_eq!(file_with_alpha(&frame, &alpha, 0, 20), Err(Error::Size));
    assert_eq!(file_with_alpha(&frame, &alpha, 300, MAX_SIDE + 1), Err(Error::Size));
}
