//! What was wrong with a file that was decoded all the same.

/// Damage that was mended. What is wrong in coefficients that a scale doesn't need may go unnoticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a finding of its own")]
pub struct Damage {
    /// Entropy-coded data ended before its picture did; the rest is gray, or as coarse as earlier scans left it.
    pub is_short: bool,
    /// Parts of the picture are gray, for there is nothing of them, not even coarsely.
    pub has_holes: bool,
    /// The file ends without its end marker.
    pub has_no_end: bool,
    /// Codes that no table has.
    pub bad_codes: u32,
    /// Restart markers that were missing, moved or of a wrong number.
    pub bad_restarts: u32,
    /// A scan behind the first, or a table for it, was malformed; what follows it was not read.
    pub has_bad_scan: bool,
}

impl Damage {
    /// Adds what was found in a scan.
    pub(crate) fn add(&mut self, scan: Self) {
        self.is_short |= scan.is_short;
        self.has_holes |= scan.has_holes;
        self.has_no_end |= scan.has_no_end;
        self.has_bad_scan |= scan.has_bad_scan;
        self.bad_codes = self.bad_codes.saturating_add(scan.bad_codes);
        self.bad_restarts = self.bad_restarts.saturating_add(scan.bad_restarts);
    }

    /// Whether nothing was wrong.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
