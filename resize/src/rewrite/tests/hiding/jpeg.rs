use super::{HEIGHT, Hidden, SECRET, WIDTH, behind, rgb, view, with};

pub(in crate::rewrite) fn plain() -> Vec<u8> {
    codecs::jpeg::encode(view(&rgb()), codecs::jpeg::Layout::Rgb, 40).unwrap()
}

pub(in crate::rewrite) fn progressive() -> Vec<u8> {
    let mut compressor = turbojpeg::Compressor::new().unwrap();
    compressor.set_quality(40).unwrap();
    compressor.set_progressive(true).unwrap();
    let (width, height) = (WIDTH as usize, HEIGHT as usize);
    let pixels = rgb();
    let format = turbojpeg::PixelFormat::RGB;
    let image = turbojpeg::Image { pixels: pixels.as_slice(), width, pitch: width * 3, height, format };
    compressor.compress_to_vec(image).unwrap()
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

pub(in crate::rewrite) fn hidden() -> Vec<Hidden> {
    let (file, progressive) = (plain(), progressive());
    let end = file.len() - 2;
    let frame = behind(&file, &[0xff, 0xc0]) - 2;
    let scan = behind(&file, &[0xff, 0xda]) - 2;
    let second_scan = scan_after_the_first(&progressive);
    let mut hidden = vec![
        ("after the end", [&file, SECRET].concat()),
        ("between the scan and the end", with(&file, end, SECRET)),
        ("after a false end", with(&file, end, &[&[0xff, 0xd9], SECRET].concat())),
        ("a comment between scans", with(&progressive, second_scan, &segment(0xfe, SECRET))),
        ("bytes between segments", with(&file, frame, SECRET)),
        ("a table that isn't used", with(&file, scan, &segment(0xdb, &[&[3], SECRET, &[1; 40]].concat()))),
    ];
    for marker in (0xe0..=0xef).chain([0xfe, 0xf0]) {
        for at in [2, frame, scan, end] {
            hidden.push(("a segment", with(&file, at, &segment(marker, SECRET))));
        }
    }
    let exif = segment(0xe1, &[b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0", SECRET].concat());
    hidden.push(("EXIF before the scan's end", with(&file, end, &exif)));
    hidden
}

fn scan_after_the_first(file: &[u8]) -> usize {
    let first = behind(file, &[0xff, 0xda]);
    first + behind(&file[first..], &[0xff, 0xc4]) - 2
}
