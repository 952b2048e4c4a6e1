//! The order of a block's coefficients in a file and in memory.
//!
//! A *position* is a coefficient's index in zig-zag order, 0 to 63. A *slot* is its index in a stored block.

use crate::scale::Scale;

/// The index of each position in an 8×8 block, row by row (ITU-T T.81, figure A.6).
pub(crate) const ZIGZAG: [u8; 64] = zigzag();

/// Number of slots of a [`WritableBlock`]: those of coefficients and [`DISCARD`]. A `u8` addresses all of them, so that
/// writing needs no bounds check.
pub(crate) const WRITABLE_SLOTS: usize = 256;

/// A block to which decoded coefficients are written.
pub(crate) type WritableBlock = [i16; WRITABLE_SLOTS];

/// The slot to which coefficients are written that the scale does not store.
pub(crate) const DISCARD: u8 = 64;

#[expect(clippy::indexing_slicing, reason = "the position is below 64")]
const fn zigzag() -> [u8; 64] {
    let mut order = [0; 64];
    let (mut row, mut column, mut position) = (0_u8, 0_u8, 0);
    while position < 64 {
        order[position] = row * 8 + column;
        let is_rising = (row + column).is_multiple_of(2);
        match (is_rising, row, column) {
            (true, _, 7) | (false, 0..=6, 0) => row += 1,
            (true, 0, _) | (false, 7, _) => column += 1,
            (true, _, _) => (row, column) = (row - 1, column + 1),
            (false, _, _) => (row, column) = (row + 1, column - 1),
        }
        position += 1;
    }
    order
}

/// Number of slots of each block that a progressive file's store keeps at `scale`.
pub(crate) const fn stored_slots(scale: Scale) -> usize {
    stored_slots_of(scale.eighths() as usize)
}

/// [`stored_slots`] of a scale in eighths.
pub(crate) const fn stored_slots_of(eighths: usize) -> usize {
    match eighths {
        1 => 1,
        2 => 4,
        3 | 4 => 16,
        5 => 48,
        _ => 64,
    }
}

/// The slot of each position at `scale`, or [`DISCARD`].
///
/// The inverse transform multiplies pairs of coefficients of even and of odd frequency, so each pair lies side by side:
/// of four rows, the first and the third alternate, then the second and the fourth. Columns have the same order.
pub(crate) fn slots_of(scale: Scale) -> [u8; 64] {
    let side = scale.eighths() as u8;
    ZIGZAG.map(|index| {
        let (row, column) = (index / 8, index % 8);
        if row >= side || column >= side {
            return DISCARD;
        }
        let paired = |index: u8| index & 4 | (index & 1) << 1 | index >> 1 & 1;
        match side {
            1 | 2 => row * side + column,
            3 | 4 => (row & 1) << 3 | paired(column) << 1 | row >> 1,
            _ => (row & 4) << 3 | (row & 1) << 4 | paired(column) << 1 | row >> 1 & 1,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zigzag_order_is_that_of_the_standard() {
        assert_eq!(ZIGZAG[..12], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25]);
        assert_eq!(ZIGZAG[52..], [38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63]);
    }

    #[test]
    fn every_coefficient_in_the_corner_of_a_scale_has_its_own_slot() {
        for scale in Scale::ALL {
            let mut slots: Vec<u8> = slots_of(scale).into_iter().filter(|slot| *slot != DISCARD).collect();
            slots.sort_unstable();
            slots.dedup();
            assert_eq!(slots.len(), scale.eighths().pow(2) as usize);
            assert!(slots.iter().all(|slot| usize::from(*slot) < stored_slots(scale)), "{scale:?}");
        }
    }
}
