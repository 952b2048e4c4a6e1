//! The boolean coder (RFC 6386, section 7).

#![expect(clippy::inline_always, reason = "a call would keep the interval in memory instead of registers")]

/// The interval of the coder. It is passed by value to every function that isn't inlined, so that it stays in registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Interval {
    /// The lower end. The bits above `pending` + 8 are waiting to be written; one above them is a carry.
    low: u64,
    /// The width, 128 to 255 between bits.
    range: u32,
    /// Number of bits of `low` that wait, beyond the last eight.
    pending: u32,
}

/// Bits that are written at once.
const FLUSH: u32 = 32;

impl Interval {
    pub(crate) const START: Self = Self { low: 0, range: 255, pending: 0 };

    /// Writes a bit that is 0 with `probability` / 256.
    #[inline(always)]
    pub(crate) fn put(&mut self, bytes: &mut Vec<u8>, bit: bool, probability: u8) {
        let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
        let mask = u32::from(bit).wrapping_neg();
        let range = (split & !mask) | ((self.range - split) & mask);
        self.low += u64::from(split & mask);
        let shift = range.leading_zeros() - 24;
        self.range = range << shift;
        self.low <<= shift;
        self.pending += shift;
        if self.pending >= FLUSH {
            *self = flush(bytes, *self);
        }
    }

    /// Writes what waits. A decoder that reads beyond the bytes sees zeros.
    pub(crate) fn finish(self, bytes: &mut Vec<u8>) {
        let bits = self.pending + 8;
        let count = bits.div_ceil(8);
        let word = self.low << (count * 8 - bits);
        if word >> (count * 8) != 0 {
            carry(bytes);
        }
        bytes.extend(word.to_be_bytes().into_iter().skip(8 - count as usize));
    }
}

#[inline(never)]
fn flush(bytes: &mut Vec<u8>, interval: Interval) -> Interval {
    let rest = interval.pending - FLUSH + 8;
    let word = interval.low >> rest;
    if word >> FLUSH != 0 {
        carry(bytes);
    }
    bytes.extend_from_slice(&(word as u32).to_be_bytes());
    Interval {
        low: interval.low & ((1 << rest) - 1),
        range: interval.range,
        pending: interval.pending - FLUSH,
    }
}

#[cold]
fn carry(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
}

/// Writes bits of given probabilities.
#[derive(Debug)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    interval: Interval,
}

impl BitWriter {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { bytes: Vec::with_capacity(capacity), interval: Interval::START }
    }

    /// Writes a bit that is 0 with `probability` / 256.
    #[inline]
    pub(crate) fn put(&mut self, bit: bool, probability: u8) {
        self.interval.put(&mut self.bytes, bit, probability);
    }

    /// Writes a bit that is as often 0 as 1.
    pub(crate) fn flag(&mut self, bit: bool) {
        self.put(bit, 128);
    }

    /// Writes the `count` lowest bits of a number, the highest first.
    pub(crate) fn number(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            self.flag(value >> bit & 1 != 0);
        }
    }

    /// Writes a flag, and a number with its sign if it isn't zero.
    pub(crate) fn signed(&mut self, value: i32, count: u32) {
        self.flag(value != 0);
        if value != 0 {
            self.number(value.unsigned_abs(), count);
            self.flag(value < 0);
        }
    }

    /// The bytes.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.interval.finish(&mut self.bytes);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads bits as RFC 6386, section 7.3, does.
    struct BitReader<'a> {
        bytes: std::slice::Iter<'a, u8>,
        value: u32,
        range: u32,
        bits: u32,
    }

    impl<'a> BitReader<'a> {
        fn new(bytes: &'a [u8]) -> Self {
            let mut bytes = bytes.iter();
            let mut next = || u32::from(*bytes.next().unwrap_or(&0));
            let value = next() << 8 | next();
            Self { bytes, value, range: 255, bits: 0 }
        }

        fn read(&mut self, probability: u8) -> bool {
            let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
            let bit = self.value >= split << 8;
            if bit {
                self.range -= split;
                self.value -= split << 8;
            } else {
                self.range = split;
            }
            while self.range < 128 {
                self.value <<= 1;
                self.range <<= 1;
                self.bits += 1;
                if self.bits == 8 {
                    self.bits = 0;
                    self.value |= u32::from(*self.bytes.next().unwrap_or(&0));
                }
            }
            bit
        }
    }

    #[test]
    fn written_bits_are_read_back() {
        let mut seed = 1_u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 16
        };
        for count in [0, 1, 7, 100, 50_000] {
            // Rare bits of extreme probabilities cause carries over many bytes.
            let bits: Vec<(bool, u8)> = (0..count)
                .map(|_| {
                    let probability =
                        [1, 2, 128, 254, 255, 1 + (random() % 255) as u8][random() as usize % 6];
                    ((random() & 255) as u8 >= probability, probability)
                })
                .collect();
            let mut writer = BitWriter::with_capacity(0);
            for (bit, probability) in &bits {
                writer.put(*bit, *probability);
            }
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes);
            for (number, (bit, probability)) in bits.iter().enumerate() {
                assert_eq!(reader.read(*probability), *bit, "{number} of {count}");
            }
        }
    }

    #[test]
    fn a_carry_passes_through_bytes_of_ones() {
        let mut bytes = [1, 255, 255];
        carry(&mut bytes);
        assert_eq!(bytes, [2, 0, 0]);
    }
}
