//! Lays a mark over a picture.

use crate::pixels::{Channels, Pixels};

/// A mark at the size and place that a variant needs.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    /// The mark in RGBA, with straight alpha.
    pub(crate) pixels: Pixels,
    /// Pixels of the variant to the left of the mark.
    pub(crate) left: u32,
    /// Pixels of the variant above the mark.
    pub(crate) top: u32,
    /// Opacity in thousandths, 0 to 1000.
    pub(crate) opacity: u16,
}

/// The picture with the mark over it. An opaque picture stays opaque, and a gray one gets colours.
pub(crate) fn stamp(pixels: Pixels, mark: &Stamp) -> Pixels {
    let opacity = f32::from(mark.opacity) / 1000.0;
    match pixels.channels {
        Channels::Gray => lay(pixels.map(Channels::Rgb, |[gray]| [gray; 3]), mark, |under, over| {
            over_opaque(under, over, opacity)
        }),
        Channels::Rgb => lay(pixels, mark, |under, over| over_opaque(under, over, opacity)),
        Channels::GrayAlpha | Channels::Rgba | Channels::Cmyk => {
            lay(pixels.to_rgba(), mark, |under, over| over_clear(under, over, opacity))
        }
    }
}

/// Replaces the pixels below the mark.
fn lay<const N: usize>(
    mut pixels: Pixels,
    mark: &Stamp,
    blend: impl Fn([u8; N], [u8; 4]) -> [u8; N],
) -> Pixels {
    let width = pixels.size.width() as usize;
    let rows = pixels.samples.chunks_exact_mut(width * N).skip(mark.top as usize);
    for (row, over) in rows.zip(mark.pixels.samples.chunks_exact(mark.pixels.size.width() as usize * 4)) {
        let (row, _) = row.as_chunks_mut::<N>();
        for (under, over) in row.iter_mut().skip(mark.left as usize).zip(over.as_chunks::<4>().0) {
            *under = blend(*under, *over);
        }
    }
    pixels
}

fn over_opaque(under: [u8; 3], [red, green, blue, alpha]: [u8; 4], opacity: f32) -> [u8; 3] {
    let alpha = f32::from(alpha) / 255.0 * opacity;
    let [r, g, b] = under;
    [(red, r), (green, g), (blue, b)]
        .map(|(over, under)| (f32::from(over) * alpha + f32::from(under) * (1.0 - alpha)).round() as u8)
}

fn over_clear([r, g, b, a]: [u8; 4], [red, green, blue, alpha]: [u8; 4], opacity: f32) -> [u8; 4] {
    let (alpha, a) = (f32::from(alpha) / 255.0 * opacity, f32::from(a) / 255.0);
    let sum = alpha + a * (1.0 - alpha);
    if sum <= 0.0 {
        return [r, g, b, 0];
    }
    let [red, green, blue] = [(red, r), (green, g), (blue, b)].map(|(over, under)| {
        ((f32::from(over) * alpha + f32::from(under) * a * (1.0 - alpha)) / sum).round() as u8
    });
    [red, green, blue, (sum * 255.0).round() as u8]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Size;

    fn picture(samples: &[u8], channels: Channels) -> Pixels {
        let width = samples.len() as u32 / channels.count();
        Pixels { samples: samples.to_vec(), size: Size::new(width, 1).unwrap(), channels }
    }

    #[test]
    fn a_mark_covers_its_place_by_its_alpha_and_opacity() {
        let check = |under: &[u8], channels, over: [u8; 4], opacity, expected: &[u8]| {
            let mark = Stamp { pixels: picture(&over, Channels::Rgba), left: 1, top: 0, opacity };
            assert_eq!(stamp(picture(under, channels), &mark).samples, expected);
        };
        let red = [255, 0, 0, 255];
        check(&[0; 9], Channels::Rgb, red, 1000, &[0, 0, 0, 255, 0, 0, 0, 0, 0]);
        check(&[0; 9], Channels::Rgb, red, 500, &[0, 0, 0, 128, 0, 0, 0, 0, 0]);
        check(&[0; 9], Channels::Rgb, [255, 0, 0, 0], 1000, &[0; 9]);
        check(&[9, 9], Channels::Gray, red, 1000, &[9, 9, 9, 255, 0, 0]);
        check(&[0; 8], Channels::Rgba, red, 500, &[0, 0, 0, 0, 255, 0, 0, 128]);
        check(&[0, 0, 0, 0, 0, 0, 255, 255], Channels::Rgba, red, 500, &[0, 0, 0, 0, 128, 0, 128, 255]);
    }
}
