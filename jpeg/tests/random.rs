//! Compares the decoding of random pictures in random files with the definition of the transform in floating point.

use jpeg::{Header, LastBits, Options, Planes, Scale, Scales};

use crate::support::chance::RandomNumbers;
use crate::support::encoder::{Layout, file};
use crate::support::picture::Picture;
use crate::support::scripts::{progressive_scans, sequential_scans};
use crate::support::{decode, decode_with, reference};

/// Common sampling factors, and rare ones.
const FACTORS: [&[(u32, u32)]; 16] = [
    &[(1, 1)],
    &[(2, 2)],
    &[(1, 1), (1, 1), (1, 1)],
    &[(2, 1), (1, 1), (1, 1)],
    &[(1, 2), (1, 1), (1, 1)],
    &[(2, 2), (1, 1), (1, 1)],
    &[(4, 1), (1, 1), (1, 1)],
    &[(1, 4), (1, 1), (1, 1)],
    &[(4, 2), (1, 1), (1, 1)],
    &[(2, 2), (2, 1), (1, 2)],
    &[(1, 1), (2, 2), (2, 2)],
    &[(3, 1), (1, 1), (2, 1)],
    &[(4, 4), (3, 3), (1, 1)],
    &[(1, 1), (1, 1), (1, 1), (1, 1)],
    &[(2, 2), (1, 1), (1, 1), (2, 2)],
    &[(3, 2), (2, 1), (1, 1), (1, 1)],
];

/// The largest mean error of a plane, in fixed-point arithmetic against floating point.
///
/// The mean over all these pictures is 0.01. A plane has more if many of its exact values are near a
/// half, where rounding differs.
const MOST_MEAN_ERROR: f64 = 0.1;

fn random_file(seed: u64, is_progressive: bool) -> (Picture, Vec<u8>) {
    let (picture, file, _) = random_file_and_layout(seed, is_progressive);
    (picture, file)
}

fn random_file_and_layout(seed: u64, is_progressive: bool) -> (Picture, Vec<u8>, Layout) {
    let mut chance = RandomNumbers::new(seed);
    let factors = FACTORS[(seed % FACTORS.len() as u64) as usize];
    let (width, height) = (chance.within(1, 90) as u32, chance.within(1, 70) as u32);
    let picture = Picture::random(&mut chance, width, height, factors);
    let scans = if is_progressive {
        progressive_scans(&picture, &mut chance)
    } else {
        sequential_scans(&picture, &mut chance)
    };
    let restart_interval = if chance.once_in(3) { chance.within(1, 20) as u16 } else { 0 };
    let layout = Layout { is_progressive, scans, restart_interval };
    let file = file(&picture, &layout, &mut chance);
    (picture, file, layout)
}

fn check(seed: u64, is_progressive: bool) {
    let (picture, file) = random_file(seed, is_progressive);
    let header = Header::read(&file).unwrap();
    assert_eq!((header.width(), header.height()), (picture.width, picture.height));
    for eighths in 1..=8 {
        let (planes, damage) = decode(&file, eighths).unwrap();
        assert!(damage.is_none(), "{seed} {eighths}/8: {damage:?}");
        assert_eq!(planes.as_slice().len(), picture.components.len());
        for (component, plane) in picture.components.iter().zip(planes.as_slice()) {
            let expected = reference::plane(&picture, component, eighths.into());
            assert_close(plane, &expected, eighths, &format!("{seed} {eighths}/8"));
        }
    }
}

fn assert_close(plane: &jpeg::Plane, expected: &reference::Plane, eighths: u8, context: &str) {
    assert_eq!(plane.height() as usize, expected.len(), "{context}");
    assert_eq!(plane.width() as usize, expected[0].len(), "{context}");
    let mut sum = 0;
    let mut count = 0;
    for (y, (row, expected)) in plane.rows().zip(expected).enumerate() {
        for (x, (sample, expected)) in row.iter().zip(expected).enumerate() {
            let difference = sample.abs_diff(*expected);
            let most = u8::from(eighths > 2);
            assert!(difference <= most, "{context} at {x}, {y}: {sample}, not {expected}");
            sum += u32::from(difference);
            count += 1;
        }
    }
    // The mean of very few samples is not meaningful, so the sum of their errors may be up to 8.
    let most = f64::from(count) * MOST_MEAN_ERROR + 8.0;
    assert!(f64::from(sum) <= most, "{context}: {sum} of {count}");
}

#[test]
fn sequential_files_of_every_shape_are_decoded_at_every_scale() {
    (0..320).for_each(|seed| check(seed, false));
}

#[test]
fn progressive_files_of_every_shape_and_script_are_decoded_at_every_scale() {
    (0..320).for_each(|seed| check(seed, true));
}

#[test]
fn luma_and_chroma_are_decoded_at_different_scales() {
    for seed in 0..80 {
        let (picture, file) = random_file(seed, seed % 2 == 0);
        let mut chance = RandomNumbers::new(seed);
        let scale = |chance: &mut RandomNumbers| Scale::new(chance.within(1, 8) as u8).unwrap();
        let scales = Scales { luma: scale(&mut chance), chroma: scale(&mut chance) };
        let (planes, _) = decode_with(&file, Options { scales, last_bits: LastBits::Read }).unwrap();
        for (index, (component, plane)) in picture.components.iter().zip(planes.as_slice()).enumerate() {
            let eighths = scales.of_component(index).eighths() as u8;
            let expected = reference::plane(&picture, component, eighths.into());
            assert_close(plane, &expected, eighths, &format!("{seed} {scales:?}"));
        }
    }
}

#[test]
fn dropping_the_last_bit_equals_a_file_without_the_last_refinements() {
    let mut changed = 0;
    for seed in 0..120 {
        let (mut picture, file, layout) = random_file_and_layout(seed, true);
        let last_bits = layout.scans.iter().filter(|scan| scan.start > 0 && (scan.high, scan.low) == (1, 0));
        for scan in last_bits {
            for block in &mut picture.components[scan.components[0]].blocks {
                for value in &mut block[usize::from(scan.start)..=usize::from(scan.end)] {
                    changed += u32::from(*value % 2 != 0);
                    *value -= *value % 2;
                }
            }
        }
        for eighths in [2, 8] {
            let scales = Scales::all(Scale::new(eighths).unwrap());
            let (planes, damage) = decode_with(&file, Options { scales, last_bits: LastBits::Drop }).unwrap();
            assert!(damage.is_none());
            for (component, plane) in picture.components.iter().zip(planes.as_slice()) {
                let expected = reference::plane(&picture, component, eighths.into());
                assert_close(plane, &expected, eighths, &format!("{seed} {eighths}/8"));
            }
        }
    }
    assert!(changed > 1000, "{changed}");
}

#[test]
fn memory_is_bounded_by_the_header() {
    for seed in 0..40 {
        let (_, file) = random_file(seed, seed % 2 == 0);
        let header = Header::read(&file).unwrap();
        for scale in Scale::ALL {
            let (planes, _) = decode(&file, scale.eighths() as u8).unwrap();
            let samples: usize = planes.as_slice().iter().map(|plane| plane.samples().len()).sum();
            assert!(samples as u64 <= header.memory(Scales::all(scale)));
        }
    }
}

#[test]
fn planes_at_several_scales_are_those_of_each_scale_alone() {
    for (seed, is_progressive) in (0..48).map(|seed| (seed, seed % 8 == 7)) {
        let (_, file) = random_file(seed, is_progressive);
        let mut chance = RandomNumbers::new(seed);
        let mut scale = || Scale::new(chance.within(1, 8) as u8).unwrap();
        let scales: Vec<Scales> = (0..5).map(|_| Scales { luma: scale(), chroma: scale() }).collect();
        let header = Header::read(&file).unwrap();
        let mut targets: Vec<(Options, Planes)> = scales
            .into_iter()
            .map(|scales| (Options { scales, last_bits: LastBits::Read }, Planes::default()))
            .collect();
        let damage = jpeg::decode_scales(&header, &file, &mut targets, &mut || true).unwrap();
        assert!(damage.is_none(), "{seed}: {damage:?}");
        for (options, planes) in &targets {
            let (alone, _) = decode_with(&file, *options).unwrap();
            assert_same(planes, &alone, &format!("{seed} {options:?}"));
        }
    }
}

fn assert_same(planes: &Planes, expected: &Planes, context: &str) {
    assert_eq!(planes.as_slice().len(), expected.as_slice().len(), "{context}");
    for (plane, expected) in planes.as_slice().iter().zip(expected.as_slice()) {
        assert_eq!(plane.exact_size(), expected.exact_size(), "{context}");
        assert!(plane.rows().eq(expected.rows()), "{context}");
    }
}
