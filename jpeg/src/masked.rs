//! Arrays whose length is a power of two, indexed without a check: an index beyond them is wrapped.

/// The entry at `index`, wrapped.
#[inline]
#[expect(clippy::indexing_slicing, reason = "the mask keeps the index below the length")]
pub(crate) const fn at<T: Copy, const N: usize>(table: &[T; N], index: usize) -> T {
    const { assert!(N.is_power_of_two()) };
    table[index & (N - 1)]
}

/// Writes the entry at `index`, wrapped.
#[inline]
#[expect(clippy::indexing_slicing, reason = "the mask keeps the index below the length")]
pub(crate) const fn put<T: Copy, const N: usize>(table: &mut [T; N], index: usize, value: T) {
    const { assert!(N.is_power_of_two()) };
    table[index & (N - 1)] = value;
}
