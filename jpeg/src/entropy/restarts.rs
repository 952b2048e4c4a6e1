use super::bits::Bits;
use super::feed::Feed;
use super::resync::Resync;
use crate::damage::Damage;

/// Counts the MCUs of restart intervals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Restarts {
    interval: u16,
    /// Number of MCUs before the next marker.
    left: u16,
    /// Number of the next marker, 0 to 7.
    expected: u8,
    /// `true` if the current interval has no more data.
    pub(crate) is_short: bool,
}

impl Restarts {
    /// `interval` is in MCUs, 0 for no markers.
    pub(crate) const fn new(interval: u16) -> Self {
        Self { interval, left: interval, expected: 0, is_short: false }
    }

    /// Counts an MCU. Returns `true` if a marker must be passed before it.
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

    /// Passes the marker before an MCU for which [`Self::is_due`] returned `true`. Returns the bits after the marker.
    #[cold]
    pub(crate) fn pass(&mut self, feed: &mut Feed<'_>, mut bits: Bits, damage: &mut Damage) -> Bits {
        if feed.is_overrun(bits) {
            (self.is_short, damage.is_short) = (true, true);
        }
        let resync = feed.resync(self.expected, bits);
        damage.bad_restarts += u32::from(resync != Resync::Clean);
        self.is_short &= resync == Resync::Missing;
        self.expected = (self.expected + 1) & 7;
        self.left = self.interval - 1;
        bits.restart();
        bits
    }
}
