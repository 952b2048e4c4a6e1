//! The bits of an entropy-coded segment, the highest first.

use crate::feed::{BUFFER, Buffer};

/// A window of up to 64 bits onto bytes that were freed of stuffing.
///
/// The layout and the refill without a branch are the fourth variant of Fabian Giesen's "Reading bits in far too many
/// ways": bits below the valid ones are those that follow in the stream, so that they may be or-ed in again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bits {
    window: u64,
    /// How many of the window's bits are valid.
    count: u32,
    /// The byte that the next refill begins at.
    at: u32,
    /// Codes that no table has.
    bad_codes: u32,
}

impl Bits {
    /// What a refill makes valid at least, as the bits of a number: 56 to 63.
    const REFILLED: u32 = 0b11_1000;

    /// Begins at the first byte.
    pub(crate) const fn new() -> Self {
        Self { window: 0, count: 0, at: 0, bad_codes: 0 }
    }

    /// Begins at the first byte of another segment.
    pub(crate) const fn restart(&mut self) {
        *self = Self { bad_codes: self.bad_codes, ..Self::new() };
    }

    /// Makes at least 56 bits valid.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "the mask and the array's spare bytes keep the index within")]
    pub(crate) const fn refill(&mut self, buffer: &Buffer) {
        let at = self.at as usize & (BUFFER - 1);
        let bytes = [
            buffer[at],
            buffer[at + 1],
            buffer[at + 2],
            buffer[at + 3],
            buffer[at + 4],
            buffer[at + 5],
            buffer[at + 6],
            buffer[at + 7],
        ];
        self.window |= u64::from_be_bytes(bytes) >> (self.count & 63);
        self.at += (63 - self.count) >> 3;
        self.count |= Self::REFILLED;
    }

    #[inline]
    pub(crate) const fn window(&self) -> u64 {
        self.window
    }

    /// The first `count` bits, 1 to 63, as a number.
    #[inline]
    pub(crate) const fn top(&self, count: u32) -> usize {
        (self.window >> (64 - count)) as usize
    }

    /// Passes up to 56 valid bits.
    #[inline]
    pub(crate) const fn consume(&mut self, count: u32) {
        self.window <<= count & 63;
        self.count = self.count.wrapping_sub(count);
    }

    /// Reads `count` bits, 0 to 32.
    #[inline]
    pub(crate) const fn read(&mut self, count: u32) -> u32 {
        let value = ((self.window >> 1) >> (63 - (count & 63))) as u32;
        self.consume(count);
        value
    }

    /// Counts a code of `length` bits if no table has one of them.
    #[inline]
    pub(crate) const fn note_code(&mut self, length: u32) {
        self.bad_codes += (length > 16) as u32;
    }

    pub(crate) const fn bad_codes(&self) -> u32 {
        self.bad_codes
    }

    /// The byte that the next refill begins at.
    #[inline]
    pub(crate) const fn at(&self) -> usize {
        self.at as usize
    }

    /// The bits that were read since the first byte.
    pub(crate) const fn consumed(&self) -> i64 {
        self.at as i64 * 8 - self.count as i64
    }

    /// Follows bytes that were moved towards the front by `distance`.
    pub(crate) const fn moved(&mut self, distance: usize) {
        self.at -= distance as u32;
    }
}
