//! Converts every animated format to every output format: frames, durations, loops and transparency.

use contract::format::Format;
use image::ImageFormat;

use super::files::{
    BLUE, Frames, GREEN, HOLE, RED, apng, assert_middles, convert, each_format, gif, is_near, read, webp,
};

const FRAMES: &Frames = &[(RED, 100), (GREEN, 250), (HOLE, 70), (BLUE, 1000)];
const COLORS: [[u8; 4]; 4] = [RED, GREEN, HOLE, BLUE];

#[test]
fn every_conversion_keeps_frames_durations_loops_and_transparency() {
    for (name, bytes) in each_format(FRAMES, 3) {
        for variant in ["w=20,fm=auto.avif", "w=20,fm=auto.webp", "w=20,fm=webp", "w=20,lossless=1,fm=webp"] {
            let context = format!("{name} {variant}");
            let encoded = convert(&bytes, variant).unwrap();
            assert_eq!((encoded.format, encoded.width, encoded.height), (Format::Webp, 20, 12), "{context}");
            let animation = read(&encoded.bytes);
            assert_middles(&animation, &COLORS, &context);
            assert_eq!(
                (animation.milliseconds(), animation.plays),
                (vec![100, 250, 70, 1000], 3),
                "{context}"
            );
        }
        for variant in ["w=20,fm=auto.base", "w=20,fm=gif", "fm=gif"] {
            let context = format!("{name} {variant}");
            let encoded = convert(&bytes, variant).unwrap();
            assert_eq!(encoded.format, Format::Gif, "{context}");
            let animation = read(&encoded.bytes);
            assert_eq!(animation.middles(), COLORS, "{context}");
            assert_eq!(
                (animation.milliseconds(), animation.plays),
                (vec![100, 250, 70, 1000], 3),
                "{context}"
            );
        }
    }
}

#[test]
fn an_animation_keeps_playing_endlessly_or_once() {
    for plays in [0, 1] {
        for (name, bytes) in each_format(FRAMES, plays) {
            let webp = read(&convert(&bytes, "w=20,fm=webp").unwrap().bytes);
            assert_eq!(webp.plays, u32::from(plays), "{name}");
            let gif = convert(&bytes, "w=20,fm=gif").unwrap().bytes;
            let extension = gif.windows(13).find(|w| w.starts_with(b"NETSCAPE2.0")).map(|w| w[12]);
            let count = gif.windows(16).find(|w| w.starts_with(b"NETSCAPE2.0")).map(|w| (w[13], w[14]));
            let expected = if plays == 0 { (Some(1), Some((0, 0))) } else { (None, None) };
            assert_eq!((extension, count), expected, "{name}");
        }
    }
}

#[test]
fn a_single_frame_or_a_still_format_gives_a_still_picture() {
    for (name, bytes) in each_format(FRAMES, 0) {
        let check = |variant: &str, format: ImageFormat, expected: [u8; 4]| {
            let encoded = convert(&bytes, variant).unwrap();
            assert_eq!(image::guess_format(&encoded.bytes).unwrap(), format, "{name} {variant}");
            let picture = image::load_from_memory(&encoded.bytes).unwrap().to_rgba8();
            assert_eq!(picture.dimensions(), (20, 12), "{name} {variant}");
            let middle = picture.get_pixel(10, 6).0;
            assert!(is_near(middle, expected), "{name} {variant}: {middle:?}");
            if let ImageFormat::Gif | ImageFormat::WebP = format {
                let is_animated = encoded.bytes.windows(4).any(|w| w == b"ANMF" || w == b"NETS");
                assert!(!is_animated, "{name} {variant}");
            }
        };
        check("w=20,fm=jpeg", ImageFormat::Jpeg, RED);
        check("w=20,fm=png", ImageFormat::Png, RED);
        check("w=20,frame=2,fm=jpeg", ImageFormat::Jpeg, GREEN);
        check("w=20,frame=3,fm=jpeg", ImageFormat::Jpeg, [255; 4]);
        check("w=20,frame=3,fm=png", ImageFormat::Png, HOLE);
        check("w=20,frame=4,fm=gif", ImageFormat::Gif, BLUE);
        check("w=20,frame=1,fm=webp", ImageFormat::WebP, RED);
        check("w=20,frame=4,fm=auto.webp", ImageFormat::WebP, BLUE);
        check("w=20,frame=2,fm=auto.base", ImageFormat::Png, GREEN);
        let error = convert(&bytes, "w=20,frame=5,fm=png").unwrap_err().to_string();
        assert_eq!(error, "there is no frame 5; the picture has 4", "{name}");
    }
}

/// The source has no transparent pixel, but a disposed or partial frame uncovers the canvas.
#[test]
fn pixels_that_no_opaque_frame_covers_are_white_in_a_jpeg() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 8);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(2, 0).unwrap();
    encoder.set_dispose_op(png::DisposeOp::Background).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[9; 8 * 8 * 3]).unwrap();
    writer.set_frame_dimension(2, 2).unwrap();
    writer.write_image_data(&[9; 2 * 2 * 3]).unwrap();
    writer.finish().unwrap();
    let jpeg = convert(&bytes, "frame=2,fm=jpeg").unwrap();
    let picture = image::load_from_memory(&jpeg.bytes).unwrap().to_rgba8();
    assert!(is_near(picture.get_pixel(7, 7).0, [255; 4]));
}

#[test]
fn every_frame_is_transformed_like_a_still_picture() {
    for (name, bytes) in each_format(FRAMES, 0) {
        let cropped = convert(&bytes, "w=10,h=10,fit=crop,fm=gif").unwrap();
        assert_eq!((cropped.width, cropped.height), (10, 10), "{name}");
        assert_eq!(read(&cropped.bytes).middles(), COLORS, "{name}");
        let filled = read(&convert(&bytes, "w=20,bg=ffffff,fm=webp").unwrap().bytes);
        assert_middles(&filled, &[RED, GREEN, [255; 4], BLUE], name);
        let rotated = convert(&bytes, "w=12,rot=90,flip=h,blur=20,sharp=20,fm=gif").unwrap();
        assert_eq!((rotated.width, rotated.height), (12, 20), "{name}");
        assert_eq!(read(&rotated.bytes).middles(), COLORS, "{name}");
        let padded = read(&convert(&bytes, "w=20,h=20,fit=fill,bg=ffffff,fm=gif").unwrap().bytes);
        assert!(padded.frames.iter().all(|(frame, _)| frame.get_pixel(10, 1).0 == [255; 4]), "{name}");
        assert_eq!(padded.middles(), [RED, GREEN, [255; 4], BLUE], "{name}");
    }
}

#[test]
fn durations_that_browsers_ignore_become_a_tenth_of_a_second() {
    let frames: &Frames = &[(RED, 0), (GREEN, 10), (BLUE, 20)];
    for (name, bytes) in each_format(frames, 0) {
        let animation = read(&convert(&bytes, "fm=webp").unwrap().bytes);
        assert_eq!(animation.milliseconds(), [100, 100, 20], "{name}");
    }
}

#[test]
fn rounding_durations_to_hundredths_keeps_the_total() {
    let frames: Vec<_> = (0..30).map(|i| (if i % 2 == 0 { RED } else { GREEN }, 33)).collect();
    let animation = read(&convert(&webp(&frames, 0), "fm=gif").unwrap().bytes);
    assert_eq!(animation.milliseconds().iter().sum::<u32>(), 990);
}

#[test]
fn a_slow_fade_reaches_its_last_colour() {
    let frames: Vec<_> = (0..60u8).map(|i| ([i * 4, 100, 100, 255], 40)).collect();
    for variant in ["fm=webp", "fm=gif"] {
        let animation = read(&convert(&apng(&frames, 0), variant).unwrap().bytes);
        let [red, ..] = animation.middles()[animation.frames.len() - 1];
        assert!(red.abs_diff(236) <= 16, "{variant}: {red}");
    }
}

#[test]
fn a_converted_gif_is_no_larger_than_its_source() {
    for (name, bytes) in [("holes", gif(FRAMES, 0)), ("none", gif(&[(RED, 50), (GREEN, 50)], 0))] {
        // The background changes no pixel, but it prevents the source's bytes from being served.
        let encoded = convert(&bytes, "bg=00000000,fm=gif").unwrap().bytes;
        assert!(encoded.len() <= bytes.len(), "{name}: {} bytes became {}", bytes.len(), encoded.len());
    }
}

#[test]
fn the_colours_of_a_photo_change_little_in_a_gif() {
    let photo =
        image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([x as u8 * 4, y as u8 * 4, 255 - x as u8 * 2]));
    let mut bytes = Vec::new();
    photo.write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    let encoded = convert(&bytes, "fm=gif").unwrap();
    let got = image::load_from_memory(&encoded.bytes).unwrap().to_rgb8();
    let differences = got.as_raw().iter().zip(photo.as_raw()).map(|(a, b)| u32::from(a.abs_diff(*b)));
    let mean = f64::from(differences.sum::<u32>()) / got.as_raw().len() as f64;
    assert!(mean < 8.0, "{mean}");
}
