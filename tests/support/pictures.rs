//! Pictures for tests. Each corner has another colour, so that tests detect a wrong rotation, crop or position.

use std::io::Cursor;

use codecs::View;
use codecs::avif::Layout;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{
    DynamicImage, ExtendedColorType, GrayImage, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage,
};

pub(crate) const RED: Rgb<u8> = Rgb([220, 30, 30]);
pub(crate) const GREEN: Rgb<u8> = Rgb([30, 180, 30]);
pub(crate) const BLUE: Rgb<u8> = Rgb([30, 30, 220]);
pub(crate) const YELLOW: Rgb<u8> = Rgb([230, 220, 40]);

/// Red upper left, green upper right, blue lower left, yellow lower right.
pub(crate) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => RED,
        (false, true) => GREEN,
        (true, false) => BLUE,
        (false, false) => YELLOW,
    })
}

/// The colours in the middle of each quarter: upper left, upper right, lower left, lower right.
pub(crate) fn corners(picture: &RgbaImage) -> [Rgba<u8>; 4] {
    let (width, height) = picture.dimensions();
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| *picture.get_pixel(width * x / 4, height * y / 4))
}

/// `true` if two colours differ by no more than lossy encoding changes them.
pub(crate) fn is_near(a: Rgba<u8>, b: Rgb<u8>) -> bool {
    a.0.iter().zip(b.0).all(|(a, b)| a.abs_diff(b) <= 12)
}

pub(crate) fn assert_corners(picture: &RgbaImage, expected: [Rgb<u8>; 4], what: &str) {
    let found = corners(picture);
    assert!(found.iter().zip(expected).all(|(a, b)| is_near(*a, b)), "{what}: {found:?}, not {expected:?}");
}

pub(crate) fn jpeg(picture: &RgbImage) -> Vec<u8> {
    jpeg_with(picture, None, None)
}

/// A JPEG with an EXIF orientation and an ICC profile.
pub(crate) fn jpeg_with(picture: &RgbImage, orientation: Option<u8>, profile: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).unwrap();
    }
    if let Some(orientation) = orientation {
        encoder.set_exif_metadata(exif(orientation)).unwrap();
    }
    let (width, height) = picture.dimensions();
    encoder.write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8).unwrap();
    bytes
}

/// A gray JPEG with an ICC profile.
pub(crate) fn gray_jpeg_with(picture: &GrayImage, profile: Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_icc_profile(profile).unwrap();
    let (width, height) = picture.dimensions();
    encoder.write_image(picture.as_raw(), width, height, ExtendedColorType::L8).unwrap();
    bytes
}

/// A TIFF block with an orientation and an artist's name.
fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x02\0".to_vec();
    block.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    block.extend([0x3b, 0x01, 2, 0, 4, 0, 0, 0]);
    block.extend(b"Ann\0\0\0\0\0");
    block
}

pub(crate) fn png(picture: &RgbaImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    PngEncoder::new(&mut bytes)
        .write_image(picture.as_raw(), width, height, ExtendedColorType::Rgba8)
        .unwrap();
    bytes
}

pub(crate) fn webp(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    WebPEncoder::new_lossless(&mut bytes)
        .write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

pub(crate) fn avif(picture: &RgbImage) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    codecs::avif::encode(View { samples: picture.as_raw(), width, height }, Layout::Rgb, 90).unwrap()
}

/// The pixels of a file in any format that variants have.
pub(crate) fn decode(bytes: &[u8]) -> RgbaImage {
    if !codecs::avif::is_avif(bytes) {
        return image::load_from_memory(bytes).unwrap().to_rgba8();
    }
    let file = codecs::avif::open(bytes).unwrap();
    let header = file.header();
    let mut picture = RgbaImage::new(header.width, header.height);
    file.decode(Layout::Rgba, &mut picture).unwrap();
    picture
}

/// A small JPEG whose header declares other sides.
pub(crate) fn mislabelled_jpeg(width: u16, height: u16) -> Vec<u8> {
    let (mut bytes, frame) = jpeg_and_frame();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A JPEG whose header declares an extended sequential frame with 12 bits per sample.
pub(crate) fn jpeg_of_twelve_bits() -> Vec<u8> {
    let (mut bytes, frame) = jpeg_and_frame();
    bytes[frame + 1] = 0xc1;
    bytes[frame + 4] = 12;
    bytes
}

/// A small JPEG, and the index of its frame header.
fn jpeg_and_frame() -> (Vec<u8>, usize) {
    let bytes = jpeg(&quarters(16, 16));
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    (bytes, frame)
}

/// A picture encoded by the crate `image`.
pub(crate) fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = DynamicImage::ImageRgb8(picture.clone());
    let picture = if format == ImageFormat::Ico { picture.to_rgba8().into() } else { picture };
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A PNG with 16 bits per sample.
pub(crate) fn png_of_16_bits(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = DynamicImage::ImageRgb8(picture.clone()).to_rgb16();
    DynamicImage::ImageRgb16(picture).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}
