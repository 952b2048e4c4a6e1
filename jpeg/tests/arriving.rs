//! Files that are decoded while they arrive: the same samples, and no byte too many.

use jpeg::{Header, Input, LastBits, Options, Planes, Scale, Scales};

use crate::support::chance::RandomNumbers;
use crate::support::decode_with;
use crate::support::encoder::{Layout, Scan, file};
use crate::support::picture::Picture;
use crate::support::scripts::{progressive_scans, sequential_scans};

/// A file of which no byte has arrived before it is asked for.
struct Late<'a> {
    file: &'a [u8],
    arrived: usize,
}

impl Input for Late<'_> {
    fn prefix(&mut self, length: usize) -> &[u8] {
        self.arrived = self.arrived.max(length.min(self.file.len()));
        &self.file[..self.arrived]
    }
}

/// Decodes both ways, compares the results, and returns the number of bytes that arrived.
fn compare(bytes: &[u8], options: Options, context: &str) -> usize {
    let whole = decode_with(bytes, options);
    let mut late = Late { file: bytes, arrived: 0 };
    let mut planes = Planes::default();
    let Ok(header) = Header::read(bytes) else { return 0 };
    let damage = jpeg::decode_arriving(&header, &mut late, options, &mut planes, &mut || true);
    match (whole, damage) {
        (Ok((expected, found)), Ok(damage)) => {
            assert_eq!(found, damage, "{context}");
            for (plane, expected) in planes.as_slice().iter().zip(expected.as_slice()) {
                assert!(plane.rows().eq(expected.rows()), "{context}");
            }
        }
        (Err(expected), Err(error)) => assert_eq!(expected, error, "{context}"),
        (whole, late) => panic!("{context}: {:?}, {late:?}", whole.map(|(_, damage)| damage)),
    }
    late.arrived
}

fn random_file(seed: u64, sides: (u32, u32)) -> Vec<u8> {
    let mut chance = RandomNumbers::new(seed);
    let picture = Picture::random(&mut chance, sides.0, sides.1, &[(2, 2), (1, 1), (1, 1)]);
    let is_progressive = seed % 2 == 1;
    let scans = if is_progressive {
        progressive_scans(&picture, &mut chance)
    } else {
        sequential_scans(&picture, &mut chance)
    };
    let restart_interval = if seed % 4 > 1 { 3 } else { 0 };
    file(&picture, &Layout { is_progressive, scans, restart_interval }, &mut chance)
}

#[test]
fn an_arriving_file_has_the_samples_and_the_damage_of_the_whole_file() {
    for seed in 0..24 {
        let mut file = random_file(seed, (500, 400));
        for damage in 0..4 {
            for eighths in [1, 2, 8] {
                for last_bits in [LastBits::Read, LastBits::Drop] {
                    let options = Options { scales: Scales::all(Scale::new(eighths).unwrap()), last_bits };
                    compare(
                        &file,
                        options,
                        &format!("seed {seed}, damage {damage}, {eighths}/8, {last_bits:?}"),
                    );
                }
            }
            let mut chance = RandomNumbers::new(seed * 100 + damage);
            let index = chance.below(file.len() as u64) as usize;
            match damage {
                0 => file[index] = chance.one_of(&[0, 0xff, 0xd9, 0xd3]),
                1 => drop(file.splice(index..index, vec![0xff; 70_000])),
                _ => file.truncate(file.len() - index / 8),
            }
        }
    }
}

#[test]
fn scans_after_the_last_needed_bit_are_not_awaited() {
    let mut chance = RandomNumbers::new(5);
    let picture = Picture::random(&mut chance, 1600, 1200, &[(2, 2), (1, 1), (1, 1)]);
    let scan = |components: &[usize], start, end, high, low| Scan {
        components: components.to_vec(),
        start,
        end,
        high,
        low,
    };
    // The scans of libjpeg's `jpeg_simple_progression`.
    let scans = vec![
        scan(&[0, 1, 2], 0, 0, 0, 1),
        scan(&[0], 1, 5, 0, 2),
        scan(&[2], 1, 63, 0, 1),
        scan(&[1], 1, 63, 0, 1),
        scan(&[0], 6, 63, 0, 2),
        scan(&[0], 1, 63, 2, 1),
        scan(&[0, 1, 2], 0, 0, 1, 0),
        scan(&[2], 1, 63, 1, 0),
        scan(&[1], 1, 63, 1, 0),
        scan(&[0], 1, 63, 1, 0),
    ];
    let file = file(&picture, &Layout { is_progressive: true, scans, restart_interval: 0 }, &mut chance);
    let starts: Vec<usize> =
        file.windows(2).enumerate().filter(|(_, pair)| *pair == [0xff, 0xda]).map(|(at, _)| at).collect();
    let arrived = |eighths, last_bits| {
        let options = Options { scales: Scales::all(Scale::new(eighths).unwrap()), last_bits };
        compare(&file, options, &format!("{eighths}/8, {last_bits:?}"))
    };
    // The scan before ends before the tables of this one. Bytes are awaited in steps of 64 KiB.
    let at = |scan: usize| starts[scan - 1]..starts[scan] + (64 << 10);
    assert!(at(7).contains(&arrived(1, LastBits::Read)), "1/8 needs the scans of DC alone");
    assert!(at(9).contains(&arrived(2, LastBits::Drop)), "the last scan has last bits alone");
    assert_eq!(arrived(2, LastBits::Read), file.len());
    assert_eq!(arrived(8, LastBits::Read), file.len());
}
