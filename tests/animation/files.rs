//! Encodes animations of known colours, and decodes the results.

use std::io::Cursor;
use std::time::{Duration, Instant};

use cdn_config::policy::Policy;
use codecs::View;
use codecs::webp::animation::{Decoder, Encoder, Loss};
use image::codecs::gif::GifDecoder;
use image::metadata::LoopCount;
use image::{AnimationDecoder, RgbaImage};
use resize::edge::config::Config;
use resize::error::Error;
use resize::pipeline::{Encoded, render};
use resize::settings::Settings;
use resize::stopwatch::Stopwatch;

pub(super) const RED: [u8; 4] = [220, 30, 30, 255];
pub(super) const GREEN: [u8; 4] = [30, 180, 30, 255];
pub(super) const BLUE: [u8; 4] = [30, 30, 220, 255];
pub(super) const HOLE: [u8; 4] = [0; 4];

/// A decoded animation: full canvases with their duration in milliseconds, and the number of plays, 0 for endless.
#[derive(Debug)]
pub(super) struct Animation {
    pub(super) frames: Vec<(RgbaImage, u32)>,
    pub(super) plays: u32,
}

impl Animation {
    /// The colour in the middle of each frame.
    pub(super) fn middles(&self) -> Vec<[u8; 4]> {
        self.frames
            .iter()
            .map(|(frame, _)| frame.get_pixel(frame.width() / 2, frame.height() / 2).0)
            .collect()
    }

    pub(super) fn milliseconds(&self) -> Vec<u32> {
        self.frames.iter().map(|(_, milliseconds)| *milliseconds).collect()
    }
}

/// Decodes a GIF by the crate `image`, or a WebP by libwebp.
pub(super) fn read(bytes: &[u8]) -> Animation {
    if bytes.starts_with(b"GIF") { read_gif(bytes) } else { read_webp(bytes) }
}

fn read_gif(bytes: &[u8]) -> Animation {
    let decoder = GifDecoder::new(Cursor::new(bytes)).unwrap();
    let plays = match decoder.loop_count() {
        LoopCount::Infinite => 0,
        LoopCount::Finite(again) => again.get() + 1,
    };
    let frames = decoder.into_frames().map(|frame| {
        let frame = frame.unwrap();
        let (numerator, denominator) = frame.delay().numer_denom_ms();
        (frame.into_buffer(), numerator / denominator)
    });
    Animation { frames: frames.collect(), plays }
}

fn read_webp(bytes: &[u8]) -> Animation {
    let header = bytes.windows(4).position(|name| name == b"ANIM").unwrap();
    let plays = u16::from_le_bytes([bytes[header + 12], bytes[header + 13]]).into();
    let mut decoder = Decoder::new(bytes).unwrap();
    let (width, height) = (decoder.width(), decoder.height());
    let mut frames = Vec::new();
    while let Some(canvas) = decoder.next_canvas().unwrap() {
        let picture = RgbaImage::from_raw(width, height, canvas.samples.to_vec()).unwrap();
        frames.push((picture, canvas.milliseconds));
    }
    Animation { frames, plays }
}

/// Frames of a single colour each, with their duration in milliseconds.
pub(super) type Frames = [([u8; 4], u32)];

pub(super) const WIDTH: u16 = 40;
pub(super) const HEIGHT: u16 = 24;

/// A GIF of full frames, each of which replaces the previous one. `plays` has the same meaning as in [`Animation`].
pub(super) fn gif(frames: &Frames, plays: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, WIDTH, HEIGHT, &[]).unwrap();
    match plays {
        0 => encoder.set_repeat(gif::Repeat::Infinite).unwrap(),
        1 => {}
        plays => encoder.set_repeat(gif::Repeat::Finite(plays - 1)).unwrap(),
    }
    for ([red, green, blue, alpha], milliseconds) in frames {
        let area = usize::from(WIDTH) * usize::from(HEIGHT);
        encoder
            .write_frame(&gif::Frame {
                width: WIDTH,
                height: HEIGHT,
                delay: (milliseconds / 10) as u16,
                dispose: gif::DisposalMethod::Background,
                transparent: (*alpha == 0).then_some(0),
                palette: Some(vec![*red, *green, *blue]),
                buffer: vec![0; area].into(),
                ..gif::Frame::default()
            })
            .unwrap();
    }
    drop(encoder);
    bytes
}

pub(super) fn webp(frames: &Frames, plays: u16) -> Vec<u8> {
    let (width, height) = (u32::from(WIDTH), u32::from(HEIGHT));
    let plays = std::num::NonZeroU16::new(plays);
    let mut encoder = Encoder::new(width, height, plays, Loss::Nothing).unwrap();
    for (color, milliseconds) in frames {
        let samples = color.repeat((width * height) as usize);
        encoder.add(View { samples: &samples, width, height }, *milliseconds).unwrap();
    }
    encoder.finish().unwrap()
}

pub(super) fn apng(frames: &Frames, plays: u16) -> Vec<u8> {
    let (width, height) = (u32::from(WIDTH), u32::from(HEIGHT));
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(frames.len() as u32, plays.into()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for (color, milliseconds) in frames {
        writer.set_frame_delay(*milliseconds as u16, 1000).unwrap();
        writer.write_image_data(&color.repeat((width * height) as usize)).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

/// The same animation in all three formats.
pub(super) fn each_format(frames: &Frames, plays: u16) -> [(&'static str, Vec<u8>); 3] {
    [("GIF", gif(frames, plays)), ("WebP", webp(frames, plays)), ("APNG", apng(frames, plays))]
}

pub(super) fn settings() -> Settings {
    Config::of(&Policy::built_in()).settings
}

pub(super) fn convert(bytes: &[u8], variant: &str) -> Result<Encoded, Error> {
    let watch = Stopwatch::start(Instant::now, Duration::from_mins(1));
    render(bytes, &variant.parse().unwrap(), &settings(), watch)
}

pub(super) fn is_near(a: [u8; 4], b: [u8; 4]) -> bool {
    a[3].abs_diff(b[3]) <= 12 && (b[3] == 0 || a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 12))
}

pub(super) fn assert_middles(animation: &Animation, expected: &[[u8; 4]], context: &str) {
    let found = animation.middles();
    let is_right = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| is_near(*a, *b));
    assert!(is_right, "{context}: {found:?}, not {expected:?}");
}
