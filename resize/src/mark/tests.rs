//! Variants with a mark.

use std::time::{Duration, Instant};

use contract::key::Key;

use super::*;
use crate::pipeline::{Encoded, render_file};
use crate::settings::test_settings;
use crate::source::file::File;

fn watch() -> Stopwatch {
    Stopwatch::start(Instant::now, Duration::from_mins(1))
}

fn mark(place: Gravity, width: u16, margin: u16, opacity: u16) -> Mark {
    Mark { key: Key::parse("files/1/logo.png").unwrap(), place, width, margin, opacity }
}

fn file(picture: &image::DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A PNG of one colour.
fn plain(width: u32, height: u32, color: [u8; 4]) -> Vec<u8> {
    file(&image::RgbaImage::from_pixel(width, height, image::Rgba(color)).into(), image::ImageFormat::Png)
}

fn marked(source: &[u8], variant: &str, mark: &Mark, bytes: &[u8]) -> Result<Encoded, Error> {
    let file = MarkFile { mark, bytes };
    render_file(File::Whole(source), &variant.parse().unwrap(), Some(file), &test_settings(), watch())
}

#[test]
fn a_mark_is_at_its_place_with_its_margin_and_share_of_the_width() {
    let size = |width, height| Size::new(width, height).unwrap();
    let check = |place, own, canvas, expected: (u32, u32, Size)| {
        let found = Place::new(&mark(place, 200, 50, 1000), own, canvas).unwrap();
        assert_eq!((found.left, found.top, found.size), expected, "{place:?}");
    };
    let (own, canvas) = (size(400, 200), size(1000, 500));
    check(Gravity::BottomRight, own, canvas, (775, 375, size(200, 100)));
    check(Gravity::TopLeft, own, canvas, (25, 25, size(200, 100)));
    check(Gravity::Center, own, canvas, (400, 200, size(200, 100)));
    // A high mark is as high as the room, and not wider than its share.
    check(Gravity::Right, size(10, 1000), canvas, (970, 25, size(5, 450)));
    assert_eq!(Place::new(&mark(Gravity::Center, 200, 500, 1000), own, canvas), None);
}

#[test]
fn every_format_gets_the_mark_and_keeps_its_alpha() {
    let logo = plain(8, 8, [255, 0, 0, 255]);
    let corner = mark(Gravity::TopLeft, 500, 0, 1000);
    for (under, has_alpha) in [([0, 0, 255, 255], false), ([0, 0, 255, 0], true)] {
        let source = plain(64, 64, under);
        for format in ["jpeg", "png", "webp", "gif"] {
            let encoded = marked(&source, &format!("w=32,mark=logo,fm={format}"), &corner, &logo).unwrap();
            let picture = image::load_from_memory(&encoded.bytes).unwrap().to_rgba8();
            let ([red, _, blue, alpha], clear) = (picture.get_pixel(4, 4).0, picture.get_pixel(28, 28).0[3]);
            assert!(red > 240 && blue < 20 && alpha == 255, "{format}: {red} {blue} {alpha}");
            assert_eq!(clear == 0, has_alpha && format != "jpeg", "{format}");
        }
    }
}

#[test]
fn every_frame_of_an_animation_gets_the_mark() {
    let frames = [[0, 0, 255, 255], [0, 255, 0, 255]]
        .map(|color| image::Frame::new(image::RgbaImage::from_pixel(40, 40, image::Rgba(color))));
    let mut source = Vec::new();
    image::codecs::gif::GifEncoder::new(&mut source).encode_frames(frames).unwrap();
    let logo = plain(8, 8, [255, 0, 0, 255]);
    let encoded = marked(&source, "w=40,mark=logo,fm=gif", &mark(Gravity::BottomRight, 500, 0, 1000), &logo);
    let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(encoded.unwrap().bytes)).unwrap();
    let frames = image::AnimationDecoder::into_frames(decoder).collect_frames().unwrap();
    assert_eq!(frames.len(), 2);
    for (frame, channel) in frames.iter().zip([2, 1]) {
        assert_eq!(frame.buffer().get_pixel(30, 30).0, [255, 0, 0, 255]);
        assert_eq!(frame.buffer().get_pixel(10, 10).0[channel], 255);
    }
}

#[test]
fn a_mark_that_is_no_png_or_jpeg_or_is_missing_is_an_error() {
    let source = plain(64, 64, [0, 0, 255, 255]);
    let place = mark(Gravity::Center, 500, 0, 1000);
    for bytes in
        [&b"GIF89a"[..], b"<svg xmlns='http://www.w3.org/2000/svg'/>", &plain(8, 8, [0; 4])[..20], b""]
    {
        assert_eq!(marked(&source, "mark=logo,fm=png", &place, bytes).err(), Some(Error::Mark));
    }
    let missing =
        crate::pipeline::render(&source, &"mark=logo,fm=png".parse().unwrap(), &test_settings(), watch());
    assert!(matches!(missing, Err(Error::Internal(_))));
}

#[test]
fn a_source_that_could_be_served_as_it_is_gets_the_mark_too() {
    let source = plain(8, 8, [0, 0, 255, 255]);
    let encoded = marked(
        &source,
        "mark=logo,fm=png",
        &mark(Gravity::Center, 1000, 0, 1000),
        &plain(8, 8, [255, 0, 0, 255]),
    );
    let picture = image::load_from_memory(&encoded.unwrap().bytes).unwrap().to_rgb8();
    assert_eq!(picture.get_pixel(4, 4).0, [255, 0, 0]);
}
