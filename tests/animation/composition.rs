//! Frames of a GIF that are parts of a picture: disposal, blending and places, against a composition written out here.

use image::RgbaImage;
use proptest::prelude::*;

use super::films::{make, read};

const WIDTH: usize = 12;
const HEIGHT: usize = 9;
const PALETTE: [[u8; 3]; 4] = [[0, 0, 0], [220, 30, 30], [30, 180, 30], [30, 30, 220]];

/// A part of a GIF's picture. Index 0 is transparent where `has_hole`.
#[derive(Clone, Debug)]
struct Part {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    indices: Vec<u8>,
    has_hole: bool,
    is_interlaced: bool,
    disposal: gif::DisposalMethod,
}

fn part() -> impl Strategy<Value = Part> {
    let disposal = prop_oneof![
        Just(gif::DisposalMethod::Any),
        Just(gif::DisposalMethod::Keep),
        Just(gif::DisposalMethod::Background),
        Just(gif::DisposalMethod::Previous),
    ];
    let place = (0..WIDTH, 0..HEIGHT)
        .prop_flat_map(|(left, top)| (Just(left), Just(top), 1..=WIDTH - left, 1..=HEIGHT - top));
    (place, any::<bool>(), any::<bool>(), disposal).prop_flat_map(
        |((left, top, width, height), has_hole, is_interlaced, disposal)| {
            prop::collection::vec(0u8..4, width * height).prop_map(move |indices| Part {
                left,
                top,
                width,
                height,
                indices,
                has_hole,
                is_interlaced,
                disposal,
            })
        },
    )
}

fn encode(parts: &[Part]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, WIDTH as u16, HEIGHT as u16, &PALETTE.concat()).unwrap();
    for (number, part) in parts.iter().enumerate() {
        let rows: Vec<&[u8]> = part.indices.chunks(part.width).collect();
        let order: Vec<usize> = if part.is_interlaced {
            let passes = [(0, 8), (4, 8), (2, 4), (1, 2)];
            passes.into_iter().flat_map(|(from, step)| (from..part.height).step_by(step)).collect()
        } else {
            (0..part.height).collect()
        };
        encoder
            .write_frame(&gif::Frame {
                left: part.left as u16,
                top: part.top as u16,
                width: part.width as u16,
                height: part.height as u16,
                interlaced: part.is_interlaced,
                // A time of its own for each, so that equal frames are told apart.
                delay: 10 + number as u16,
                dispose: part.disposal,
                transparent: part.has_hole.then_some(0),
                buffer: order.into_iter().flat_map(|row| rows[row].to_vec()).collect::<Vec<u8>>().into(),
                ..gif::Frame::default()
            })
            .unwrap();
    }
    drop(encoder);
    bytes
}

/// What is shown of each part, pixel by pixel, as the specification has it.
fn composed(parts: &[Part]) -> Vec<RgbaImage> {
    let mut shown = RgbaImage::new(WIDTH as u32, HEIGHT as u32);
    let mut pictures = Vec::new();
    for part in parts {
        let before = shown.clone();
        let pixels = (0..part.height).flat_map(|y| (0..part.width).map(move |x| (x, y)));
        for (x, y) in pixels.clone() {
            let index = part.indices[y * part.width + x];
            if index != 0 || !part.has_hole {
                let [red, green, blue] = PALETTE[usize::from(index)];
                let place = ((part.left + x) as u32, (part.top + y) as u32);
                shown.put_pixel(place.0, place.1, image::Rgba([red, green, blue, 255]));
            }
        }
        pictures.push(shown.clone());
        for (x, y) in pixels {
            let (x, y) = ((part.left + x) as u32, (part.top + y) as u32);
            match part.disposal {
                gif::DisposalMethod::Any | gif::DisposalMethod::Keep => {}
                gif::DisposalMethod::Background => shown.put_pixel(x, y, image::Rgba([0; 4])),
                gif::DisposalMethod::Previous => shown.put_pixel(x, y, *before.get_pixel(x, y)),
            }
        }
    }
    pictures
}

/// What is shown at each hundredth of a second.
fn timeline(frames: impl IntoIterator<Item = (RgbaImage, u32)>) -> Vec<RgbaImage> {
    frames
        .into_iter()
        .flat_map(|(picture, time)| std::iter::repeat_n(picture, (time / 10) as usize))
        .collect()
}

fn visible(picture: &RgbaImage) -> Vec<[u8; 4]> {
    picture.pixels().map(|pixel| if pixel.0[3] == 0 { [0; 4] } else { pixel.0 }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_are_composed_and_encoded_anew_without_a_change(parts in prop::collection::vec(part(), 2..7)) {
        let bytes = encode(&parts);
        let pictures = composed(&parts);
        // Frames that all look alike come out as a still.
        prop_assume!(pictures.iter().any(|picture| *picture != pictures[0]));
        let expected = pictures.into_iter().enumerate().map(|(i, picture)| (picture, (10 + i as u32) * 10));
        let expected: Vec<_> = timeline(expected).iter().map(visible).collect();
        for variant in ["bg=00000000,fm=gif", "lossless=1,fm=webp"] {
            let film = read(&make(&bytes, variant).unwrap().bytes);
            let got: Vec<_> = timeline(film.frames).iter().map(visible).collect();
            prop_assert_eq!(&got, &expected, "{}", variant);
        }
    }
}
