//! The modes of prediction, their trees and what a mode costs (RFC 6386, sections 8.2, 8.3 and 11).

use crate::costs::{Branch, branch_cost, path_cost};
use crate::tables::block_modes::BLOCK_MODES;

/// Modes of luma as a whole and of chroma.
pub(crate) const DC: u8 = 0;
pub(crate) const TRUE_MOTION: u8 = 1;
pub(crate) const VERTICAL: u8 = 2;
pub(crate) const HORIZONTAL: u8 = 3;

/// Number of modes of a 4×4 block.
pub(crate) const BLOCK_MODE_COUNT: usize = 10;

/// Modes of 4×4 blocks. The first four are those of the whole, so that a macroblock that is predicted as a whole has the same
/// number as the mode that its neighbours assume for its blocks.
pub(crate) mod block {
    pub(crate) const DC: usize = 0;
    pub(crate) const TM: usize = 1;
    pub(crate) const VE: usize = 2;
    pub(crate) const HE: usize = 3;
    pub(crate) const RD: usize = 4;
    pub(crate) const VR: usize = 5;
    pub(crate) const LD: usize = 6;
    pub(crate) const VL: usize = 7;
    pub(crate) const HD: usize = 8;
    pub(crate) const HU: usize = 9;
}

/// The path to a mode of luma as a whole, by mode. The first branch says that it is predicted as a whole.
pub(crate) const WHOLE_PATHS: [&[Branch]; 4] = [
    &[(145, true), (156, false), (163, false)],
    &[(145, true), (156, true), (128, true)],
    &[(145, true), (156, false), (163, true)],
    &[(145, true), (156, true), (128, false)],
];

/// The branch that says that luma is predicted by blocks.
pub(crate) const BLOCKS_BRANCH: Branch = (145, false);

/// The path to a mode of chroma, by mode.
pub(crate) const CHROMA_PATHS: [&[Branch]; 4] = [
    &[(142, false)],
    &[(142, true), (114, true), (183, true)],
    &[(142, true), (114, false)],
    &[(142, true), (114, true), (183, false)],
];

/// The path to a mode of a 4×4 block, by mode: the number of the probability, and the bit.
pub(crate) const BLOCK_PATHS: [&[(usize, bool)]; BLOCK_MODE_COUNT] = [
    &[(0, false)],
    &[(0, true), (1, false)],
    &[(0, true), (1, true), (2, false)],
    &[(0, true), (1, true), (2, true), (3, false), (4, false)],
    &[(0, true), (1, true), (2, true), (3, false), (4, true), (5, false)],
    &[(0, true), (1, true), (2, true), (3, false), (4, true), (5, true)],
    &[(0, true), (1, true), (2, true), (3, true), (6, false)],
    &[(0, true), (1, true), (2, true), (3, true), (6, true), (7, false)],
    &[(0, true), (1, true), (2, true), (3, true), (6, true), (7, true), (8, false)],
    &[(0, true), (1, true), (2, true), (3, true), (6, true), (7, true), (8, true)],
];

/// Costs of the modes of luma as a whole in 1/256 bit.
pub(crate) const WHOLE_COSTS: [i32; 4] = path_costs(WHOLE_PATHS);

/// Costs of the modes of chroma in 1/256 bit.
pub(crate) const CHROMA_COSTS: [i32; 4] = path_costs(CHROMA_PATHS);

const fn path_costs([a, b, c, d]: [&[Branch]; 4]) -> [i32; 4] {
    [path_cost(a) as i32, path_cost(b) as i32, path_cost(c) as i32, path_cost(d) as i32]
}

/// Costs of the modes of 4×4 blocks by the modes above and to the left, in 1/256 bit.
pub(crate) static BLOCK_MODE_COSTS: [[[u16; BLOCK_MODE_COUNT]; BLOCK_MODE_COUNT]; BLOCK_MODE_COUNT] =
    block_mode_costs();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn block_mode_costs() -> [[[u16; BLOCK_MODE_COUNT]; BLOCK_MODE_COUNT]; BLOCK_MODE_COUNT] {
    let mut costs = [[[0; BLOCK_MODE_COUNT]; BLOCK_MODE_COUNT]; BLOCK_MODE_COUNT];
    let mut number = 0;
    while number < 1000 {
        let (above, left, mode) = (number / 100, number / 10 % 10, number % 10);
        let mut path = BLOCK_PATHS[mode];
        while let [(branch, bit), rest @ ..] = path {
            costs[above][left][mode] += branch_cost((BLOCK_MODES[above][left][*branch], *bit));
            path = rest;
        }
        number += 1;
    }
    costs
}
