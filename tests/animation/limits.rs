//! Limits of animations, truncated and damaged files, and deadlines.

use std::cell::Cell;
use std::time::{Duration, Instant};

use contract::limits::Limits;
use resize::error::Error;
use resize::pipeline::render;
use resize::settings::Settings;
use resize::stopwatch::Stopwatch;

use super::files::{BLUE, Frames, GREEN, RED, apng, convert, each_format, gif, read, settings, webp};

const FRAMES: &Frames = &[(RED, 100), (GREEN, 100), (BLUE, 100)];

/// A GIF of `frames` frames of one pixel, with a canvas of `width` × `height` pixels.
fn tiny_frames(width: u16, height: u16, frames: usize) -> Vec<u8> {
    let mut bytes = b"GIF89a".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    for _ in 0..frames {
        bytes.extend([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
    }
    bytes.push(0x3b);
    bytes
}

#[test]
fn too_many_frames_or_pixels_are_rejected_before_decoding() {
    let check = |bytes: &[u8], expected: Error| {
        for variant in ["w=16,fm=webp", "w=16,frame=1,fm=png"] {
            assert_eq!(convert(bytes, variant).map(drop), Err(expected.clone()), "{variant}");
        }
    };
    let pixels = Limits::default().source_pixels;
    check(
        &tiny_frames(65_535, 65_535, 1),
        Error::TooManyPixels { width: 65_535, height: 65_535, limit: pixels },
    );
    check(&tiny_frames(9, 9, 100_000), Error::TooManyFrames { frames: 100_000, limit: 1000 });
    check(&tiny_frames(9, 9, 1001), Error::TooManyFrames { frames: 1001, limit: 1000 });
    let limit = 400_000_000;
    check(
        &tiny_frames(1000, 1000, 401),
        Error::TooManyFramePixels { pixels: 401_000_000, frames: 401, limit },
    );
    assert!(convert(&tiny_frames(9, 9, 1000), "w=16,fm=webp").is_ok());

    let limits = Limits { frames: 2, ..Limits::default() };
    let settings = Settings { limits, ..settings() };
    for (name, bytes) in each_format(FRAMES, 0) {
        let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
        let result = render(&bytes, &"fm=webp".parse().unwrap(), &settings, watch).map(drop);
        assert_eq!(result, Err(Error::TooManyFrames { frames: 3, limit: 2 }), "{name}");
    }
}

#[test]
fn a_frame_larger_than_the_canvas_does_not_enlarge_it() {
    let mut bytes = tiny_frames(9, 9, 2);
    let second = bytes.len() - 1 - 15;
    bytes[second + 5..second + 9].copy_from_slice(&[0xff; 4]);
    let encoded = convert(&bytes, "fm=gif").unwrap();
    assert_eq!((encoded.width, encoded.height), (9, 9));
}

#[test]
fn a_truncated_file_gives_its_complete_frames_or_an_error() {
    for bytes in [gif(FRAMES, 0), apng(FRAMES, 0), webp(FRAMES, 0)] {
        for length in 0..bytes.len() {
            match convert(&bytes[..length], "lossless=1,fm=webp") {
                Ok(encoded) => assert!(image::load_from_memory(&encoded.bytes).is_ok()),
                Err(Error::Empty | Error::UnknownFormat | Error::Damaged(_)) => {}
                Err(error) => panic!("{length} bytes: {error}"),
            }
        }
    }
    let bytes = gif(FRAMES, 0);
    let third = bytes.windows(3).rposition(|block| block == [0x21, 0xf9, 4]).unwrap();
    let animation = read(&convert(&bytes[..third + 30], "fm=webp").unwrap().bytes);
    assert_eq!(animation.frames.len(), 2);
}

#[test]
fn a_flipped_byte_gives_a_picture_or_an_error() {
    for bytes in [gif(FRAMES, 0), apng(FRAMES, 0), webp(FRAMES, 0)] {
        for index in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[index] ^= 0x55;
            if let Err(Error::Internal(cause)) = convert(&bytes, "w=8,fm=gif") {
                panic!("byte {index}: {cause}");
            }
        }
    }
}

thread_local! {
    static START: Instant = Instant::now();
    static READINGS: Cell<u64> = const { Cell::new(0) };
}

/// A clock that advances by one second at each reading.
fn clock_of_seconds() -> Instant {
    let readings = READINGS.get();
    READINGS.set(readings + 1);
    START.with(|start| *start + Duration::from_secs(readings))
}

#[test]
fn the_deadline_is_checked_between_frames() {
    let frames: Vec<_> = (0..200u8).map(|i| ([i, 9, 9, 255], 40)).collect();
    for (name, bytes) in each_format(&frames, 0) {
        for variant in ["fm=webp", "fm=gif", "frame=200,fm=png"] {
            let check = |seconds: u64, expected: Result<(), Error>| {
                let watch = Stopwatch::start(clock_of_seconds, Duration::from_secs(seconds));
                let encoded = render(&bytes, &variant.parse().unwrap(), &settings(), watch);
                assert_eq!(encoded.map(drop), expected, "{name} {variant} in {seconds} s");
            };
            check(100, Err(Error::DeadlineExceeded));
            check(1000, Ok(()));
        }
    }
}
