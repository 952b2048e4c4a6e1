/// The defects of a file that was decoded in spite of them. Defects in coefficients that a scale does not need may stay
/// undetected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent finding")]
pub struct Damage {
    /// Entropy-coded data ended before the picture did. The rest of the picture is gray, or as coarse as earlier scans
    /// left it.
    pub is_short: bool,
    /// Parts of the picture are gray because no scan has data for them.
    pub has_holes: bool,
    /// The file has no end marker.
    pub has_no_end: bool,
    /// Number of codes that are in no Huffman table.
    pub bad_codes: u32,
    /// Number of restart markers that were missing, misplaced or wrongly numbered.
    pub bad_restarts: u32,
    /// A scan after the first one, or a table for it, was malformed. The decoder ignored the rest of the file.
    pub has_bad_scan: bool,
}

impl Damage {
    /// Adds the defects of a scan.
    pub(crate) fn add(&mut self, scan: Self) {
        self.is_short |= scan.is_short;
        self.has_holes |= scan.has_holes;
        self.has_no_end |= scan.has_no_end;
        self.has_bad_scan |= scan.has_bad_scan;
        self.bad_codes = self.bad_codes.saturating_add(scan.bad_codes);
        self.bad_restarts = self.bad_restarts.saturating_add(scan.bad_restarts);
    }

    /// `true` if the decoder found no defect.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
