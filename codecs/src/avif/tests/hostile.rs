//! Hostile files: wrong sizes, excessive demands, damage.

use super::builder::{FileBuilder, RED, coded, grid, ispe, tile};
use crate::avif::{Layout, encode, open};
use crate::{Error, View};

#[test]
fn tiles_that_do_not_fit_the_picture_are_rejected() {
    let check = |columns: u8, rows: u8, width: u16, height: u16, tiles: u16| {
        let mut builder = FileBuilder::default();
        builder.item(1, *b"grid", &grid(columns, rows, width, height), &[ispe(width.into(), height.into())]);
        for id in 2..2 + tiles {
            builder.item(id, *b"av01", &tile(RED), &[]);
        }
        builder.reference(*b"dimg", 1, &(2..2 + tiles).collect::<Vec<_>>());
        open(&builder.file()).map(|file| file.header().width).map_err(drop)
    };
    assert_eq!(check(2, 1, 100, 64, 2), Ok(100));
    assert_eq!(check(2, 1, 64, 64, 2), Err(()), "a column is outside the picture");
    assert_eq!(check(2, 1, 129, 64, 2), Err(()), "the tiles have too few pixels");
    assert_eq!(check(2, 1, 100, 64, 3), Err(()), "one tile too many");
    assert_eq!(check(2, 2, 100, 100, 3), Err(()), "one tile too few");
    assert_eq!(check(1, 1, 0, 64, 1), Err(()), "the picture is empty");
}

#[test]
fn the_header_reports_a_tile_that_is_larger_than_the_picture() {
    let mut builder = FileBuilder::default();
    builder.item(1, *b"grid", &grid(1, 1, 3, 2), &[ispe(3, 2)]);
    builder.item(2, *b"av01", &tile(RED), &[]);
    builder.reference(*b"dimg", 1, &[2]);
    let bytes = builder.file();
    let header = open(&bytes).unwrap().header();
    assert_eq!((header.coded_width, header.coded_height, header.pixels_at_once), (3, 2, 64 * 64));
}

#[test]
fn a_file_whose_declared_size_is_wrong_is_rejected() {
    let check = |width, height| {
        let mut builder = FileBuilder::default();
        builder.item(1, *b"av01", &tile(RED), &[ispe(width, height)]);
        open(&builder.file()).map(|file| file.header().width)
    };
    assert_eq!(check(64, 64), Ok(64));
    assert!(matches!(check(65, 64), Err(Error::Damaged(_))));
    assert!(matches!(check(1, 1), Err(Error::Damaged(_))));
}

#[test]
fn a_second_picture_size_and_too_many_frames_are_rejected() {
    let (small, large) = (tile(RED), coded(&vec![9; 128 * 128 * 3], 128));
    let check = |data: Vec<u8>| {
        let mut builder = FileBuilder::default();
        builder.item(1, *b"av01", &data, &[ispe(64, 64)]);
        open(&builder.file()).map(|file| file.header().width)
    };
    assert_eq!(check([small.clone(), small.clone()].concat()), Ok(64));
    assert!(matches!(check([small.clone(), large.clone()].concat()), Err(Error::Damaged(_))));
    assert!(matches!(check([small.clone(), vec![0], large].concat()), Err(Error::Damaged(_))));
    assert!(matches!(check(small.repeat(100)), Err(Error::Unsupported(_))));
}

#[test]
fn tiles_may_share_a_few_bytes_but_not_megabytes() {
    // An OBU of padding (AV1, section 5.7) of 5 MiB after the data that all tiles share.
    const PADDING: usize = 5 << 20;
    let mut padding = vec![
        15 << 3 | 2,
        PADDING as u8 | 0x80,
        (PADDING >> 7) as u8 | 0x80,
        (PADDING >> 14) as u8 | 0x80,
        (PADDING >> 21) as u8,
    ];
    padding.resize(padding.len() + PADDING - 1, 0);
    padding.push(0x80);
    let check = |padding: &[u8], tiles: u16| {
        let mut builder = FileBuilder::default();
        builder.item(1, *b"grid", &grid(tiles as u8, 1, tiles * 64, 64), &[ispe(u32::from(tiles) * 64, 64)]);
        builder.item(2, *b"av01", &[&tile(RED), padding].concat(), &[]);
        builder.reference(*b"dimg", 1, &vec![2; tiles.into()]);
        let mut out = vec![0; usize::from(tiles) * 64 * 64 * 3];
        open(&builder.file()).unwrap().decode(Layout::Rgb, &mut out)
    };
    assert_eq!(check(&[], 60), Ok(()));
    assert_eq!(check(&padding, 4), Ok(()));
    assert!(matches!(check(&padding, 5), Err(Error::Unsupported(_))));
}

#[test]
fn tables_with_too_many_entries_are_rejected() {
    let check = |tables: usize| {
        let mut builder = FileBuilder::default();
        builder.item(1, *b"av01", &tile(RED), &[ispe(64, 64)]);
        for _ in 0..tables {
            builder.associate(1, &[1; 255]);
        }
        open(&builder.file()).map(drop)
    };
    assert_eq!(check(256), Ok(()));
    assert!(matches!(check(258), Err(Error::Damaged(_))));
}

#[test]
fn other_codecs_derived_pictures_and_sequences_are_unsupported() {
    let mut builder = FileBuilder::default();
    builder.item(1, *b"avc1", b"", &[ispe(64, 64)]);
    assert!(matches!(open(&builder.file()), Err(Error::Unsupported(_))));
    let mut builder = FileBuilder::default();
    builder.item(1, *b"iovl", b"", &[ispe(64, 64)]);
    assert!(matches!(open(&builder.file()), Err(Error::Unsupported(_))));
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    assert!(matches!(open(&heic), Err(Error::Unsupported(_))));
    let sequence = b"\0\0\0\x14ftypavis\0\0\0\0avis\0\0\0\x08moov".to_vec();
    assert!(matches!(open(&sequence), Err(Error::Unsupported(_))));
    assert!(open(b"").is_err());
}

#[test]
fn a_damaged_file_gives_an_error_or_a_picture_without_a_panic() {
    let samples: Vec<u8> = (0..16 * 16 * 4).map(|at| (at * 7) as u8).collect();
    let bytes = encode(View { samples: &samples, width: 16, height: 16 }, Layout::Rgba, 50).unwrap();
    let read = |bytes: &[u8]| {
        let file = open(bytes)?;
        let header = file.header();
        // A service rejects such sizes before decoding.
        if u64::from(header.coded_width) * u64::from(header.coded_height) > 1 << 20 {
            return Err(Error::Size);
        }
        let mut out = vec![0; header.width as usize * header.height as usize * 4];
        file.decode(Layout::Rgba, &mut out)
    };
    assert_eq!(read(&bytes), Ok(()));
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "{length} of {} bytes are a picture", bytes.len());
    }
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            let _ = read(&damaged);
        }
    }
}
