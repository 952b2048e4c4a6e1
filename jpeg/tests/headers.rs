//! Headers: supported files, unsupported kinds, damage.

use jpeg::{Coding, ColorModel, Error, Header, Scale, Scales, UnsupportedKind};

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

/// A frame segment of 20 × 10 pixels.
fn frame(marker: u8, precision: u8, ids: &[u8]) -> Vec<u8> {
    let mut content = vec![precision, 0, 10, 0, 20, ids.len() as u8];
    for id in ids {
        content.extend([*id, 0x11, 0]);
    }
    segment(marker, &content)
}

/// A file of these segments and the header of a scan.
fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
    [&[0xff, 0xd8][..], &segments.concat(), &segment(0xda, &[1, 1, 0, 0, 63, 0])].concat()
}

#[test]
fn each_unsupported_kind_has_its_own_error() {
    let check = |frame: Vec<u8>, expected: UnsupportedKind| {
        assert_eq!(Header::read(&jpeg(&[frame])), Err(Error::Unsupported(expected)));
    };
    check(frame(0xc3, 8, &[1]), UnsupportedKind::Lossless);
    check(frame(0xc5, 8, &[1]), UnsupportedKind::Hierarchical);
    check(frame(0xc9, 8, &[1]), UnsupportedKind::Arithmetic);
    check(frame(0xca, 8, &[1]), UnsupportedKind::Arithmetic);
    check(frame(0xcb, 8, &[1]), UnsupportedKind::Lossless);
    check(frame(0xcf, 8, &[1]), UnsupportedKind::Hierarchical);
    check(frame(0xc1, 12, &[1]), UnsupportedKind::Precision(12));
    check(frame(0xc0, 8, &[1, 2]), UnsupportedKind::Components(2));
    check(segment(0xc0, &[8, 0, 0, 0, 20, 1, 1, 0x11, 0]), UnsupportedKind::LateHeight);
}

#[test]
fn damaged_headers_are_errors() {
    let check = |file: &[u8]| assert!(matches!(Header::read(file), Err(Error::Damaged(_))), "{file:x?}");
    check(b"");
    check(b"\x89PNG");
    check(&[0xff, 0xd8]);
    check(&[0xff, 0xd8, 0xff, 0xd8]);
    check(&[0xff, 0xd8, 0xff, 0xd9]);
    check(&jpeg(&[]));
    check(&jpeg(&[frame(0xc0, 8, &[1]), frame(0xc0, 8, &[1])]));
    check(&jpeg(&[segment(0x30, b"unknown"), frame(0xc0, 8, &[1])]));
    check(&jpeg(&[segment(0xc0, &[8, 0, 10, 0, 0, 1, 1, 0x11, 0])]));
    check(&jpeg(&[segment(0xc0, &[8, 0, 10, 0, 20, 1, 1, 0x51, 0])]));
    check(&jpeg(&[segment(0xc0, &[8, 0, 10, 0, 20, 1, 1, 0x10, 0])]));
    check(&jpeg(&[segment(0xc0, &[8, 0, 10, 0, 20, 2, 1, 0x11, 0])]));
}

#[test]
fn the_colour_model_follows_the_rules_of_libjpeg() {
    let adobe = |transform: u8| segment(0xee, &[b"Adobe\0\x64\0\0\0\0".as_slice(), &[transform]].concat());
    let jfif = segment(0xe0, b"JFIF\0\x01\x02\0\0\x48\0\x48\0\0");
    let check = |segments: &[Vec<u8>], expected: ColorModel| {
        assert_eq!(Header::read(&jpeg(segments)).unwrap().color(), expected);
    };
    check(&[frame(0xc0, 8, &[1])], ColorModel::Gray);
    check(&[frame(0xc0, 8, &[1, 2, 3])], ColorModel::YCbCr);
    check(&[frame(0xc0, 8, &[7, 8, 9])], ColorModel::YCbCr);
    check(&[frame(0xc0, 8, b"RGB")], ColorModel::Rgb);
    check(&[jfif, frame(0xc0, 8, b"RGB")], ColorModel::YCbCr);
    check(&[adobe(0), frame(0xc0, 8, &[1, 2, 3])], ColorModel::Rgb);
    check(&[frame(0xc0, 8, &[1, 2, 3]), adobe(0)], ColorModel::Rgb);
    check(&[adobe(1), frame(0xc0, 8, b"RGB")], ColorModel::YCbCr);
    check(&[frame(0xc0, 8, &[1, 2, 3, 4])], ColorModel::Cmyk);
    check(&[adobe(0), frame(0xc0, 8, &[1, 2, 3, 4])], ColorModel::Cmyk);
    check(&[adobe(2), frame(0xc0, 8, &[1, 2, 3, 4])], ColorModel::Ycck);
}

#[test]
fn a_header_has_the_size_and_coding_of_its_file_and_memory_grows_with_the_scale() {
    let header = Header::read(&jpeg(&[frame(0xc2, 8, &[1, 2, 3])])).unwrap();
    assert_eq!((header.width(), header.height(), header.coding()), (20, 10, Coding::Progressive));
    assert_eq!(header.components().len(), 3);
    let memory = |scale: Scale| header.memory(Scales::all(scale));
    assert!(Scale::ALL.windows(2).all(|pair| memory(pair[0]) < memory(pair[1])));
}

#[test]
fn a_scale_is_one_to_eight_eighths_and_rounds_up() {
    assert_eq!(Scale::new(0), None);
    assert_eq!(Scale::new(9), None);
    let check = |eighths: u8, pixels: u32, expected: u32| {
        assert_eq!(Scale::new(eighths).unwrap().of(pixels), expected);
    };
    check(1, 8, 1);
    check(1, 9, 2);
    check(3, 100, 38);
    check(8, 65_535, 65_535);
}
