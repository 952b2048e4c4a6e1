//! What a caller chooses.

use crate::scale::Scales;

/// What is wanted of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The sizes of the planes.
    pub scales: Scales,
    /// How fine the coefficients of progressive files are.
    pub last_bits: LastBits,
}

/// What is done with the scans of progressive files that add the last bit to AC coefficients. They are the largest:
/// about half of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastBits {
    /// They are read.
    Read,
    /// They are left out, whose absence hardly shows in a picture that is made much smaller.
    Drop,
}
