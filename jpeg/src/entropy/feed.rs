use wide::u8x16;

use crate::entropy::bits::Bits;
use crate::entropy::buffer::{BUFFER, Buffer};
use crate::input::Input;

/// The most bytes that may be read between two calls of [`Feed::top_up`]: ten blocks of 64 symbols of 32 bits.
const MOST_AT_ONCE: usize = 10 * 64 * 4 + 8;

/// Bytes of the file that are awaited at once, beyond the next one to unstuff. They fill the buffer, unless there are more
/// stuffed bytes than others.
pub(super) const AHEAD: usize = 2 * BUFFER;

/// Removes the byte stuffing from a file's entropy-coded bytes, a buffer at a time, so that refilling [`Bits`] is a
/// single load.
pub(crate) struct Feed<'a> {
    pub(super) input: &'a mut dyn Input,
    segment: Segment<'a>,
}

/// The part of a segment that is in the buffer.
struct Segment<'a> {
    /// Index of the file's next byte to unstuff, or of the segment's marker if `has_ended`.
    file_position: usize,
    buffer: &'a mut Buffer,
    /// Number of the buffer's bytes that come from the file. Zeros follow them.
    end: usize,
    /// `true` if the buffer holds the segment's last byte.
    has_ended: bool,
    /// Index of the buffer's byte past which [`Self::top_up`] is needed.
    watermark: usize,
}

impl<'a> Feed<'a> {
    /// Starts at a scan's first entropy-coded byte, at `file_position`.
    pub(crate) fn new(input: &'a mut dyn Input, file_position: usize, buffer: &'a mut Buffer) -> Self {
        let segment = Segment { file_position, buffer, end: 0, has_ended: false, watermark: 0 };
        let mut feed = Self { input, segment };
        feed.fill();
        feed
    }

    #[inline]
    pub(crate) fn buffer(&self) -> &Buffer {
        self.segment.buffer
    }

    /// `true` if [`Self::top_up`] is needed before the next ten blocks are read.
    #[inline]
    pub(crate) const fn needs_top_up(&self, bits: Bits) -> bool {
        bits.next_byte() > self.segment.watermark
    }

    /// Makes enough bits available for ten more blocks: zeros after the segment's end. Returns the bits, and `true` if
    /// more bits were read than the segment has, now or before.
    #[cold]
    pub(crate) fn top_up(&mut self, mut bits: Bits, was_overrun: bool) -> (Bits, bool) {
        if self.segment.has_ended {
            return (bits, was_overrun || self.is_overrun(bits));
        }
        // The window may hold bits of the eight bytes before the next one.
        let distance = bits.next_byte().saturating_sub(8);
        self.segment.buffer.copy_within(distance..self.segment.end, 0);
        self.segment.end -= distance;
        bits.shift_back(distance);
        self.fill();
        (bits, was_overrun)
    }

    /// `true` if more bits were read than the segment has.
    pub(crate) const fn is_overrun(&self, bits: Bits) -> bool {
        self.segment.has_ended && self.unread_bits(bits) < 0
    }

    /// Number of the buffer's bits that were not read yet, negative if more were read.
    pub(super) const fn unread_bits(&self, bits: Bits) -> i64 {
        (self.segment.end as u64 * 8).cast_signed() - bits.consumed()
    }

    /// Index of the marker after the segment, or of the byte from which to search for it.
    pub(crate) const fn file_position(&self) -> usize {
        self.segment.file_position
    }

    /// Continues with another segment, at `file_position`.
    pub(super) fn begin_segment(&mut self, file_position: usize) {
        self.segment.file_position = file_position;
        self.segment.end = 0;
        self.segment.has_ended = false;
        self.fill();
    }

    /// Ends the segment without data, before the marker at `file_position`.
    pub(super) fn end_before(&mut self, file_position: usize) {
        self.segment.file_position = file_position;
        self.segment.end = 0;
        self.segment.end_here();
    }

    /// Fills the buffer, at most up to the next marker.
    fn fill(&mut self) {
        loop {
            let wanted = self.segment.file_position.saturating_add(AHEAD);
            let bytes = self.input.prefix(wanted);
            if self.segment.fill(bytes, bytes.len() < wanted) {
                return;
            }
        }
    }
}

impl Segment<'_> {
    /// Fills the buffer from the file's first bytes, which are all of the file if `is_whole`. Returns `false` if it needs
    /// more bytes.
    fn fill(&mut self, bytes: &[u8], is_whole: bool) -> bool {
        const ROOM: usize = BUFFER - MOST_AT_ONCE;
        while self.end + 16 <= ROOM {
            let rest = bytes.get(self.file_position..).unwrap_or_default();
            // The byte after a chunk tells a stuffed pair from a marker.
            if !is_whole && rest.len() <= 16 {
                return false;
            }
            let Some(chunk) = rest.first_chunk::<16>() else {
                self.fill_bytewise(bytes);
                return true;
            };
            let marks = u8x16::new(*chunk).simd_eq(u8x16::MAX).to_bitmask();
            self.write(*chunk);
            if marks == 0 {
                (self.end, self.file_position) = (self.end + 16, self.file_position + 16);
                continue;
            }
            let plain = marks.trailing_zeros() as usize;
            (self.end, self.file_position) = (self.end + plain, self.file_position + plain);
            if !self.pass_ones(bytes) {
                self.end_here();
                return true;
            }
        }
        self.watermark = self.end - MOST_AT_ONCE;
        true
    }

    /// Fills the buffer with the file's last bytes.
    fn fill_bytewise(&mut self, bytes: &[u8]) {
        while let Some(byte) = bytes.get(self.file_position) {
            if *byte != 0xff {
                self.write([*byte]);
                (self.end, self.file_position) = (self.end + 1, self.file_position + 1);
            } else if !self.pass_ones(bytes) {
                break;
            }
        }
        self.end_here();
    }

    /// Passes a byte of eight ones if it begins a stuffed pair or is a fill byte. Returns `false` if it begins a marker.
    fn pass_ones(&mut self, bytes: &[u8]) -> bool {
        match bytes.get(self.file_position + 1) {
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
    fn end_here(&mut self) {
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
