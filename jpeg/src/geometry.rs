//! Where coefficients lie, in zig-zag order and in the corner that a scale keeps.

use crate::scale::Scale;

/// The place of each coefficient in its block of eight by eight, in the order of storage (ITU-T T.81, figure A.6).
pub(crate) const ZIGZAG: [u8; 64] = zigzag();

/// The places of a block: those of coefficients, and the one of those that are not kept. As many as a byte tells
/// apart, so that writing needs no check.
pub(crate) const BLOCK: usize = 256;

/// A block to write decoded coefficients to.
pub(crate) type Block = [i16; BLOCK];

/// Where coefficients that are not kept are written.
pub(crate) const DROPPED: u8 = 64;

#[expect(clippy::indexing_slicing, reason = "the place is below 64")]
const fn zigzag() -> [u8; 64] {
    let mut order = [0; 64];
    let (mut row, mut column, mut place) = (0_u8, 0_u8, 0);
    while place < 64 {
        order[place] = row * 8 + column;
        let is_rising = (row + column).is_multiple_of(2);
        match (is_rising, row, column) {
            (true, _, 7) | (false, 0..=6, 0) => row += 1,
            (true, 0, _) | (false, 7, _) => column += 1,
            (true, _, _) => (row, column) = (row - 1, column + 1),
            (false, _, _) => (row, column) = (row + 1, column - 1),
        }
        place += 1;
    }
    order
}

/// The coefficients that are stored of each block of a progressive file.
pub(crate) const fn cells(scale: Scale) -> usize {
    cells_of(scale.eighths() as usize)
}

/// [`cells`] by the scale's eighths.
pub(crate) const fn cells_of(eighths: usize) -> usize {
    match eighths {
        1 => 1,
        2 => 4,
        3 | 4 => 16,
        5 => 48,
        _ => 64,
    }
}

/// Where in a block each coefficient of the zig-zag order is written, or [`DROPPED`].
///
/// The inverse transform multiplies pairs of coefficients of even and of odd frequency, so it wants them side by side:
/// of four rows, the first and the third alternate, then the second and the fourth; columns are in that order too.
pub(crate) fn places(scale: Scale) -> [u8; 64] {
    let side = scale.eighths() as u8;
    ZIGZAG.map(|place| {
        let (row, column) = (place / 8, place % 8);
        if row >= side || column >= side {
            return DROPPED;
        }
        let turned = |place: u8| place & 4 | (place & 1) << 1 | place >> 1 & 1;
        match side {
            1 | 2 => row * side + column,
            3 | 4 => (row & 1) << 3 | turned(column) << 1 | row >> 1,
            _ => (row & 4) << 3 | (row & 1) << 4 | turned(column) << 1 | row >> 1 & 1,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zigzag_order_is_the_standard_s() {
        assert_eq!(ZIGZAG[..12], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25]);
        assert_eq!(ZIGZAG[52..], [38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63]);
    }

    #[test]
    fn every_coefficient_of_a_corner_has_a_place_of_its_own() {
        for scale in Scale::ALL {
            let mut places: Vec<u8> = places(scale).into_iter().filter(|place| *place != DROPPED).collect();
            places.sort_unstable();
            places.dedup();
            assert_eq!(places.len(), scale.eighths().pow(2) as usize);
            assert!(places.iter().all(|place| usize::from(*place) < cells(scale)), "{scale:?}");
        }
    }
}
