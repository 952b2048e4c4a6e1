//! Sizes by CSS, and encodings of files.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{GREEN, picture};

#[test]
fn a_drawing_has_the_size_that_css_gives_it() {
    let check = |attributes: &str, options: &str, expected: (u32, u32)| {
        let text = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' {attributes}><rect width='9' height='9'/></svg>"
        );
        let size = picture(text.as_bytes(), &format!("{options}fm=png")).map(|picture| picture.dimensions());
        assert_eq!(size, Ok(expected), "{attributes}");
    };
    check("", "", (300, 150));
    check("viewBox='0 0 200 100'", "", (200, 100));
    check("viewBox='0 0 200 100' width='100%' height='456px'", "w=384,", (384, 192));
    check("viewBox='0 0 200 100' width='100%' height='100%'", "", (200, 100));
    check("viewBox='0 0 200 100' width='50'", "", (50, 25));
    check("viewBox='0 0 200 100' height='2em'", "", (64, 32));
    check("width='50'", "", (50, 150));
    check("width='1in' height='72pt'", "", (96, 96));
    check("width='auto' height='10rem' style='width:2em;font-size:20px'", "", (40, 160));
    check("width='9' style='width:calc(10px * 3);height:20px'", "", (30, 20));
    check("style='width:50%;height:auto'", "", (300, 150));
    check("viewBox='0 0 21000 29700'", "w=384,", (384, 543));
    check("width='210000mm' height='297000mm'", "w=384,", (384, 543));
    check("viewBox='0 0 1e9 5e8'", "w=100,", (100, 50));
}

#[test]
fn files_are_read_in_their_encoding_and_unpacked() {
    let content = "<style>[id='é']{fill:#0a0}</style><rect id='é' width='10' height='10'/>";
    let body = format!("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>{content}</svg>");
    let latin = format!("<?xml version='1.0' encoding='ISO-8859-1'?>{body}");
    let latin: Vec<u8> = latin.chars().map(|letter| letter as u8).collect();
    let wide = format!("\u{feff}<?xml version='1.0' encoding='UTF-16'?>{body}");
    let little: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = wide.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let packed = |bytes: &[u8]| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let commented = format!("<!-- {} -->{body}", "long ".repeat(50_000));
    for bytes in [
        body.clone().into(),
        latin.clone(),
        little,
        big,
        packed(body.as_bytes()),
        packed(&latin),
        commented.into(),
    ] {
        let picture = picture(&bytes, "fm=png").unwrap();
        assert_eq!(picture.get_pixel(5, 5).0, GREEN);
    }
}
