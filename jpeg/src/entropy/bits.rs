use crate::entropy::buffer::{BUFFER, Buffer};

/// The bits of an entropy-coded segment, the highest first: a window of up to 64 bits onto a [`Buffer`].
///
/// Layout and branchless refill are variant 4 of Fabian Giesen's "Reading bits in far too many ways": the bits below the
/// valid ones are those that follow in the stream, so that a refill may OR the same bits in again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bits {
    window: u64,
    /// Number of valid bits in the window.
    count: u32,
    /// Index of the byte at which the next refill begins.
    next_byte: u32,
    /// Number of codes that are in no table.
    bad_codes: u32,
}

impl Bits {
    /// Or-ing these bits into `count` makes it 56 to 63, the number of valid bits after a refill.
    const REFILLED: u32 = 0b11_1000;

    /// Starts at the first byte.
    pub(crate) const fn new() -> Self {
        Self { window: 0, count: 0, next_byte: 0, bad_codes: 0 }
    }

    /// Starts at the first byte of another segment.
    pub(crate) const fn restart(&mut self) {
        *self = Self { bad_codes: self.bad_codes, ..Self::new() };
    }

    /// Makes at least 56 bits valid.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "the mask and the array's extra bytes keep the index in range"
    )]
    pub(crate) const fn refill(&mut self, buffer: &Buffer) {
        let at = self.next_byte as usize & (BUFFER - 1);
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
        self.next_byte += (63 - self.count) >> 3;
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

    /// Skips up to 56 valid bits.
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

    /// Counts the code as bad if `length` is above 16 bits, which no table has.
    #[inline]
    pub(crate) const fn note_code(&mut self, length: u32) {
        self.bad_codes += (length > 16) as u32;
    }

    pub(crate) const fn bad_codes(&self) -> u32 {
        self.bad_codes
    }

    /// Index of the byte at which the next refill begins.
    #[inline]
    pub(crate) const fn next_byte(&self) -> usize {
        self.next_byte as usize
    }

    /// Number of bits that were read since the first byte.
    pub(crate) const fn consumed(&self) -> i64 {
        self.next_byte as i64 * 8 - self.count as i64
    }

    /// Adjusts to a buffer whose bytes were moved `distance` bytes towards the front.
    pub(crate) const fn shift_back(&mut self, distance: usize) {
        self.next_byte -= distance as u32;
    }
}
