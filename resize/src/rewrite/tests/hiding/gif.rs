use super::{Hidden, SECRET, behind, with};

const SIDE: u16 = 40;

/// Two frames of 32 colours in a table of 64, whose unused entries are zeros.
pub(in crate::rewrite) fn plain() -> Vec<u8> {
    file(&[0; 96])
}

fn file(unused: &[u8]) -> Vec<u8> {
    let mut table: Vec<u8> = (0..32_u8).flat_map(|color| [color * 8, 255 - color * 7, color]).collect();
    table.extend_from_slice(unused);
    table.resize(64 * 3, 0);
    let mut bytes = Vec::new();
    let mut encoder = ::gif::Encoder::new(&mut bytes, SIDE, SIDE, &table).unwrap();
    encoder.set_repeat(::gif::Repeat::Infinite).unwrap();
    for step in [3, 5] {
        let indices: Vec<u8> = (0..SIDE * SIDE).map(|at| (at / step % 37 * (at % 29) % 32) as u8).collect();
        let frame = ::gif::Frame {
            width: SIDE,
            height: SIDE,
            delay: 20,
            buffer: indices.into(),
            ..Default::default()
        };
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    bytes
}

fn sub_block(content: &[u8]) -> Vec<u8> {
    [&[content.len() as u8], content].concat()
}

pub(in crate::rewrite) fn hidden() -> Vec<Hidden> {
    let plain = plain();
    let frame = behind(&plain, &[0x21, 0xf9]) - 2;
    let end = plain.len() - 1;
    let extension = |label: u8, content: &[Vec<u8>]| [&[0x21, label], &content.concat()[..], &[0]].concat();
    let mut hidden = vec![
        ("after the end", [&plain, SECRET].concat()),
        ("in unused colours", file(SECRET)),
        ("after the last code", with(&plain, end - 1, &sub_block(SECRET))),
    ];
    for at in [frame, end] {
        hidden.push(("a comment", with(&plain, at, &extension(0xfe, &[sub_block(SECRET)]))));
        for name in [b"XMP DataXMP", b"ICCRGBG1012", b"ImageMagick", b"NETSCAPE2.0"] {
            let content = [sub_block(name), sub_block(&[&[1, 0, 0], SECRET].concat())];
            hidden.push(("an application's block", with(&plain, at, &extension(0xff, &content))));
            let content = [sub_block(name), sub_block(&[1, 0, 0]), sub_block(SECRET)];
            hidden.push(("an application's second block", with(&plain, at, &extension(0xff, &content))));
        }
        hidden.push((
            "text over the picture",
            with(&plain, at, &extension(1, &[sub_block(&[0; 12]), sub_block(SECRET)])),
        ));
        hidden.push(("an unknown extension", with(&plain, at, &extension(0x77, &[sub_block(SECRET)]))));
    }
    hidden
}
