//! Advances: the number of positions in a block that a look-up moves forward. Advances above 64 have the special
//! meanings below.

/// Advance of an end-of-block symbol: past every run of zeros.
pub(crate) const END: u32 = 80;

/// Advance of a look-up that found no symbol: past every end of a block.
pub(crate) const NONE: u32 = 160;

/// The last position at which several symbols may be looked up at once: the first of them must not end the block, or
/// the second would belong to the next block.
pub(crate) const LAST_START: u32 = 47;
