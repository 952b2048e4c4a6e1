use crate::scale::Scales;

/// Settings of a decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Scales of the planes.
    pub scales: Scales,
    /// Precision of the coefficients of progressive files.
    pub last_bits: LastBits,
}

/// Treatment of the scans of a progressive file that add the last bit to AC coefficients. They are the largest scans:
/// about half of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastBits {
    /// Decode them.
    Read,
    /// Skip them. A picture that becomes much smaller looks nearly the same without them.
    Drop,
}
