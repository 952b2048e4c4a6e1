//! Tables of colours, such as palettes.

/// A table of the same length, in which the entries of `N` bytes that are not used are 0.
pub(super) fn only_used<const N: usize>(entries: &[u8], used: &[bool; 256]) -> Vec<u8> {
    let entries = entries.as_chunks::<N>().0.iter().zip(used);
    entries.flat_map(|(entry, is_used)| if *is_used { *entry } else { [0; N] }).collect()
}
