//! The restart markers of a scan.

use crate::bits::Bits;
use crate::damage::Damage;
use crate::feed::{Feed, Restart};

/// Counts the units of restart intervals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Restarts {
    interval: u16,
    /// Units before the next marker.
    left: u16,
    /// The number of the next marker, 0 to 7.
    due: u8,
    /// There is nothing more in this interval.
    pub(crate) is_short: bool,
}

impl Restarts {
    /// `interval` is in units; 0 for no markers.
    pub(crate) const fn new(interval: u16) -> Self {
        Self { interval, left: interval, due: 0, is_short: false }
    }

    /// Counts a unit; whether a marker must be passed before it.
    #[inline]
    pub(crate) const fn is_due(&mut self) -> bool {
        if self.interval == 0 {
            return false;
        }
        if self.left == 0 {
            return true;
        }
        self.left -= 1;
        false
    }

    /// Passes the marker before a unit that was found to need one, and gives the bits behind it.
    #[cold]
    pub(crate) fn pass(&mut self, feed: &mut Feed<'_>, mut bits: Bits, damage: &mut Damage) -> Bits {
        if feed.is_overrun(bits) {
            (self.is_short, damage.is_short) = (true, true);
        }
        let restart = feed.restart(self.due, bits);
        damage.bad_restarts += u32::from(restart != Restart::Found);
        self.is_short &= restart == Restart::Missing;
        self.due = (self.due + 1) & 7;
        self.left = self.interval - 1;
        bits.restart();
        bits
    }
}
