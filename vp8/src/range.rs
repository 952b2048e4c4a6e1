use wide::{i16x8, u8x16, u16x8};

/// The sample values of black and white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Luma and chroma 0 to 255, as in JPEG. The encoder converts such samples to the limited range.
    Full,
    /// Luma 16 to 235, chroma 16 to 240: the range of WebP.
    Limited,
}

/// A conversion of samples to the limited range.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conversion {
    /// The factor × 65,536; 0 for none.
    factor: u16,
    /// The offset × 256, with what rounds.
    offset: u16,
}

impl Conversion {
    const NONE: Self = Self { factor: 0, offset: 0 };

    /// 16 + 219 / 255 × luma, rounded to the nearest.
    const LUMA: Self = Self { factor: 56_284, offset: 4_224 };

    /// 128 + 224 / 255 × (chroma − 128), rounded to the nearest.
    const CHROMA: Self = Self { factor: 57_569, offset: 4_112 };

    pub(crate) fn of_luma(range: Range) -> Self {
        match range {
            Range::Full => Self::LUMA,
            Range::Limited => Self::NONE,
        }
    }

    pub(crate) fn of_chroma(range: Range) -> Self {
        match range {
            Range::Full => Self::CHROMA,
            Range::Limited => Self::NONE,
        }
    }

    /// Converts sixteen samples.
    #[inline]
    pub(crate) fn apply(self, samples: [u8; 16]) -> [u8; 16] {
        if self.factor == 0 {
            return samples;
        }
        let (factor, offset) = (u16x8::splat(self.factor), u16x8::splat(self.offset));
        let scale = |sample: u16x8| {
            let high: u16x8 = sample << 8;
            let scaled: u16x8 = high.mul_keep_high(factor) + offset;
            let rounded: u16x8 = scaled >> 8;
            bytemuck::cast::<u16x8, i16x8>(rounded)
        };
        let samples = u8x16::new(samples);
        let (low, high) = (i16x8::from_u8x16_low(samples), i16x8::from_u8x16_high(samples));
        let (low, high) = (scale(bytemuck::cast(low)), scale(bytemuck::cast(high)));
        u8x16::narrow_i16x8(low, high).to_array()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_converted_to_the_nearest_of_the_limited_range() {
        for sample in 0..=255 {
            let value = f64::from(sample);
            let luma = (16.0 + value * 219.0 / 255.0).round() as u8;
            let chroma = (128.0 + (value - 128.0) * 224.0 / 255.0).round() as u8;
            assert_eq!(Conversion::of_luma(Range::Full).apply([sample; 16]), [luma; 16]);
            assert_eq!(Conversion::of_chroma(Range::Full).apply([sample; 16]), [chroma; 16]);
            assert_eq!(Conversion::of_luma(Range::Limited).apply([sample; 16]), [sample; 16]);
            assert_eq!(Conversion::of_chroma(Range::Limited).apply([sample; 16]), [sample; 16]);
        }
    }
}
