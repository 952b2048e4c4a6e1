//! A sample of a picture's rows as luma and chroma, from planes or from pixels.

use codecs::planes::Range;

use crate::pixels::planes::Planes;
use crate::pixels::{Channels, Pixels};

/// Approximate number of sampled pixels in a small picture.
const MIN_PIXELS: u64 = 16_384;

/// Pixels per sampled pixel in a large picture.
const PIXELS_PER_SAMPLE: u64 = 32;

/// Two adjacent rows of luma, and the row of chroma at half their width that belongs to both. Chroma is empty in a gray
/// picture.
#[derive(Clone, Copy, Debug)]
pub struct Band<'a> {
    /// The upper and the lower row; twice the same row in a picture of one row.
    pub luma: [&'a [u8]; 2],
    /// Blue and red chroma.
    pub chroma: [&'a [u8]; 2],
    /// The range of the values.
    pub range: Range,
}

/// Calls `look` with evenly spaced bands of planes whose chroma has half the size.
pub fn of_planes(planes: &Planes, mut look: impl FnMut(Band<'_>)) {
    for [upper, lower] in rows(planes.luma.size.width(), planes.luma.size.height()) {
        let luma = [row(&planes.luma, upper), row(&planes.luma, lower)];
        let chroma = [row(&planes.cb, upper / 2), row(&planes.cr, upper / 2)];
        look(Band { luma, chroma, range: planes.range });
    }
}

/// Calls `look` with evenly spaced bands of pixels. Transparent pixels count as mid-gray.
pub fn of_pixels(pixels: &Pixels, mut look: impl FnMut(Band<'_>)) {
    let mut buffers = Buffers::default();
    for pair in rows(pixels.size.width(), pixels.size.height()) {
        let [upper, lower] = pair.map(|y| row(pixels, y));
        match pixels.channels {
            Channels::Gray => {
                look(Band { luma: [upper, lower], chroma: [&[], &[]], range: Range::Full });
                continue;
            }
            Channels::GrayAlpha => {
                buffers.fill([upper, lower], |[gray, alpha]: [u8; 2]| [over_gray(gray, alpha); 3]);
            }
            Channels::Rgb => buffers.fill([upper, lower], |pixel: [u8; 3]| pixel),
            // CMYK is converted before encoding. If it came here, only its luma would be wrong.
            Channels::Rgba | Channels::Cmyk => buffers.fill([upper, lower], |[red, green, blue, alpha]| {
                [over_gray(red, alpha), over_gray(green, alpha), over_gray(blue, alpha)]
            }),
        }
        look(buffers.band());
    }
}

/// The two rows of each band. The upper one has an even index.
fn rows(width: u32, height: u32) -> impl Iterator<Item = [u32; 2]> {
    let pixels = (u64::from(width) * u64::from(height) / PIXELS_PER_SAMPLE).max(MIN_PIXELS);
    let bands = u32::try_from(pixels / (2 * u64::from(width))).unwrap_or(u32::MAX).max(1);
    let step = (height / bands / 2 * 2).max(2);
    let last = height - 1;
    (step / 4 * 2..height).step_by(step as usize).map(move |y| [y, (y + 1).min(last)])
}

/// A row of samples; empty if `y` is below the picture.
fn row(pixels: &Pixels, y: u32) -> &[u8] {
    let len = (pixels.size.width() * pixels.channels.count()) as usize;
    pixels.samples.chunks_exact(len).nth(y as usize).unwrap_or_default()
}

fn over_gray(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    ((sample * alpha + 128 * (255 - alpha) + 127) / 255) as u8
}

/// The buffers of a band that is computed from pixels.
#[derive(Default)]
struct Buffers {
    upper: Vec<u8>,
    lower: Vec<u8>,
    blue: Vec<u8>,
    red: Vec<u8>,
}

impl Buffers {
    fn fill<const N: usize>(&mut self, [upper, lower]: [&[u8]; 2], rgb: impl Fn([u8; N]) -> [u8; 3]) {
        let ((upper, _), (lower, _)) = (upper.as_chunks(), lower.as_chunks());
        for (pixels, buffer) in [(upper, &mut self.upper), (lower, &mut self.lower)] {
            buffer.clear();
            buffer.extend(pixels.iter().map(|pixel| luma(rgb(*pixel))));
        }
        let ((above, above_last), (below, below_last)) = (upper.as_chunks(), lower.as_chunks());
        let squares = above.iter().zip(below).map(|([a, b], [c, d])| [*a, *b, *c, *d]);
        let last = above_last.iter().zip(below_last).map(|(a, b)| [*a, *a, *b, *b]);
        self.blue.clear();
        self.red.clear();
        for square in squares.chain(last) {
            let [blue, red] = chroma(square.map(&rgb));
            self.blue.push(blue);
            self.red.push(red);
        }
    }

    fn band(&self) -> Band<'_> {
        Band { luma: [&self.upper, &self.lower], chroma: [&self.blue, &self.red], range: Range::Full }
    }
}

/// Luma by ITU-R BT.601 in full range.
fn luma(pixel: [u8; 3]) -> u8 {
    let [red, green, blue] = pixel.map(u32::from);
    ((77 * red + 150 * green + 29 * blue + 128) >> 8) as u8
}

/// Blue and red chroma of the mean of four pixels, by ITU-R BT.601 in full range.
fn chroma(square: [[u8; 3]; 4]) -> [u8; 2] {
    let sums = square.iter().fold([0; 3], |[r, g, b], pixel| {
        let [red, green, blue] = pixel.map(i32::from);
        [r + red, g + green, b + blue]
    });
    let [red, green, blue] = sums.map(|sum| sum / 4);
    let sample = |weighted: i32| (128 + (weighted >> 8)).clamp(0, 255) as u8;
    [sample(128 * blue - 43 * red - 85 * green), sample(128 * red - 107 * green - 21 * blue)]
}
