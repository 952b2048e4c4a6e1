//! What is too large is refused before it is decoded, and what breaks off gives what was whole.

use std::cell::Cell;
use std::time::{Duration, Instant};

use contract::limits::Limits;
use resize::error::Error;
use resize::pipeline::render;
use resize::settings::Settings;
use resize::stopwatch::Stopwatch;

use super::films::{BLUE, GREEN, Plain, RED, apng, each_format, gif, make, read, settings, webp};

const FILM: &Plain = &[(RED, 100), (GREEN, 100), (BLUE, 100)];

/// A GIF that says it has so many frames of one pixel on such a screen.
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
fn too_many_frames_or_pixels_are_refused_by_the_header() {
    let check = |bytes: &[u8], expected: Error| {
        for variant in ["w=16,fm=webp", "w=16,frame=1,fm=png"] {
            assert_eq!(make(bytes, variant).map(drop), Err(expected.clone()), "{variant}");
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
    assert!(make(&tiny_frames(9, 9, 1000), "w=16,fm=webp").is_ok());

    let limits = Limits { frames: 2, ..Limits::default() };
    let settings = Settings { limits, ..settings() };
    for (name, bytes) in each_format(FILM, 0) {
        let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
        let refused = render(&bytes, &"fm=webp".parse().unwrap(), &settings, watch).map(drop);
        assert_eq!(refused, Err(Error::TooManyFrames { frames: 3, limit: 2 }), "{name}");
    }
}

#[test]
fn a_frame_that_is_larger_than_the_screen_is_not_allocated() {
    let mut bytes = tiny_frames(9, 9, 2);
    let second = bytes.len() - 1 - 15;
    bytes[second + 5..second + 9].copy_from_slice(&[0xff; 4]);
    let film = make(&bytes, "fm=gif").unwrap();
    assert_eq!((film.width, film.height), (9, 9));
}

#[test]
fn what_breaks_off_gives_the_frames_before_or_is_refused() {
    for bytes in [gif(FILM, 0), apng(FILM, 0), webp(FILM, 0)] {
        for length in 0..bytes.len() {
            match make(&bytes[..length], "lossless=1,fm=webp") {
                Ok(made) => assert!(image::load_from_memory(&made.bytes).is_ok()),
                Err(Error::Empty | Error::UnknownFormat | Error::Damaged(_)) => {}
                Err(error) => panic!("{length} bytes: {error}"),
            }
        }
    }
    let bytes = gif(FILM, 0);
    let third = bytes.windows(3).rposition(|block| block == [0x21, 0xf9, 4]).unwrap();
    let film = read(&make(&bytes[..third + 30], "fm=webp").unwrap().bytes);
    assert_eq!(film.frames.len(), 2);
}

#[test]
fn flipped_bytes_give_a_picture_or_a_refusal() {
    for bytes in [gif(FILM, 0), apng(FILM, 0), webp(FILM, 0)] {
        for index in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[index] ^= 0x55;
            if let Err(Error::Internal(cause)) = make(&bytes, "w=8,fm=gif") {
                panic!("byte {index}: {cause}");
            }
        }
    }
}

thread_local! {
    static START: Instant = Instant::now();
    static READINGS: Cell<u64> = const { Cell::new(0) };
}

/// A clock on which a second passes between any two looks at it.
fn second_by_second() -> Instant {
    let readings = READINGS.get();
    READINGS.set(readings + 1);
    START.with(|start| *start + Duration::from_secs(readings))
}

#[test]
fn the_deadline_is_looked_at_between_frames() {
    let frames: Vec<_> = (0..200u8).map(|i| ([i, 9, 9, 255], 40)).collect();
    for (name, bytes) in each_format(&frames, 0) {
        for variant in ["fm=webp", "fm=gif", "frame=200,fm=png"] {
            let check = |seconds: u64, expected: Result<(), Error>| {
                let watch = Stopwatch::start(second_by_second, Duration::from_secs(seconds));
                let made = render(&bytes, &variant.parse().unwrap(), &settings(), watch);
                assert_eq!(made.map(drop), expected, "{name} {variant} in {seconds} s");
            };
            check(100, Err(Error::DeadlineExceeded));
            check(1000, Ok(()));
        }
    }
}
