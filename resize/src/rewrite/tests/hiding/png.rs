use std::io::Write;

use super::{Hidden, SECRET, behind, with};

/// 16 colours of a palette of 32, 4 bits a pixel, compressed as well as possible.
pub(in crate::rewrite) fn plain() -> Vec<u8> {
    file(&palette(SECRET.len().div_ceil(3), false), &compressed(&rows(false)))
}

/// 256 gray pixels of 8 bits, compressed as well as possible.
pub(in crate::rewrite) fn gray() -> Vec<u8> {
    let row = |y: usize| std::iter::once(0).chain((0..16).map(move |x| (x * 16 + y) as u8));
    let header = [0, 0, 0, 16, 0, 0, 0, 16, 8, 0, 0, 0, 0];
    let data = compressed(&(0..16).flat_map(row).collect::<Vec<u8>>());
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(*b"IHDR", &header), chunk(*b"IDAT", &data), chunk(*b"IEND", &[])]
        .concat()
}

const SIDE: usize = 61;

fn palette(unused: usize, has_secret: bool) -> Vec<u8> {
    let mut colors: Vec<u8> =
        (0..4_u8).flat_map(|color| [color * 60, 255 - color * 50, 40 + color]).collect();
    let mut rest = SECRET.to_vec();
    rest.resize(unused * 3, 0);
    if has_secret {
        colors.extend(rest);
    }
    colors
}

/// Filtered rows of 4 bits a pixel, whose padding has bits if `is_padded`.
fn rows(is_padded: bool) -> Vec<u8> {
    let row = |y: usize| {
        let pair = move |x: usize| {
            let pixel = |x: usize| if x < SIDE { (x / 7 + y / 5) % 4 } else { usize::from(is_padded) * 9 };
            (pixel(2 * x) << 4 | pixel(2 * x + 1)) as u8
        };
        std::iter::once(0).chain((0..SIDE.div_ceil(2)).map(pair))
    };
    (0..SIDE).flat_map(row).collect()
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&name[..], content].concat();
    let sum = crc32fast::hash(&named).to_be_bytes();
    [&(content.len() as u32).to_be_bytes()[..], &named, &sum].concat()
}

fn file(palette: &[u8], data: &[u8]) -> Vec<u8> {
    let side = (SIDE as u32).to_be_bytes();
    let header = [&side[..], &side, &[4, 3, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(*b"IHDR", &header),
        chunk(*b"PLTE", palette),
        chunk(*b"IDAT", data),
        chunk(*b"IEND", &[]),
    ]
    .concat()
}

pub(in crate::rewrite) fn hidden() -> Vec<Hidden> {
    let file_of = |data: &[u8]| file(&palette(0, false), data);
    let data = compressed(&rows(false));
    let plain = file_of(&data);
    let (header, data_chunk, end) =
        (behind(&plain, b"PLTE") - 8, behind(&plain, b"IDAT") - 8, behind(&plain, b"IEND") - 8);
    let mut hidden = vec![
        ("after the end", [&plain, SECRET].concat()),
        ("in the end", with(&plain[..end], end, &chunk(*b"IEND", SECRET))),
        ("after the compressed data", file_of(&[&data, SECRET].concat())),
        ("a second stream", with(&plain, end, &chunk(*b"IDAT", SECRET))),
        ("stored rows below the picture", file_of(&stored(&[&rows(false), SECRET].concat()))),
        ("unused colours", file(&palette(10, true), &data)),
        ("transparency of unused colours", with(&file(&palette(10, true), &data), data_chunk + 30, &[])),
    ];
    let names = [
        *b"tEXt", *b"zTXt", *b"iTXt", *b"eXIf", *b"tIME", *b"prVt", *b"vpAg", *b"caBX", *b"iCCP", *b"sPLT",
        *b"hIST",
    ];
    for name in names {
        for at in [header, data_chunk, end] {
            let content = [b"Comment\0", SECRET].concat();
            hidden.push(("a chunk", with(&plain, at, &chunk(name, &content))));
        }
    }
    hidden
}

/// Deflate without compression.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
