use crate::context::ScanContext;
use crate::damage::Damage;
use crate::entropy::bits::Bits;
use crate::entropy::feed::Feed;
use crate::entropy::restarts::Restarts;

/// The state of reading a scan: its bits, restart intervals and damage.
pub(super) struct ScanReader {
    pub(super) bits: Bits,
    pub(super) restarts: Restarts,
    damage: Damage,
}

impl ScanReader {
    pub(super) fn new(context: &ScanContext<'_>) -> Self {
        let restarts = Restarts::new(context.tables.restart_interval);
        Self { bits: Bits::new(), restarts, damage: Damage::default() }
    }

    /// Passes a restart marker and tops up the buffer if the next MCU needs it. Returns `true` if it passed a marker.
    #[inline]
    pub(super) fn begin_mcu(&mut self, feed: &mut Feed<'_>) -> bool {
        let is_due = self.restarts.is_due();
        if is_due {
            self.bits = self.restarts.pass(feed, self.bits, &mut self.damage);
        }
        if feed.needs_top_up(self.bits) {
            (self.bits, self.restarts.is_short) = feed.top_up(self.bits, self.restarts.is_short);
            self.damage.is_short |= self.restarts.is_short;
        }
        is_due
    }

    /// Ends the scan and returns its damage.
    pub(super) fn end(mut self, feed: &Feed<'_>) -> Damage {
        self.damage.is_short |= feed.is_overrun(self.bits);
        self.damage.bad_codes = self.bits.bad_codes();
        self.damage
    }
}
