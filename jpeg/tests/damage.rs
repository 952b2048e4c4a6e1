//! Truncated, altered and malicious files: each gives an error or a picture, without a panic and in little time.

use jpeg::{Error, Header, LastBits, Options, Planes, Scale, Scales};

use crate::support::chance::RandomNumbers;
use crate::support::encoder::{Layout, Scan, file};
use crate::support::picture::Picture;
use crate::support::scripts::{progressive_scans, sequential_scans};
use crate::support::{decode, options};

fn small_file(seed: u64, is_progressive: bool) -> Vec<u8> {
    let mut chance = RandomNumbers::new(seed);
    let picture = Picture::random(&mut chance, 40, 24, &[(2, 2), (1, 1), (1, 1)]);
    let scans = if is_progressive {
        progressive_scans(&picture, &mut chance)
    } else {
        sequential_scans(&picture, &mut chance)
    };
    let restart_interval = if seed % 4 > 1 { 2 } else { 0 };
    file(&picture, &Layout { is_progressive, scans, restart_interval }, &mut chance)
}

#[test]
fn a_file_cut_anywhere_is_an_error_or_a_damaged_picture() {
    for seed in 0..4 {
        let file = small_file(seed, seed % 2 == 1);
        for length in 0..file.len() {
            for eighths in [1, 2, 8] {
                match decode(&file[..length], eighths) {
                    Ok((_, damage)) if damage.has_no_end => {}
                    // Scans that the scale doesn't need are missing.
                    Ok((planes, _)) => {
                        let (whole, _) = decode(&file, eighths).unwrap();
                        for (plane, expected) in planes.as_slice().iter().zip(whole.as_slice()) {
                            assert!(plane.rows().eq(expected.rows()), "{seed} {length}");
                        }
                    }
                    Err(error) => assert!(matches!(error, Error::Damaged(_)), "{seed} {length} {error}"),
                }
            }
        }
    }
}

#[test]
fn a_comment_with_a_length_of_0_or_1_is_empty() {
    let file = small_file(0, false);
    let (expected, _) = decode(&file, 8).unwrap();
    for length in 0..=2 {
        let comment = [0xff, 0xfe, 0, length];
        let (samples, damage) = decode(&[&file[..2], &comment, &file[2..]].concat(), 8).unwrap();
        assert_eq!(damage, jpeg::Damage::default(), "{length}");
        for (plane, expected) in samples.as_slice().iter().zip(expected.as_slice()) {
            assert!(plane.rows().eq(expected.rows()), "{length}");
        }
    }
}

#[test]
fn altered_bytes_cause_no_panic() {
    for seed in 0..400 {
        let mut file = small_file(seed % 16, seed % 2 == 1);
        let mut chance = RandomNumbers::new(seed);
        for _ in 0..=chance.below(12) {
            let index = chance.below(file.len() as u64) as usize;
            file[index] = chance.one_of(&[0, 0xff, 0xd9, 0xda, file[index] ^ 1, file[index] ^ 0x80]);
        }
        // Pictures whose altered sides are thousands of pixels would take long without optimisation.
        if Header::read(&file).is_ok_and(|header| header.width() * header.height() < 100_000) {
            for eighths in 1..=8 {
                let _ = decode(&file, eighths);
            }
        }
    }
}

#[test]
fn each_missing_or_misplaced_restart_marker_is_counted_as_damage() {
    let mut chance = RandomNumbers::new(7);
    let picture = Picture::random(&mut chance, 80, 80, &[(1, 1)]);
    let layout = Layout {
        is_progressive: false,
        scans: vec![Scan { components: vec![0], start: 0, end: 63, high: 0, low: 0 }],
        restart_interval: 10,
    };
    let whole = file(&picture, &layout, &mut chance);
    let marker = |number: u8| whole.windows(2).position(|pair| pair == [0xff, 0xd0 + number]).unwrap();
    let check = |file: &[u8], expected: u32| {
        let (_, damage) = decode(file, 8).unwrap();
        assert_eq!(damage.bad_restarts, expected, "{damage:?}");
    };
    check(&whole, 0);
    let mut renamed = whole.clone();
    renamed[marker(3) + 1] = 0xd7;
    check(&renamed, 1);
    let mut extra = whole.clone();
    extra.splice(marker(2)..marker(2), [1, 2, 3]);
    check(&extra, 1);
    let mut lost = whole.clone();
    lost.drain(marker(1)..marker(2));
    check(&lost, 1);
}

#[test]
fn bytes_between_markers_are_searched_once_for_any_number_of_missing_markers() {
    let mut chance = RandomNumbers::new(3);
    let picture = Picture::random(&mut chance, 1600, 800, &[(1, 1)]);
    let layout = Layout {
        is_progressive: false,
        scans: vec![Scan { components: vec![0], start: 0, end: 63, high: 0, low: 0 }],
        restart_interval: 1,
    };
    let mut file = file(&picture, &layout, &mut chance);
    let first = file.windows(2).position(|pair| pair == [0xff, 0xd0]).unwrap();
    for filling in [0xff, 0x00] {
        file.truncate(first);
        // A search for each of 20,000 missing markers would take minutes.
        file.resize(first + 3_000_000, filling);
        file.extend([0xff, 0xd9]);
        let (_, damage) = decode(&file, 1).unwrap();
        assert!(damage.is_short && damage.bad_restarts == 19_999, "{damage:?}");
    }
}

#[test]
fn the_caller_can_stop_the_decoder_at_any_row_of_blocks() {
    for is_progressive in [false, true] {
        let file = small_file(2, is_progressive);
        let header = Header::read(&file).unwrap();
        let mut rows = 0;
        jpeg::decode(&header, &file, options(8), &mut Planes::default(), &mut || {
            rows += 1;
            true
        })
        .unwrap();
        assert!(rows >= 2, "{rows}");
        for stop in 0..rows {
            let mut left = stop;
            let mut keep_going = || {
                left -= 1;
                left >= 0
            };
            let result = jpeg::decode(&header, &file, options(8), &mut Planes::default(), &mut keep_going);
            assert_eq!(result, Err(Error::Stopped), "{stop}");
        }
    }
}

#[test]
fn a_file_with_more_than_200_scans_is_rejected() {
    let mut chance = RandomNumbers::new(1);
    let picture = Picture::random(&mut chance, 8, 8, &[(1, 1)]);
    let first = Scan { components: vec![0], start: 0, end: 0, high: 0, low: 0 };
    let check = |count: usize, expected: bool| {
        for is_progressive in [false, true] {
            let end = if is_progressive { 0 } else { 63 };
            let scans = vec![Scan { end, ..first.clone() }; count];
            let file = file(
                &picture,
                &Layout { is_progressive, scans, restart_interval: 0 },
                &mut RandomNumbers::new(1),
            );
            assert_eq!(decode(&file, 8).is_ok(), expected, "{count}");
        }
    };
    check(200, true);
    check(201, false);
}

#[test]
fn reused_planes_hold_no_samples_of_the_previous_picture() {
    let (one, other) = (small_file(0, false), small_file(5, true));
    let options = Options { scales: Scales::all(Scale::FULL), last_bits: LastBits::Read };
    let mut planes = Planes::default();
    for file in [&one, &other, &other[..other.len() * 7 / 8], &one[..one.len() * 7 / 8], &one] {
        let header = Header::read(file).unwrap();
        let again = jpeg::decode(&header, file, options, &mut planes, &mut || true);
        let mut fresh = Planes::default();
        assert_eq!(again, jpeg::decode(&header, file, options, &mut fresh, &mut || true));
        for (again, fresh) in planes.as_slice().iter().zip(fresh.as_slice()) {
            assert!(again.rows().eq(fresh.rows()));
        }
    }
}

#[test]
fn empty_scans_cost_no_more_than_those_of_real_files() {
    /// 10000 × 10000 pixels of one component.
    const BLOCK_ROWS: usize = 1250;
    // At 2/8 the progressive file has never all bits that are needed.
    for (frame, eighths) in [(0xc0, 1), (0xc2, 2)] {
        let tables = [&[0xff, 0xdb, 0, 67, 0][..], &[1; 64]].concat();
        let frame = [0xff, frame, 0, 11, 8, 0x27, 0x10, 0x27, 0x10, 1, 1, 0x11, 0];
        let codes = |class: u8| [&[0xff, 0xc4, 0, 20, class, 1][..], &[0; 15], &[0]].concat();
        let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0];
        let head = [&[0xff, 0xd8][..], &tables, &frame, &codes(0), &codes(0x10)].concat();
        let bytes = [head, scan.repeat(200), vec![0xff, 0xd9]].concat();
        let header = Header::read(&bytes).unwrap();
        let mut rows = 0;
        let mut count = || {
            rows += 1;
            true
        };
        let damage =
            jpeg::decode(&header, &bytes, options(eighths), &mut Planes::default(), &mut count).unwrap();
        assert!(damage.has_bad_scan, "{frame:x?}");
        assert!(rows <= 21 * BLOCK_ROWS, "{frame:x?}: {rows}");
    }
}
