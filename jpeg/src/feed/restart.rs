//! From one restart interval to the next.

use super::Feed;
use crate::bits::Bits;
use crate::markers::{Cursor, EOI, RST0, RST7, SOF0};

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

impl Feed<'_> {
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
            match Standing::of(marker, due) {
                Standing::Behind => {}
                Standing::Due => {
                    let is_clean = is_read && cursor.at() == self.from + ones + 1;
                    self.resume(cursor.at());
                    return if is_clean { Restart::Found } else { Restart::Resumed };
                }
                Standing::Astray => {
                    self.resume(cursor.at());
                    return Restart::Resumed;
                }
                Standing::Ahead => {
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
}

/// Where a marker stands to the restart marker that is due.
enum Standing {
    /// It is passed.
    Behind,
    Due,
    /// It is left for its own turn.
    Ahead,
    /// A restart marker too far from the one due to tell; it is taken for that one.
    Astray,
}

impl Standing {
    fn of(marker: u8, due: u8) -> Self {
        match marker {
            RST0..=RST7 => match (marker - RST0).wrapping_sub(due) & 7 {
                0 => Self::Due,
                1 | 2 => Self::Ahead,
                6 | 7 => Self::Behind,
                _ => Self::Astray,
            },
            ..SOF0 => Self::Behind,
            _ => Self::Ahead,
        }
    }
}
