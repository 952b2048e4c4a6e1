//! Entropy-coded bytes, freed of stuffing a buffer at a time, so that a refill of bits is one load.

use wide::u8x16;

use crate::bits::Bits;
use crate::markers::{Cursor, EOI, RST0, RST7, SOF0};

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

/// What stood where a restart marker was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Restart {
    /// The marker that was due.
    Found,
    /// Another, or something before it; decoding goes on behind it.
    Resumed,
    /// A marker that belongs to what follows: there is nothing for this interval.
    Missing,
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

    /// Goes to the next segment, which the restart marker `due`, 0 to 7, begins.
    ///
    /// The rules are libjpeg's: a marker up to two behind the one due is passed, one up to two ahead or of another
    /// kind is left for its own turn, and any other restart marker is taken for the one due.
    pub(crate) fn restart(&mut self, due: u8, bits: Bits) -> Restart {
        let rest = self.bytes.get(self.from..).unwrap_or_default();
        let ones = rest.iter().take_while(|byte| **byte == 0xff).count();
        let is_read = self.left(bits) < 8;
        let mut cursor = Cursor::new(self.bytes, self.from);
        loop {
            let marker = cursor.marker().unwrap_or(EOI);
            if marker == RST0 + due {
                let is_clean = is_read && cursor.at() == self.from + ones + 1;
                self.resume(cursor.at());
                return if is_clean { Restart::Found } else { Restart::Resumed };
            }
            let is_passed = match marker {
                RST0..=RST7 => match (marker - RST0).wrapping_sub(due) & 7 {
                    1 | 2 => None,
                    6 | 7 => Some(true),
                    _ => Some(false),
                },
                ..SOF0 => Some(true),
                _ => None,
            };
            match is_passed {
                Some(true) => {}
                Some(false) => {
                    self.resume(cursor.at());
                    return Restart::Resumed;
                }
                None => {
                    // At the marker itself, so that what lies before it is passed once only.
                    (self.from, self.end) = (cursor.before_marker(), 0);
                    self.end_here();
                    return Restart::Missing;
                }
            }
        }
    }

    fn resume(&mut self, from: usize) {
        self.from = from;
        self.end = 0;
        self.ended = false;
        self.fill();
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
