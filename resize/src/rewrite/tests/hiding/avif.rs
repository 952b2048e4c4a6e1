use codecs::avif::Layout;

use super::{Hidden, SECRET, behind, rgb, rgba, view, with};

pub(in crate::rewrite) fn plain() -> Vec<u8> {
    codecs::avif::encode(view(&rgb()), Layout::Rgb, 20).unwrap()
}

pub(in crate::rewrite) fn with_alpha() -> Vec<u8> {
    codecs::avif::encode(view(&rgba()), Layout::Rgba, 20).unwrap()
}

fn boxed(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], &name, content].concat()
}

pub(in crate::rewrite) fn hidden() -> Vec<Hidden> {
    let plain = plain();
    let mut hidden = vec![
        ("after the end", [&plain[..], SECRET].concat()),
        ("after the coded picture", with_metadata_unit(&plain)),
    ];
    for name in [*b"free", *b"skip", *b"uuid", *b"udta", *b"mdat", *b"prVt"] {
        hidden.push(("a box at the end", [plain.clone(), boxed(name, SECRET)].concat()));
    }
    // A box among the metadata moves the picture, whose place in the file is counted from its start.
    let meta = behind(&plain, b"meta") - 8;
    let length = u32::from_be_bytes(plain[meta..meta + 4].try_into().unwrap()) as usize;
    for name in [*b"free", *b"uuid"] {
        let part = boxed(name, SECRET);
        let mut file = with(&plain, meta + length, &part);
        file[meta..meta + 4].copy_from_slice(&((length + part.len()) as u32).to_be_bytes());
        hidden.push(("a box among the metadata", moved(file, part.len() as u32)));
    }
    hidden
}

/// The file after its item was moved by `bytes` bytes towards the end.
fn moved(mut file: Vec<u8>, bytes: u32) -> Vec<u8> {
    let locations = behind(&file, b"iloc");
    let item = behind(&file, b"mdat") as u32 - bytes;
    let place = locations + behind(&file[locations..], &item.to_be_bytes()) - 4;
    file[place..place + 4].copy_from_slice(&(item + bytes).to_be_bytes());
    file
}

/// The file, whose coded picture ends in a unit of metadata.
fn with_metadata_unit(file: &[u8]) -> Vec<u8> {
    const METADATA: u8 = 5;
    let unit = [&[METADATA << 3 | 2, SECRET.len() as u8 + 2, 1][..], SECRET, &[0x80]].concat();
    let (item, locations) = (behind(file, b"mdat"), behind(file, b"iloc"));
    let mut longer = [file, &unit].concat();
    let old = (file.len() - item) as u32;
    for (from, length) in [(locations, old), (item - 8, old + 8)] {
        let place = from + behind(&file[from..], &length.to_be_bytes()) - 4;
        longer[place..place + 4].copy_from_slice(&(length + unit.len() as u32).to_be_bytes());
    }
    longer
}
