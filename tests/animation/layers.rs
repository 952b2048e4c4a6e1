//! Partial frames of APNG: blending and disposal, compared with a reference composition in this file.

use codecs::webp::animation::Decoder;
use proptest::prelude::*;

use super::files::convert;

const WIDTH: usize = 11;
const HEIGHT: usize = 8;
const COLORS: [[u8; 4]; 4] = [[0; 4], [200, 40, 30, 255], [30, 60, 220, 255], [40, 200, 60, 128]];
const MILLISECONDS: u16 = 50;

/// A partial frame. `colors` are indices of [`COLORS`].
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

    /// Its pixels with their indices on the canvas.
    fn pixels(&self) -> impl Iterator<Item = (usize, [u8; 4])> {
        self.colors.iter().enumerate().map(|(index, color)| {
            let (x, y) = (self.left + index % self.width, self.top + index / self.width);
            (y * WIDTH + x, COLORS[*color])
        })
    }
}

fn layer(is_first: bool) -> impl Strategy<Value = Layer> {
    let rectangle = move |(left, top)| {
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
    (corner.prop_flat_map(rectangle), blend, dispose).prop_flat_map(
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

/// Encodes an APNG. If `has_default`, its default image is not a frame.
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

/// Premultiplied red, green and blue, and alpha, each 0 to 1.
type Premultiplied = [f64; 4];

fn premultiplied([red, green, blue, alpha]: [u8; 4]) -> Premultiplied {
    let alpha = f64::from(alpha) / 255.0;
    let [red, green, blue] = [red, green, blue].map(|channel| f64::from(channel) / 255.0 * alpha);
    [red, green, blue, alpha]
}

/// The canvas after each layer, as the specification defines it.
fn composed(layers: &[Layer]) -> Vec<Vec<Premultiplied>> {
    let mut canvas = vec![[0.0; 4]; WIDTH * HEIGHT];
    let mut pictures = Vec::new();
    for layer in layers {
        let before = canvas.clone();
        for (index, color) in layer.pixels() {
            let above = premultiplied(color);
            let below = match layer.blend {
                png::BlendOp::Source => [0.0; 4],
                png::BlendOp::Over => canvas[index],
            };
            canvas[index] = std::array::from_fn(|i| above[i] + below[i] * (1.0 - above[3]));
        }
        pictures.push(canvas.clone());
        for (index, _) in layer.pixels() {
            match layer.dispose {
                png::DisposeOp::None => {}
                png::DisposeOp::Background => canvas[index] = [0.0; 4],
                png::DisposeOp::Previous => canvas[index] = before[index],
            }
        }
    }
    pictures
}

/// The canvas of an animated WebP in the time of each layer.
fn decode(bytes: &[u8]) -> Vec<Vec<Premultiplied>> {
    let mut decoder = Decoder::new(bytes).unwrap();
    let mut pictures = Vec::new();
    while let Some(canvas) = decoder.next_canvas().unwrap() {
        let picture: Vec<Premultiplied> =
            canvas.samples.as_chunks().0.iter().copied().map(premultiplied).collect();
        let spans = canvas.milliseconds / u32::from(MILLISECONDS);
        pictures.extend(std::iter::repeat_n(picture, spans as usize));
    }
    pictures
}

fn is_near(a: &[Premultiplied], b: &[Premultiplied]) -> bool {
    /// Three 8-bit steps, since each layer rounds once.
    const TOLERANCE: f64 = 3.0 / 255.0;
    a.len() == b.len() && a.iter().flatten().zip(b.iter().flatten()).all(|(a, b)| (a - b).abs() <= TOLERANCE)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layers_are_blended_and_disposed_by_the_specification(layers in layers(), has_default in any::<bool>()) {
        let expected = composed(&layers);
        // An animation whose frames are all equal becomes a still picture.
        prop_assume!(expected.iter().any(|picture| *picture != expected[0]));
        let encoded = convert(&encode(&layers, has_default), "lossless=1,fm=webp").unwrap();
        let got = decode(&encoded.bytes);
        prop_assert_eq!(got.len(), expected.len());
        for (number, (got, expected)) in got.iter().zip(&expected).enumerate() {
            prop_assert!(is_near(got, expected), "frame {}: {:?}, not {:?}", number, got, expected);
        }
    }
}
