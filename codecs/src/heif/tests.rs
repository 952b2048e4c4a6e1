//! The files of `scripts/make-heic-fixtures`: each codes four coloured quarters in another way.

use super::{Codec, Header, Part, Reading, is_avif, is_heif, open};
use crate::view::Layout;

const RED: [u8; 3] = [220, 30, 30];
const GREEN: [u8; 3] = [30, 180, 30];
const BLUE: [u8; 3] = [30, 30, 220];
const YELLOW: [u8; 3] = [230, 220, 40];
const GRAY: [u8; 3] = [128; 3];
const BLACK: [u8; 3] = [0; 3];

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../fixtures/", $name, ".heic")).as_slice()
    };
}

fn header(file: &[u8]) -> Header {
    open(file).unwrap().header()
}

/// The colours in the middle of each quarter of a picture in RGB.
fn corners(samples: &[u8], (width, height): (u32, u32)) -> [[u8; 3]; 4] {
    let pixels = samples.as_chunks::<3>().0;
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| pixels[((height * y / 4) * width + width * x / 4) as usize])
}

/// Checks the corners of what is read, which has the size `size`.
fn check(file: &[u8], reading: Reading, size: (u32, u32), expected: [[u8; 3]; 4]) {
    let mut samples = vec![0; (size.0 * size.1 * 3) as usize];
    open(file).unwrap().read(reading, Layout::Rgb, &mut samples).unwrap();
    let found = corners(&samples, size);
    let is_near = found.iter().flatten().zip(expected.iter().flatten()).all(|(a, b)| a.abs_diff(*b) <= 2);
    assert!(is_near, "{found:?}, not {expected:?}");
}

const QUARTERS: [[u8; 3]; 4] = [RED, GREEN, BLUE, YELLOW];

#[test]
fn every_depth_subsampling_and_range_is_decoded() {
    let whole = |file: &[u8], depth: u8| {
        let header = header(file);
        assert_eq!((header.codec, header.width, header.height), (Codec::Hevc, 120, 80));
        assert_eq!((header.depth, header.has_alpha, header.orientation), (depth, false, 1));
        check(file, Reading::default(), (120, 80), QUARTERS);
    };
    whole(fixture!("quarters"), 8);
    whole(fixture!("heif"), 8);
    whole(fixture!("full-chroma"), 8);
    whole(fixture!("half-width-10-bit"), 10);
    whole(fixture!("12-bit"), 12);
    check(fixture!("odd"), Reading::default(), (71, 53), QUARTERS);
    check(fixture!("gray"), Reading::default(), (120, 80), [GRAY; 4]);
}

#[test]
fn colours_come_from_the_container_before_the_picture() {
    assert_eq!(header(fixture!("quarters")).colors.primaries, 1);
    assert_eq!(header(fixture!("display-p3")).colors.primaries, 12);
    let of_picture = header(fixture!("half-width-10-bit")).colors;
    assert_eq!((of_picture.primaries, of_picture.transfer, of_picture.matrix), (1, 13, 1));
    assert!(!of_picture.is_full_range && header(fixture!("gray")).colors.is_full_range);
    assert_eq!(header(fixture!("12-bit")).colors.matrix, 9);
}

#[test]
fn turns_and_crops_of_the_container_count_and_those_of_exif_do_not() {
    let turned = header(fixture!("turned"));
    assert_eq!((turned.width, turned.height, turned.orientation, turned.has_metadata), (120, 80, 8, true));
    assert_eq!(header(fixture!("mirrored")).orientation, 2);
    let cropped = header(fixture!("cropped"));
    assert_eq!((cropped.width, cropped.height, cropped.coded_width), (60, 80, 120));
    check(fixture!("cropped"), Reading::default(), (60, 80), QUARTERS);
}

#[test]
fn tiles_are_joined_and_those_outside_a_part_are_left_out() {
    let header = header(fixture!("grid"));
    assert_eq!((header.width, header.height, header.pixels_at_once), (120, 112, 64 * 64));
    check(fixture!("grid"), Reading::default(), (120, 112), QUARTERS);
    let part = Some(Part { left: 70, top: 0, right: 120, bottom: 30 });
    let reading = Reading { part, ..Reading::default() };
    check(fixture!("grid"), reading, (120, 112), [BLACK, GREEN, BLACK, BLACK]);
}

#[test]
fn a_file_that_is_cut_off_shows_its_first_tiles() {
    let file = fixture!("grid");
    // The last of the four tiles ends with the file.
    check(&file[..file.len() - 1], Reading::default(), (120, 112), [RED, GREEN, BLUE, BLACK]);
    let cut = &fixture!("quarters")[..700];
    assert!(open(cut).is_err(), "there is a part of a single picture");
}

#[test]
fn a_picture_is_halved_as_often_as_asked() {
    for halvings in 1..=3 {
        let reading = Reading { halvings, ..Reading::default() };
        let size = |width: u32, height: u32| (width.div_ceil(1 << halvings), height.div_ceil(1 << halvings));
        for file in [fixture!("quarters"), fixture!("full-chroma"), fixture!("half-width-10-bit")] {
            assert_eq!(header(file).max_halvings, 3);
            check(file, reading, size(120, 80), QUARTERS);
        }
        check(fixture!("odd"), reading, size(71, 53), QUARTERS);
        check(fixture!("gray"), reading, size(120, 80), [GRAY; 4]);
        check(fixture!("grid"), reading, size(120, 112), QUARTERS);
    }
    // The crop begins in column 30.
    assert_eq!(header(fixture!("cropped")).max_halvings, 1);
    let reading = Reading { halvings: 1, ..Reading::default() };
    check(fixture!("cropped"), reading, (30, 40), QUARTERS);
    assert_eq!(header(fixture!("alpha")).max_halvings, 0, "colours would have to be weighted by alpha");
}

#[test]
fn alpha_is_decoded() {
    let file = open(fixture!("alpha")).unwrap();
    assert!(file.header().has_alpha);
    let mut samples = vec![0; 64 * 64 * 4];
    file.decode(Layout::Rgba, &mut samples).unwrap();
    let pixels = samples.as_chunks::<4>().0;
    for (at, alpha) in [(64 * 9 + 5, 255), (64 * 9 + 60, 0)] {
        let [red, .., found] = pixels[at];
        assert!(red.abs_diff(220) <= 2 && found == alpha, "{:?}", pixels[at]);
    }
}

#[test]
fn a_thumbnail_is_read_only_if_it_shows_the_same() {
    assert_eq!(header(fixture!("thumbnail")).thumbnail, Some((128, 96)));
    let reading = Reading { is_thumbnail: true, ..Reading::default() };
    check(fixture!("thumbnail"), reading, (128, 96), [BLUE; 4]);
    check(fixture!("thumbnail"), Reading::default(), (512, 384), [RED; 4]);
    assert_eq!(header(fixture!("other-thumbnail")).thumbnail, None, "it is turned otherwise");
}

#[test]
fn brands_tell_the_family() {
    assert!(is_heif(fixture!("quarters")) && !is_avif(fixture!("quarters")));
    assert!(is_heif(fixture!("heif")));
    assert!(!is_heif(b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2"));
}

#[test]
fn a_second_parameter_set_and_a_second_picture_are_rejected() {
    let file = fixture!("quarters");
    // The slice is the only unit of the item: its data are repeated.
    let start = file.windows(4).position(|name| name == b"mdat").unwrap() + 4;
    let twice = [file, &file[start..]].concat();
    let length = (file.len() - start) as u32;
    let mut patched = twice.clone();
    let place = twice.windows(4).position(|bytes| bytes == length.to_be_bytes()).unwrap();
    patched[place..place + 4].copy_from_slice(&(2 * length).to_be_bytes());
    assert!(open(&twice).is_ok());
    assert!(open(&patched).err().unwrap().to_string().contains("exactly one"), "two pictures");
}
