//! Partial frames of GIF: disposal, blending and position, compared with a reference composition in this file.

use image::RgbaImage;
use proptest::prelude::*;

use super::files::{convert, read};

const WIDTH: usize = 12;
const HEIGHT: usize = 9;
const PALETTE: [[u8; 3]; 4] = [[0, 0, 0], [220, 30, 30], [30, 180, 30], [30, 30, 220]];

/// A partial frame. Index 0 is transparent if `has_hole`.
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
    let rectangle = (0..WIDTH, 0..HEIGHT)
        .prop_flat_map(|(left, top)| (Just(left), Just(top), 1..=WIDTH - left, 1..=HEIGHT - top));
    (rectangle, any::<bool>(), any::<bool>(), disposal).prop_flat_map(
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
                // Each frame has another duration, so that equal frames can be distinguished.
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

/// The canvas after each part, pixel by pixel, as the specification defines it.
fn composed(parts: &[Part]) -> Vec<RgbaImage> {
    let mut canvas = RgbaImage::new(WIDTH as u32, HEIGHT as u32);
    let mut pictures = Vec::new();
    for part in parts {
        let before = canvas.clone();
        let pixels = (0..part.height).flat_map(|y| (0..part.width).map(move |x| (x, y)));
        for (x, y) in pixels.clone() {
            let index = part.indices[y * part.width + x];
            if index != 0 || !part.has_hole {
                let [red, green, blue] = PALETTE[usize::from(index)];
                let (x, y) = ((part.left + x) as u32, (part.top + y) as u32);
                canvas.put_pixel(x, y, image::Rgba([red, green, blue, 255]));
            }
        }
        pictures.push(canvas.clone());
        for (x, y) in pixels {
            let (x, y) = ((part.left + x) as u32, (part.top + y) as u32);
            match part.disposal {
                gif::DisposalMethod::Any | gif::DisposalMethod::Keep => {}
                gif::DisposalMethod::Background => canvas.put_pixel(x, y, image::Rgba([0; 4])),
                gif::DisposalMethod::Previous => canvas.put_pixel(x, y, *before.get_pixel(x, y)),
            }
        }
    }
    pictures
}

/// The picture at each hundredth of a second.
fn timeline(frames: impl IntoIterator<Item = (RgbaImage, u32)>) -> Vec<RgbaImage> {
    frames
        .into_iter()
        .flat_map(|(picture, time)| std::iter::repeat_n(picture, (time / 10) as usize))
        .collect()
}

/// The pixels, in which all transparent ones have the same value.
fn visible(picture: &RgbaImage) -> Vec<[u8; 4]> {
    picture.pixels().map(|pixel| if pixel.0[3] == 0 { [0; 4] } else { pixel.0 }).collect()
}

/// A frame as it is in the file.
#[derive(PartialEq)]
struct StoredFrame {
    /// Left, top, width, height and duration.
    numbers: [u16; 5],
    dispose: gif::DisposalMethod,
    interlaced: bool,
    /// The index of transparent pixels.
    transparent: Option<u8>,
    colors: Vec<[u8; 3]>,
}

/// The frames in the order of the file. Their colours are read in one piece: row
/// by row, as it reads interlaced frames, the decoder loses the end of some.
fn stored_frames(bytes: &[u8]) -> Vec<StoredFrame> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::Indexed);
    let mut decoder = options.read_info(bytes).unwrap();
    let global = decoder.global_palette().unwrap_or_default().to_vec();
    let mut frames = Vec::new();
    while let Some(frame) = decoder.next_frame_info().unwrap() {
        let numbers = [frame.left, frame.top, frame.width, frame.height, frame.delay];
        let (dispose, interlaced, transparent) = (frame.dispose, frame.interlaced, frame.transparent);
        let palette = frame.palette.as_deref().unwrap_or(&global).as_chunks::<3>().0.to_vec();
        let mut indices = vec![0; usize::from(frame.width) * usize::from(frame.height)];
        assert!(decoder.fill_buffer(&mut indices).unwrap());
        let colors = indices.iter().map(|index| palette[usize::from(*index)]).collect();
        frames.push(StoredFrame { numbers, dispose, interlaced, transparent, colors });
    }
    frames
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn partial_frames_look_the_same_after_conversion(parts in prop::collection::vec(part(), 2..7)) {
        let bytes = encode(&parts);
        let pictures = composed(&parts);
        // An animation whose frames are all equal becomes a still picture.
        prop_assume!(pictures.iter().any(|picture| *picture != pictures[0]));
        let expected = pictures.into_iter().enumerate().map(|(i, picture)| (picture, (10 + i as u32) * 10));
        let expected: Vec<_> = timeline(expected).iter().map(image::imageops::flip_horizontal).collect();
        let expected: Vec<_> = expected.iter().map(visible).collect();
        for variant in ["flip=h,fm=gif", "flip=h,lossless=1,fm=webp"] {
            let animation = read(&convert(&bytes, variant).unwrap().bytes);
            let got: Vec<_> = timeline(animation.frames).iter().map(visible).collect();
            prop_assert_eq!(&got, &expected, "{}", variant);
        }
        // Without a change of the picture, the source's own frames may be served.
        let unchanged = convert(&bytes, "fm=gif").unwrap().bytes;
        if stored_frames(&unchanged) != stored_frames(&bytes) {
            let shown = timeline(read(&unchanged).frames);
            let shown: Vec<_> = shown.iter().map(image::imageops::flip_horizontal).collect();
            prop_assert_eq!(shown.iter().map(visible).collect::<Vec<_>>(), expected);
        }
    }
}
