//! Entropy-coded bytes, freed of stuffing a buffer at a time, so that a refill of bits is one load.

mod restart;

pub(crate) use restart::Restart;
use wide::u8x16;

use crate::bits::Bits;

/// Bytes of the buffer, a power of two.
pub(crate) const BUFFER: usize = 16 * 1024;

/// Bytes that bits are read from, with a load's length to spare.
pub(crate) type Buffer = [u8; BUFFER + 8];

/// The most bytes that are read without [`Feed::care`]: ten blocks of 64 symbols with 32 bits.
const MOST_AT_ONCE: usize = 10 * 64 * 4 + 8;

/// A window of a file's entropy-coded bytes.
#[derive(Debug)]
pub(crate) struct Feed<'a> {
    bytes: &'a [u8],
    /// The next byte of the file to be freed of stuffing; a marker's first once `ended`.
    from: usize,
    buffer: &'a mut Buffer,
    /// The buffer's bytes that are the file's; zeros follow.
    end: usize,
    /// The segment's last byte is in the buffer.
    ended: bool,
    /// Where reading must stop for [`Self::care`].
    watermark: usize,
}

impl<'a> Feed<'a> {
    /// Begins at a scan's first entropy-coded byte.
    pub(crate) fn new(bytes: &'a [u8], from: usize, buffer: &'a mut Buffer) -> Self {
        let mut feed = Self { bytes, from, buffer, end: 0, ended: false, watermark: 0 };
        feed.fill();
        feed
    }

    #[inline]
    pub(crate) fn buffer(&self) -> &Buffer {
        self.buffer
    }

    /// Whether [`Self::care`] is needed before ten more blocks are read.
    #[inline]
    pub(crate) const fn needs_care(&self, bits: Bits) -> bool {
        bits.at() > self.watermark
    }

    /// Sees to it that enough bits for ten more blocks are there, zeros behind the segment's end. Says whether it
    /// was overrun, now or before.
    #[cold]
    pub(crate) fn care(&mut self, mut bits: Bits, was_overrun: bool) -> (Bits, bool) {
        if self.ended {
            return (bits, was_overrun || self.is_overrun(bits));
        }
        // The window may hold bits of the eight bytes before the next ones.
        let distance = bits.at().saturating_sub(8);
        self.buffer.copy_within(distance..self.end, 0);
        self.end -= distance;
        bits.moved(distance);
        self.fill();
        (bits, was_overrun)
    }

    /// Whether more bits were read than the segment has.
    pub(crate) const fn is_overrun(&self, bits: Bits) -> bool {
        self.ended && self.left(bits) < 0
    }

    /// The bits of the buffer that were not read yet; negative where more were.
    const fn left(&self, bits: Bits) -> i64 {
        (self.end as u64 * 8).cast_signed() - bits.consumed()
    }

    /// The marker behind the segment, or the place where it is looked for.
    pub(crate) const fn place(&self) -> usize {
        self.from
    }

    /// Fills the buffer up, to the next marker at most.
    fn fill(&mut self) {
        const ROOM: usize = BUFFER - MOST_AT_ONCE;
        while self.end + 16 <= ROOM {
            let Some(bytes) = self.bytes.get(self.from..).and_then(|rest| rest.first_chunk::<16>()) else {
                self.fill_bytewise();
                return;
            };
            let marks = u8x16::new(*bytes).simd_eq(u8x16::MAX).to_bitmask();
            self.write(*bytes);
            if marks == 0 {
                (self.end, self.from) = (self.end + 16, self.from + 16);
                continue;
            }
            let plain = marks.trailing_zeros() as usize;
            (self.end, self.from) = (self.end + plain, self.from + plain);
            if !self.pass_ones() {
                self.end_here();
                return;
            }
        }
        self.watermark = self.end - MOST_AT_ONCE;
    }

    /// The file's last bytes.
    fn fill_bytewise(&mut self) {
        while let Some(byte) = self.bytes.get(self.from) {
            if *byte != 0xff {
                self.write([*byte]);
                (self.end, self.from) = (self.end + 1, self.from + 1);
            } else if !self.pass_ones() {
                break;
            }
        }
        self.end_here();
    }

    /// Passes a byte of all ones: the first of a stuffed pair, or a fill byte. Not a marker's.
    fn pass_ones(&mut self) -> bool {
        match self.bytes.get(self.from + 1) {
            Some(0) => {
                self.write([0xff]);
                (self.end, self.from) = (self.end + 1, self.from + 2);
                true
            }
            Some(0xff) => {
                self.from += 1;
                true
            }
            Some(_) | None => false,
        }
    }

    fn write<const N: usize>(&mut self, bytes: [u8; N]) {
        if let Some(slot) = self.buffer.get_mut(self.end..).and_then(|rest| rest.first_chunk_mut()) {
            *slot = bytes;
        }
    }

    /// There is no more of the segment than the buffer has.
    fn end_here(&mut self) {
        self.ended = true;
        self.watermark = self.end;
        if let Some(padding) = self.buffer.get_mut(self.end..) {
            let length = padding.len().min(MOST_AT_ONCE + 16);
            if let Some(padding) = padding.get_mut(..length) {
                padding.fill(0);
            }
        }
    }
}
