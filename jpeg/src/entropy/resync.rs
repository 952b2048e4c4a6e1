//! Synchronisation at restart markers.

use super::bits::Bits;
use super::feed::Feed;
use crate::file::markers::{Cursor, EOI, RST0, RST7, SOF0};

/// The state of the data where a restart marker was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resync {
    /// The expected marker was there.
    Clean,
    /// There was another restart marker, or other data before the marker. Decoding continues after the marker.
    Recovered,
    /// There was a marker that belongs to later data. The interval itself has no data.
    Missing,
}

impl Feed<'_> {
    /// Advances to the next restart interval, which the restart marker number `expected`, 0 to 7, begins.
    ///
    /// The rules are libjpeg's: a marker up to two before the expected one is skipped; a marker up to two after it, or
    /// one of another kind, is left for later; any other restart marker is treated as the expected one.
    pub(crate) fn resync(&mut self, expected: u8, bits: Bits) -> Resync {
        let rest = self.bytes.get(self.file_position..).unwrap_or_default();
        let ones = rest.iter().take_while(|byte| **byte == 0xff).count();
        let is_read = self.unread_bits(bits) < 8;
        let mut cursor = Cursor::new(self.bytes, self.file_position);
        loop {
            let marker = cursor.marker().unwrap_or(EOI);
            match MarkerOrder::of(marker, expected) {
                MarkerOrder::Earlier => {}
                MarkerOrder::Expected => {
                    let is_clean = is_read && cursor.position() == self.file_position + ones + 1;
                    self.begin_segment(cursor.position());
                    return if is_clean { Resync::Clean } else { Resync::Recovered };
                }
                MarkerOrder::Unrelated => {
                    self.begin_segment(cursor.position());
                    return Resync::Recovered;
                }
                MarkerOrder::Later => {
                    // Stay at the marker itself, so that the bytes before it are searched only once.
                    (self.file_position, self.end) = (cursor.before_marker(), 0);
                    self.end_here();
                    return Resync::Missing;
                }
            }
        }
    }
}

/// A marker's order relative to the expected restart marker.
enum MarkerOrder {
    /// The marker is skipped.
    Earlier,
    Expected,
    /// The marker is left for later.
    Later,
    /// A restart marker so far from the expected one that its order is ambiguous. It is treated as the expected one.
    Unrelated,
}

impl MarkerOrder {
    fn of(marker: u8, expected: u8) -> Self {
        match marker {
            RST0..=RST7 => match (marker - RST0).wrapping_sub(expected) & 7 {
                0 => Self::Expected,
                1 | 2 => Self::Later,
                6 | 7 => Self::Earlier,
                _ => Self::Unrelated,
            },
            ..SOF0 => Self::Earlier,
            _ => Self::Later,
        }
    }
}
