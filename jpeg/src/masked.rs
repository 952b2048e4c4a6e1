//! Arrays whose length is a power of two, indexed without a check: an index beyond them is wrapped.

/// The entry at `index`, wrapped.
#[inline]
#[expect(clippy::indexing_slicing, reason = "the mask keeps the index below the length")]
pub(crate) const fn at<T: Copy, const N: usize>(table: &[T; N], index: usize) -> T {
    const { assert!(N.is_power_of_two()) };
    table[index & (N - 1)]
}

/// A table filled with one entry, made where it stays: large ones don't fit a thread's stack.
#[expect(clippy::unnecessary_box_returns, reason = "the table is too large for a stack")]
pub(crate) fn filled<T: Copy, const N: usize>(entry: T) -> Box<[T; N]> {
    match vec![entry; N].into_boxed_slice().try_into() {
        Ok(table) => table,
        // The length is N.
        Err(_) => Box::new([entry; N]),
    }
}

/// Writes the entry at `index`, wrapped.
#[inline]
#[expect(clippy::indexing_slicing, reason = "the mask keeps the index below the length")]
pub(crate) const fn put<T: Copy, const N: usize>(table: &mut [T; N], index: usize, value: T) {
    const { assert!(N.is_power_of_two()) };
    table[index & (N - 1)] = value;
}
