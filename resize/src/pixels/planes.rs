//! A picture stored as luma and chroma.

use codecs::planes::Range;

use super::{Channels, Pixels};

/// A picture in YCbCr, each plane a gray picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planes {
    /// Luma, of the picture's size.
    pub luma: Pixels,
    /// Blue chroma, of the size that the chroma sampling gives.
    pub cb: Pixels,
    /// Red chroma, as large as `cb`.
    pub cr: Pixels,
    /// The range of the values.
    pub range: Range,
}

impl Planes {
    /// The pixels of planes that are equally large, by ITU-R BT.601.
    pub fn into_rgb(self) -> Pixels {
        let mut rgb = Pixels::black(self.luma.size, Channels::Rgb);
        let factors = Factors::of(self.range);
        let (pixels, _) = rgb.samples.as_chunks_mut::<3>();
        let chroma = self.cb.samples.iter().zip(&self.cr.samples);
        for (pixel, (luma, (cb, cr))) in pixels.iter_mut().zip(self.luma.samples.iter().zip(chroma)) {
            *pixel = factors.rgb(*luma, *cb, *cr);
        }
        rgb
    }
}

/// The inverse of BT.601's matrix in fixed point with [`Self::BITS`] fractional bits.
struct Factors {
    black: i32,
    luma: i32,
    cr_to_red: i32,
    cb_to_green: i32,
    cr_to_green: i32,
    cb_to_blue: i32,
}

impl Factors {
    const BITS: i32 = 14;

    fn of(range: Range) -> Self {
        let (black, luma, chroma) = match range {
            Range::Full => (0, 1.0, 1.0),
            Range::Limited => (16, 255.0 / 219.0, 255.0 / 224.0),
        };
        let fixed = |factor: f64| (factor * f64::from(1 << Self::BITS)).round() as i32;
        Self {
            black,
            luma: fixed(luma),
            cr_to_red: fixed(1.402 * chroma),
            cb_to_green: fixed(0.344_136 * chroma),
            cr_to_green: fixed(0.714_136 * chroma),
            cb_to_blue: fixed(1.772 * chroma),
        }
    }

    #[inline]
    fn rgb(&self, luma: u8, cb: u8, cr: u8) -> [u8; 3] {
        let luma = (i32::from(luma) - self.black) * self.luma + (1 << (Self::BITS - 1));
        let (cb, cr) = (i32::from(cb) - 128, i32::from(cr) - 128);
        [
            luma + self.cr_to_red * cr,
            luma - self.cb_to_green * cb - self.cr_to_green * cr,
            luma + self.cb_to_blue * cb,
        ]
        .map(|sample| (sample >> Self::BITS).clamp(0, 255) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Size;

    #[test]
    fn planes_convert_to_the_expected_colours() {
        let check = |range: Range, [luma, cb, cr]: [u8; 3], expected: [u8; 3]| {
            let plane = |sample| {
                let size = Size::new(1, 1).unwrap();
                Pixels { samples: vec![sample], size, channels: Channels::Gray }
            };
            let rgb = Planes { luma: plane(luma), cb: plane(cb), cr: plane(cr), range }.into_rgb();
            for (got, expected) in rgb.samples.iter().zip(expected) {
                assert!(got.abs_diff(expected) <= 1, "{range:?} {:?}", rgb.samples);
            }
        };
        check(Range::Full, [0, 128, 128], [0, 0, 0]);
        check(Range::Full, [255, 128, 128], [255, 255, 255]);
        check(Range::Full, [76, 85, 255], [254, 0, 0]);
        check(Range::Full, [150, 44, 21], [0, 255, 1]);
        check(Range::Full, [29, 255, 107], [0, 0, 254]);
        check(Range::Limited, [16, 128, 128], [0, 0, 0]);
        check(Range::Limited, [235, 128, 128], [255, 255, 255]);
        check(Range::Limited, [81, 90, 240], [254, 0, 0]);
        check(Range::Limited, [41, 240, 110], [0, 0, 255]);
    }
}
