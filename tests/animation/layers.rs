//! The layers of APNG: blending and disposal, against a composition written out here.

use codecs::webp::animation::Decoder;
use proptest::prelude::*;

use super::films::make;

const WIDTH: usize = 11;
const HEIGHT: usize = 8;
const COLORS: [[u8; 4]; 4] = [[0; 4], [200, 40, 30, 255], [30, 60, 220, 255], [40, 200, 60, 128]];
const MILLISECONDS: u16 = 50;

/// A part of an APNG's picture, in places of [`COLORS`].
#[derive(Clone, Debug)]
struct Layer {
    left: usize,
    top: usize,
    width: usize,
    colors: Vec<usize>,
    blend: png::BlendOp,
    dispose: png::DisposeOp,
}

impl Layer {
    fn height(&self) -> usize {
        self.colors.len() / self.width
    }

    /// Its pixels with their places on the canvas.
    fn pixels(&self) -> impl Iterator<Item = (usize, [u8; 4])> {
        self.colors.iter().enumerate().map(|(index, color)| {
            let (x, y) = (self.left + index % self.width, self.top + index / self.width);
            (y * WIDTH + x, COLORS[*color])
        })
    }
}

fn layer(is_first: bool) -> impl Strategy<Value = Layer> {
    let place = move |(left, top)| {
        let sides =
            if is_first { (WIDTH..=WIDTH, HEIGHT..=HEIGHT) } else { (1..=WIDTH - left, 1..=HEIGHT - top) };
        (Just(left), Just(top), sides.0, sides.1)
    };
    let corner = if is_first { (0..1, 0..1) } else { (0..WIDTH, 0..HEIGHT) };
    let blend = prop_oneof![Just(png::BlendOp::Source), Just(png::BlendOp::Over)];
    let dispose = prop_oneof![
        Just(png::DisposeOp::None),
        Just(png::DisposeOp::Background),
        Just(png::DisposeOp::Previous)
    ];
    (corner.prop_flat_map(place), blend, dispose).prop_flat_map(
        |((left, top, width, height), blend, dispose)| {
            prop::collection::vec(0..COLORS.len(), width * height).prop_map(move |colors| Layer {
                left,
                top,
                width,
                colors,
                blend,
                dispose,
            })
        },
    )
}

fn layers() -> impl Strategy<Value = Vec<Layer>> {
    (layer(true), prop::collection::vec(layer(false), 1..6))
        .prop_map(|(first, others)| std::iter::once(first).chain(others).collect())
}

/// With a picture in front that is no frame, where `has_default` says so.
fn encode(layers: &[Layer], has_default: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(layers.len() as u32, 0).unwrap();
    encoder.set_sep_def_img(has_default).unwrap();
    let mut writer = encoder.write_header().unwrap();
    if has_default {
        writer.write_image_data(&[77; WIDTH * HEIGHT * 4]).unwrap();
    }
    for layer in layers {
        writer.set_frame_delay(MILLISECONDS, 1000).unwrap();
        writer.set_frame_dimension(1, 1).unwrap();
        writer.set_frame_position(layer.left as u32, layer.top as u32).unwrap();
        writer.set_frame_dimension(layer.width as u32, layer.height() as u32).unwrap();
        writer.set_blend_op(layer.blend).unwrap();
        writer.set_dispose_op(layer.dispose).unwrap();
        let samples: Vec<u8> = layer.pixels().flat_map(|(_, color)| color).collect();
        writer.write_image_data(&samples).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

/// Colours weighted by their alpha, and alpha, from 0 to 1.
type Weighted = [f64; 4];

fn weighted([red, green, blue, alpha]: [u8; 4]) -> Weighted {
    let alpha = f64::from(alpha) / 255.0;
    let [red, green, blue] = [red, green, blue].map(|channel| f64::from(channel) / 255.0 * alpha);
    [red, green, blue, alpha]
}

/// What is shown of each layer, as the specification has it.
fn composed(layers: &[Layer]) -> Vec<Vec<Weighted>> {
    let mut shown = vec![[0.0; 4]; WIDTH * HEIGHT];
    let mut pictures = Vec::new();
    for layer in layers {
        let before = shown.clone();
        for (place, color) in layer.pixels() {
            let above = weighted(color);
            let below = match layer.blend {
                png::BlendOp::Source => [0.0; 4],
                png::BlendOp::Over => shown[place],
            };
            shown[place] = std::array::from_fn(|i| above[i] + below[i] * (1.0 - above[3]));
        }
        pictures.push(shown.clone());
        for (place, _) in layer.pixels() {
            match layer.dispose {
                png::DisposeOp::None => {}
                png::DisposeOp::Background => shown[place] = [0.0; 4],
                png::DisposeOp::Previous => shown[place] = before[place],
            }
        }
    }
    pictures
}

/// What an animated WebP shows in each span of a layer.
fn shown(bytes: &[u8]) -> Vec<Vec<Weighted>> {
    let mut decoder = Decoder::new(bytes).unwrap();
    let mut pictures = Vec::new();
    while let Some(canvas) = decoder.next_canvas().unwrap() {
        let picture: Vec<Weighted> = canvas.samples.as_chunks().0.iter().copied().map(weighted).collect();
        let spans = canvas.milliseconds / u32::from(MILLISECONDS);
        pictures.extend(std::iter::repeat_n(picture, spans as usize));
    }
    pictures
}

fn is_near(a: &[Weighted], b: &[Weighted]) -> bool {
    /// Three steps of 8 bits: each layer rounds once.
    const TOLERANCE: f64 = 3.0 / 255.0;
    a.len() == b.len() && a.iter().flatten().zip(b.iter().flatten()).all(|(a, b)| (a - b).abs() <= TOLERANCE)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layers_are_blended_and_disposed_of(layers in layers(), has_default in any::<bool>()) {
        let expected = composed(&layers);
        // Frames that all look alike come out as a still.
        prop_assume!(expected.iter().any(|picture| *picture != expected[0]));
        let made = make(&encode(&layers, has_default), "lossless=1,fm=webp").unwrap();
        let got = shown(&made.bytes);
        prop_assert_eq!(got.len(), expected.len());
        for (number, (got, expected)) in got.iter().zip(&expected).enumerate() {
            prop_assert!(is_near(got, expected), "frame {}: {:?}, not {:?}", number, got, expected);
        }
    }
}
