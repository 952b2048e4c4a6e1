//! Arrays whose length is a power of two, indexed without a bounds check: an index past the end wraps around.

/// The entry at `index`, modulo the length.
#[inline]
#[expect(clippy::indexing_slicing, reason = "the mask keeps the index below the length")]
pub(crate) const fn at<T: Copy, const N: usize>(table: &[T; N], index: usize) -> T {
    const { assert!(N.is_power_of_two()) };
    table[index & (N - 1)]
}

/// A table with the same entry everywhere. It is created on the heap: large tables do not fit a thread's stack.
#[expect(clippy::unnecessary_box_returns, reason = "the table is too large for a stack")]
pub(crate) fn filled<T: Copy, const N: usize>(entry: T) -> Box<[T; N]> {
    match vec![entry; N].into_boxed_slice().try_into() {
        Ok(table) => table,
        // Unreachable: the length is N.
        Err(_) => Box::new([entry; N]),
    }
}

/// Writes the entry at `index`, modulo the length.
#[inline]
#[expect(clippy::indexing_slicing, reason = "the mask keeps the index below the length")]
pub(crate) const fn put<T: Copy, const N: usize>(table: &mut [T; N], index: usize, value: T) {
    const { assert!(N.is_power_of_two()) };
    table[index & (N - 1)] = value;
}
