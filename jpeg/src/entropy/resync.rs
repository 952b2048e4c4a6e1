//! Synchronisation at restart markers.

use super::bits::Bits;
use super::feed::{AHEAD, Feed};
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
        let (from, is_read) = (self.file_position(), self.unread_bits(bits) < 8);
        let wanted = from.saturating_add(AHEAD);
        let bytes = self.input.prefix(wanted);
        let found = match Found::search(bytes, from, expected, bytes.len() < wanted) {
            Some(found) => found,
            None => match Found::search(self.input.prefix(usize::MAX), from, expected, true) {
                Some(found) => found,
                None => return Resync::Missing,
            },
        };
        match found {
            Found::Expected { position, is_first } => {
                self.begin_segment(position);
                if is_read && is_first { Resync::Clean } else { Resync::Recovered }
            }
            Found::Unrelated { position } => {
                self.begin_segment(position);
                Resync::Recovered
            }
            Found::Later { before } => {
                // Stay at the marker itself, so that the bytes before it are searched only once.
                self.end_before(before);
                Resync::Missing
            }
        }
    }
}

/// The marker that decides where decoding continues.
enum Found {
    /// The expected one. `is_first` means that only fill bytes were before it.
    Expected {
        position: usize,
        is_first: bool,
    },
    Unrelated {
        position: usize,
    },
    Later {
        before: usize,
    },
}

impl Found {
    /// Searches from an index on. `None` if there is no such marker in the bytes and they are not the whole file, which
    /// ends with the end marker, even if that is missing.
    fn search(bytes: &[u8], from: usize, expected: u8, is_whole: bool) -> Option<Self> {
        let rest = bytes.get(from..).unwrap_or_default();
        let ones = rest.iter().take_while(|byte| **byte == 0xff).count();
        let mut cursor = Cursor::new(bytes, from);
        loop {
            let marker = cursor.marker().or(is_whole.then_some(EOI))?;
            match MarkerOrder::of(marker, expected) {
                MarkerOrder::Earlier => {}
                MarkerOrder::Expected => {
                    let position = cursor.position();
                    return Some(Self::Expected { position, is_first: position == from + ones + 1 });
                }
                MarkerOrder::Unrelated => return Some(Self::Unrelated { position: cursor.position() }),
                MarkerOrder::Later => return Some(Self::Later { before: cursor.before_marker() }),
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
