use codecs::webp::Layout;

use super::{Hidden, SECRET, behind, rgb, rgba, view};

pub(in crate::rewrite) fn plain() -> Vec<u8> {
    codecs::webp::encode(view(&rgb()), Layout::Rgb, 20).unwrap()
}

pub(in crate::rewrite) fn with_alpha() -> Vec<u8> {
    codecs::webp::encode(view(&rgba()), Layout::Rgba, 20).unwrap()
}

pub(in crate::rewrite) fn lossless() -> Vec<u8> {
    let steps: Vec<u8> = rgb().iter().map(|sample| sample & 0xc0).collect();
    codecs::webp::encode_lossless(view(&steps), Layout::Rgb).unwrap()
}

/// The file with `part` at `at`, and with the length in its header.
fn with(file: &[u8], at: usize, part: &[u8]) -> Vec<u8> {
    let mut file = super::with(file, at, part);
    let length = (file.len() as u32 - 8).to_le_bytes();
    file[4..8].copy_from_slice(&length);
    file
}

/// The file with a chunk that has `part` at the position `at` of its content, counted from the end if negative.
fn in_chunk(file: &[u8], name: [u8; 4], at: isize, part: &[u8]) -> Vec<u8> {
    let start = behind(file, &name);
    let length = u32::from_le_bytes(file[start..start + 4].try_into().unwrap()) as usize;
    let content = start + 4;
    let at = content + if at < 0 { length } else { at as usize };
    let mut longer = file.to_vec();
    longer[start..content].copy_from_slice(&((length + part.len()) as u32).to_le_bytes());
    with(&longer, at, part)
}

fn chunk(name: [u8; 4]) -> Vec<u8> {
    [&name[..], &(SECRET.len() as u32).to_le_bytes(), SECRET].concat()
}

/// The file with a first partition that has the secret at its end.
fn in_first_partition(file: &[u8]) -> Vec<u8> {
    let start = behind(file, b"VP8 ") + 4;
    let tag = u32::from_le_bytes([file[start], file[start + 1], file[start + 2], 0]);
    let length = (tag >> 5) as usize;
    let mut longer = in_chunk(file, *b"VP8 ", 10 + length.cast_signed(), SECRET);
    let tag = ((length + SECRET.len()) as u32) << 5 | tag & 0x1f;
    longer[start..start + 3].copy_from_slice(&tag.to_le_bytes()[..3]);
    longer
}

pub(in crate::rewrite) fn hidden() -> Vec<Hidden> {
    assert!(SECRET.len().is_multiple_of(2));
    let (plain, alpha, lossless) = (plain(), with_alpha(), lossless());
    let mut hidden = vec![
        ("after the end", [&plain, SECRET].concat()),
        ("after the pixels", in_chunk(&plain, *b"VP8 ", -1, SECRET)),
        ("in the first partition", in_first_partition(&plain)),
        ("after lossless pixels", in_chunk(&lossless, *b"VP8L", -1, SECRET)),
        ("after alpha", in_chunk(&alpha, *b"ALPH", -1, SECRET)),
        ("after pixels with alpha", in_chunk(&alpha, *b"VP8 ", -1, SECRET)),
    ];
    for name in [*b"EXIF", *b"XMP ", *b"ICCP", *b"prVt", *b"VP8 ", *b"ALPH"] {
        for file in [&plain, &alpha, &lossless] {
            hidden.push(("a chunk at the end", with(file, file.len(), &chunk(name))));
        }
        let pixels = behind(&alpha, b"ALPH") - 4;
        hidden.push(("a chunk before the pixels", with(&alpha, pixels, &chunk(name))));
    }
    hidden
}
