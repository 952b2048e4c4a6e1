//! Arrays whose length is a power of two, indexed without a bounds check: an index past the end wraps around.

/// The entry at `index`, modulo the length.
#[inline]
#[expect(clippy::indexing_slicing, reason = "the mask keeps the index below the length")]
pub(crate) const fn at<T, const N: usize>(table: &[T; N], index: usize) -> &T {
    const { assert!(N.is_power_of_two()) };
    &table[index & (N - 1)]
}

/// The entry at `index`, modulo the length, to be changed.
#[inline]
#[expect(clippy::indexing_slicing, reason = "the mask keeps the index below the length")]
pub(crate) const fn at_mut<T, const N: usize>(table: &mut [T; N], index: usize) -> &mut T {
    const { assert!(N.is_power_of_two()) };
    &mut table[index & (N - 1)]
}
