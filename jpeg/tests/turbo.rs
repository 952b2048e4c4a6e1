//! Compares the decoding of random files, whole and damaged, with libjpeg-turbo: the samples must be the same at 1/8
//! and 8/8.

use codecs::jpeg::{self as turbo, Completeness};
use codecs::planes::PlanesMut;

use crate::support::chance::RandomNumbers;
use crate::support::decode;
use crate::support::encoder::{Layout, file};
use crate::support::picture::Picture;
use crate::support::scripts::{progressive_scans, sequential_scans};

/// The sampling factors that libjpeg-turbo decodes to planes.
const FACTORS: [&[(u32, u32)]; 4] = [
    &[(1, 1), (1, 1), (1, 1)],
    &[(2, 1), (1, 1), (1, 1)],
    &[(1, 2), (1, 1), (1, 1)],
    &[(2, 2), (1, 1), (1, 1)],
];

/// libjpeg-turbo's planes: samples, and bytes per row.
pub(crate) type TurboPlanes = [(Vec<u8>, usize); 3];

/// Decodes a file by libjpeg-turbo. Returns the planes, and `true` if the file was whole. `None` if libjpeg-turbo rejects
/// it.
pub(crate) fn planes(bytes: &[u8], scale: turbo::Scale) -> Option<(TurboPlanes, bool)> {
    let header = turbo::read_header(bytes).ok()?;
    let sampling = header.sampling?;
    let (luma, chroma) = turbo::planes::sizes(header, sampling, scale);
    let buffer = |(width, height): (u32, u32)| vec![0; (width * height) as usize];
    let (mut y, mut cb, mut cr) = (buffer(luma), buffer(chroma), buffer(chroma));
    let mut planes = PlanesMut { luma: &mut y, cb: &mut cb, cr: &mut cr };
    let completeness = turbo::planes::decode(bytes, header, scale, &mut planes).ok()?;
    let planes = [(y, luma.0 as usize), (cb, chroma.0 as usize), (cr, chroma.0 as usize)];
    Some((planes, completeness == Completeness::Complete))
}

/// The first sample that differs between the two decoders: plane, position and both values.
pub(crate) fn difference(ours: &jpeg::Planes, theirs: &TurboPlanes) -> Option<String> {
    for (number, (plane, (samples, width))) in ours.as_slice().iter().zip(theirs).enumerate() {
        for (y, (row, expected)) in plane.rows().zip(samples.chunks(*width)).enumerate() {
            for (x, (sample, expected)) in row.iter().zip(expected).enumerate() {
                if sample != expected {
                    return Some(format!("plane {number} at {x}, {y}: {sample}, not {expected}"));
                }
            }
        }
    }
    None
}

fn random_file(seed: u64, is_progressive: bool) -> Vec<u8> {
    let mut chance = RandomNumbers::new(seed);
    let factors = FACTORS[(seed % FACTORS.len() as u64) as usize];
    let (width, height) = (chance.within(1, 200) as u32, chance.within(1, 150) as u32);
    let picture = Picture::random(&mut chance, width, height, factors);
    let scans = if is_progressive {
        progressive_scans(&picture, &mut chance)
    } else {
        sequential_scans(&picture, &mut chance)
    };
    let restart_interval = if chance.once_in(3) { chance.within(1, 40) as u16 } else { 0 };
    file(&picture, &Layout { is_progressive, scans, restart_interval }, &mut chance)
}

#[test]
fn whole_files_have_the_samples_of_libjpeg_turbo() {
    for seed in 0..160 {
        let file = random_file(seed, seed % 2 == 1);
        for scale in [turbo::Scale::Eighth, turbo::Scale::Full] {
            let (theirs, is_whole) = planes(&file, scale).unwrap();
            let (ours, damage) = decode(&file, scale.eighths() as u8).unwrap();
            assert_eq!(difference(&ours, &theirs), None, "{seed} {scale:?}");
            assert!(is_whole && damage.is_none(), "{seed} {scale:?}: {damage:?}");
        }
    }
}

#[test]
fn truncated_sequential_files_have_the_samples_of_libjpeg_turbo() {
    let cut = |file: &mut Vec<u8>, chance: &mut RandomNumbers| {
        file.truncate(chance.below(file.len() as u64) as usize);
    };
    check_damaged(cut);
}

#[test]
fn sequential_files_with_flipped_bits_have_the_samples_of_libjpeg_turbo() {
    check_damaged(|file, chance| {
        let scan = file.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap() + 14;
        for _ in 0..=chance.below(3) {
            let index = scan + chance.below((file.len() - scan) as u64) as usize;
            file[index] ^= 1 << chance.below(8);
        }
    });
}

/// Damages files of one scan and compares the decoders. At most 2 % of the files may differ: if damage makes
/// coefficients of more than 16 bits, the two decoders cut them to 16 bits at different steps.
fn check_damaged(damage: fn(&mut Vec<u8>, &mut RandomNumbers)) {
    const SEEDS: u64 = 600;
    const MOST_DIFFERENT: u64 = SEEDS / 50;
    let (mut same, mut rejected, mut different) = (0, 0, 0);
    for seed in 0..SEEDS {
        let mut file = random_file(seed, false);
        if file.windows(2).filter(|pair| *pair == [0xff, 0xda]).count() > 1 {
            continue;
        }
        damage(&mut file, &mut RandomNumbers::new(seed));
        match (planes(&file, turbo::Scale::Full), decode(&file, 8)) {
            (Some((theirs, _)), Ok((ours, _))) if difference(&ours, &theirs).is_none() => same += 1,
            // This crate may decode files that libjpeg-turbo rejects.
            (None, _) => rejected += 1,
            (Some(_), Ok(_)) => different += 1,
            (Some(_), Err(error)) => panic!("{seed}: {error}"),
        }
    }
    assert!(
        different <= MOST_DIFFERENT && same > 200,
        "{same} the same, {rejected} rejected, {different} different"
    );
}
