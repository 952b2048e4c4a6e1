use wide::u8x16;

use crate::entropy::bits::Bits;
use crate::entropy::buffer::{BUFFER, Buffer};

/// The most bytes that may be read between two calls of [`Feed::top_up`]: ten blocks of 64 symbols of 32 bits.
const MOST_AT_ONCE: usize = 10 * 64 * 4 + 8;

/// Removes the byte stuffing from a file's entropy-coded bytes, a buffer at a time, so that refilling [`Bits`] is a
/// single load.
#[derive(Debug)]
pub(crate) struct Feed<'a> {
    pub(super) bytes: &'a [u8],
    /// Index of the file's next byte to unstuff, or of the segment's marker if `has_ended`.
    pub(super) file_position: usize,
    buffer: &'a mut Buffer,
    /// Number of the buffer's bytes that come from the file. Zeros follow them.
    pub(super) end: usize,
    /// `true` if the buffer holds the segment's last byte.
    has_ended: bool,
    /// Index of the buffer's byte past which [`Self::top_up`] is needed.
    watermark: usize,
}

impl<'a> Feed<'a> {
    /// Starts at a scan's first entropy-coded byte, at `file_position`.
    pub(crate) fn new(bytes: &'a [u8], file_position: usize, buffer: &'a mut Buffer) -> Self {
        let mut feed = Self { bytes, file_position, buffer, end: 0, has_ended: false, watermark: 0 };
        feed.fill();
        feed
    }

    #[inline]
    pub(crate) fn buffer(&self) -> &Buffer {
        self.buffer
    }

    /// `true` if [`Self::top_up`] is needed before the next ten blocks are read.
    #[inline]
    pub(crate) const fn needs_top_up(&self, bits: Bits) -> bool {
        bits.next_byte() > self.watermark
    }

    /// Makes enough bits available for ten more blocks: zeros after the segment's end. Returns the bits, and `true` if
    /// more bits were read than the segment has, now or before.
    #[cold]
    pub(crate) fn top_up(&mut self, mut bits: Bits, was_overrun: bool) -> (Bits, bool) {
        if self.has_ended {
            return (bits, was_overrun || self.is_overrun(bits));
        }
        // The window may hold bits of the eight bytes before the next one.
        let distance = bits.next_byte().saturating_sub(8);
        self.buffer.copy_within(distance..self.end, 0);
        self.end -= distance;
        bits.shift_back(distance);
        self.fill();
        (bits, was_overrun)
    }

    /// `true` if more bits were read than the segment has.
    pub(crate) const fn is_overrun(&self, bits: Bits) -> bool {
        self.has_ended && self.unread_bits(bits) < 0
    }

    /// Number of the buffer's bits that were not read yet, negative if more were read.
    pub(super) const fn unread_bits(&self, bits: Bits) -> i64 {
        (self.end as u64 * 8).cast_signed() - bits.consumed()
    }

    /// Index of the marker after the segment, or of the byte from which to search for it.
    pub(crate) const fn file_position(&self) -> usize {
        self.file_position
    }

    /// Continues with another segment, at `file_position`.
    pub(super) fn begin_segment(&mut self, file_position: usize) {
        self.file_position = file_position;
        self.end = 0;
        self.has_ended = false;
        self.fill();
    }

    /// Fills the buffer, at most up to the next marker.
    fn fill(&mut self) {
        const ROOM: usize = BUFFER - MOST_AT_ONCE;
        while self.end + 16 <= ROOM {
            let Some(bytes) = self.bytes.get(self.file_position..).and_then(|rest| rest.first_chunk::<16>())
            else {
                self.fill_bytewise();
                return;
            };
            let marks = u8x16::new(*bytes).simd_eq(u8x16::MAX).to_bitmask();
            self.write(*bytes);
            if marks == 0 {
                (self.end, self.file_position) = (self.end + 16, self.file_position + 16);
                continue;
            }
            let plain = marks.trailing_zeros() as usize;
            (self.end, self.file_position) = (self.end + plain, self.file_position + plain);
            if !self.pass_ones() {
                self.end_here();
                return;
            }
        }
        self.watermark = self.end - MOST_AT_ONCE;
    }

    /// Fills the buffer with the file's last bytes.
    fn fill_bytewise(&mut self) {
        while let Some(byte) = self.bytes.get(self.file_position) {
            if *byte != 0xff {
                self.write([*byte]);
                (self.end, self.file_position) = (self.end + 1, self.file_position + 1);
            } else if !self.pass_ones() {
                break;
            }
        }
        self.end_here();
    }

    /// Passes a byte of eight ones if it begins a stuffed pair or is a fill byte. Returns `false` if it begins a marker.
    fn pass_ones(&mut self) -> bool {
        match self.bytes.get(self.file_position + 1) {
            Some(0) => {
                self.write([0xff]);
                (self.end, self.file_position) = (self.end + 1, self.file_position + 2);
                true
            }
            Some(0xff) => {
                self.file_position += 1;
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

    /// Marks the end of the segment: the buffer holds its last byte.
    pub(super) fn end_here(&mut self) {
        self.has_ended = true;
        self.watermark = self.end;
        if let Some(padding) = self.buffer.get_mut(self.end..) {
            let length = padding.len().min(MOST_AT_ONCE + 16);
            if let Some(padding) = padding.get_mut(..length) {
                padding.fill(0);
            }
        }
    }
}
