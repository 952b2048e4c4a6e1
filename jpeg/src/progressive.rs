//! Scans that refine each other: progressive files (ITU-T T.81, annex G).
//!
//! Of each block, the corner is kept that the scale needs, and a bit for each coefficient that tells whether it is
//! zero: scans that refine can't be read without.

mod ac;

mod dc;

mod first;

mod output;

mod refine;

mod store;

pub(crate) use output::output;
pub(crate) use store::Store;

use crate::bits::Bits;
use crate::context::Context;
use crate::damage::Damage;
use crate::error::Error;
use crate::feed::Feed;
use crate::restarts::Restarts;
use crate::scan::Scan;
use first::First;
use refine::Refine;

/// Reads a scan into the coefficients.
pub(crate) fn decode(
    context: &mut Context<'_>,
    scan: &Scan,
    feed: &mut Feed<'_>,
    store: &mut Store,
) -> Result<Damage, Error> {
    match (scan.is_dc(), scan.is_refinement()) {
        (true, false) => dc::first(context, scan, feed, store),
        (true, true) => dc::refine(context, scan, feed, store),
        (false, false) => ac::decode::<First>(context, scan, feed, store),
        (false, true) => ac::decode::<Refine>(context, scan, feed, store),
    }
}

/// Where reading is in a scan: its bits, and its restart markers.
struct Progress {
    bits: Bits,
    restarts: Restarts,
    damage: Damage,
}

impl Progress {
    fn new(context: &Context<'_>) -> Self {
        let restarts = Restarts::new(context.tables.restart_interval);
        Self { bits: Bits::new(), restarts, damage: Damage::default() }
    }

    /// Sees to what must be done before a unit is read; whether a restart marker was passed.
    #[inline]
    fn begin_unit(&mut self, feed: &mut Feed<'_>) -> bool {
        let is_due = self.restarts.is_due();
        if is_due {
            self.bits = self.restarts.pass(feed, self.bits, &mut self.damage);
        }
        if feed.needs_care(self.bits) {
            (self.bits, self.restarts.is_short) = feed.care(self.bits, self.restarts.is_short);
            self.damage.is_short |= self.restarts.is_short;
        }
        is_due
    }

    fn end(mut self, feed: &Feed<'_>) -> Damage {
        self.damage.is_short |= feed.is_overrun(self.bits);
        self.damage.bad_codes = self.bits.bad_codes();
        self.damage
    }
}
