//! Rows of a strip: differences are undone, and samples become numbers from 0 to 65535.

use crate::source::tiff::{Colors, Number, Samples, Strips};

/// The largest value of a row's samples.
pub(super) struct RowReader {
    number: Number,
    bits: u32,
    /// Number of samples of a pixel in a row.
    samples: usize,
    /// Number of samples in a row.
    count: usize,
    is_big_endian: bool,
    predictor: u16,
    /// `true` if numbers stay as they are stored: indices into a palette.
    is_index: bool,
}

impl RowReader {
    pub(super) fn new(samples: &Samples, strips: &Strips) -> Self {
        let in_row = if strips.is_planar { 1 } else { samples.count };
        Self {
            number: samples.number,
            bits: samples.bits,
            samples: in_row,
            count: strips.size.0.saturating_mul(in_row),
            is_big_endian: strips.is_big_endian,
            predictor: strips.predictor,
            is_index: samples.colors == Colors::Palette,
        }
    }

    /// Number of bytes of a stored row.
    pub(super) fn row_bytes(&self) -> usize {
        self.count.saturating_mul(self.bits as usize).div_ceil(8)
    }

    /// The samples of a row. The row's bytes change.
    pub(super) fn read(&self, row: &mut [u8]) -> Vec<u16> {
        match (self.predictor, self.bits) {
            (2, 8) => self.sum::<1>(row),
            (2, 16) => self.sum::<2>(row),
            (2, 32) => self.sum::<4>(row),
            (2, 64) => self.sum::<8>(row),
            (3, 16 | 32 | 64) => self.sum_of_floats(row),
            _ => {}
        }
        let is_big_endian = self.is_big_endian || self.predictor == 3;
        match (self.number, self.bits) {
            (Number::Unsigned, 8) => row.iter().map(|byte| self.scaled(u32::from(*byte))).collect(),
            (Number::Unsigned, 16) => {
                numbers(row, is_big_endian, |bytes| self.scaled(u32::from(u16::from_be_bytes(bytes))))
            }
            (Number::Unsigned, 32) => {
                numbers(row, is_big_endian, |bytes| (u32::from_be_bytes(bytes) >> 16) as u16)
            }
            (Number::Unsigned, _) => self.packed(row),
            (Number::Float, 16) => {
                numbers(row, is_big_endian, |bytes| of_light(half(u16::from_be_bytes(bytes))))
            }
            (Number::Float, 64) => numbers(row, is_big_endian, |bytes| of_light(f64::from_be_bytes(bytes))),
            (Number::Float, _) => {
                numbers(row, is_big_endian, |bytes| of_light(f32::from_be_bytes(bytes).into()))
            }
        }
    }

    /// A number of the stored bits, from 0 to 65535.
    fn scaled(&self, number: u32) -> u16 {
        let largest = (1_u32 << self.bits) - 1;
        if self.is_index { number as u16 } else { ((number * 65535 + largest / 2) / largest) as u16 }
    }

    /// Numbers of any length, the highest bit first.
    fn packed(&self, row: &[u8]) -> Vec<u16> {
        let mut bytes = row.iter();
        let (mut buffer, mut filled) = (0_u32, 0);
        let number = || {
            while filled < self.bits {
                buffer = buffer << 8 | u32::from(bytes.next().copied().unwrap_or(0));
                filled += 8;
            }
            filled -= self.bits;
            self.scaled(buffer >> filled & ((1 << self.bits) - 1))
        };
        std::iter::repeat_with(number).take(self.count).collect()
    }

    /// Adds each sample of `N` bytes to the same one of the pixel before (TIFF 6.0, section 14).
    fn sum<const N: usize>(&self, row: &mut [u8]) {
        let (numbers, _) = row.as_chunks_mut::<N>();
        let value = |bytes: [u8; N]| {
            let order = |at: usize| if self.is_big_endian { N - 1 - at } else { at };
            (0..N).map(|at| u64::from(bytes.get(order(at)).copied().unwrap_or(0)) << (8 * at)).sum::<u64>()
        };
        for at in self.samples..numbers.len() {
            let before = numbers.get(at - self.samples).map_or(0, |bytes| value(*bytes));
            let Some(bytes) = numbers.get_mut(at) else { continue };
            let sum = value(*bytes).wrapping_add(before);
            *bytes = std::array::from_fn(|place| {
                (sum >> (8 * if self.is_big_endian { N - 1 - place } else { place })) as u8
            });
        }
    }

    /// Undoes the differences of bytes, which are stored in planes from the highest byte of all samples to the lowest (Adobe
    /// Photoshop TIFF Technical Note 3).
    fn sum_of_floats(&self, row: &mut [u8]) {
        for at in self.samples..row.len() {
            let before = row.get(at - self.samples).copied().unwrap_or(0);
            if let Some(byte) = row.get_mut(at) {
                *byte = byte.wrapping_add(before);
            }
        }
        let planes = row.to_vec();
        let (bytes, count) = (self.bits as usize / 8, self.count.max(1));
        for (at, byte) in row.iter_mut().enumerate() {
            *byte = planes.get(at % bytes * count + at / bytes).copied().unwrap_or(0);
        }
    }
}

fn numbers<const N: usize>(row: &[u8], is_big_endian: bool, number: impl Fn([u8; N]) -> u16) -> Vec<u16> {
    let in_order = |bytes: &[u8; N]| {
        let mut bytes = *bytes;
        if !is_big_endian {
            bytes.reverse();
        }
        number(bytes)
    };
    row.as_chunks::<N>().0.iter().map(in_order).collect()
}

/// A float from 0 to 1 as a number from 0 to 65535.
fn of_light(light: f64) -> u16 {
    (light * 65535.0).round().clamp(0.0, 65535.0) as u16
}

/// A float of 16 bits (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let (sign, exponent, fraction) =
        (bits >> 15, i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff) / 1024.0);
    let magnitude = match exponent {
        0 => fraction * 2_f64.powi(-14),
        31 => f64::INFINITY,
        _ => (1.0 + fraction) * 2_f64.powi(exponent - 15),
    };
    if sign == 1 { -magnitude } else { magnitude }
}
