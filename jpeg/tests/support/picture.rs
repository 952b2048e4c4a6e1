//! Random pictures, as quantised coefficients.

use super::chance::RandomNumbers;

/// A block's coefficients, in zig-zag order.
pub(crate) type Block = [i16; 64];

/// A picture: its size, and the coefficients of its components.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) components: Vec<Component>,
}

/// A component's coefficients.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    pub(crate) across: u32,
    pub(crate) down: u32,
    /// Quantisation steps in zig-zag order.
    pub(crate) steps: [u16; 64],
    /// The blocks of whole MCUs, row by row.
    pub(crate) blocks: Vec<Block>,
    pub(crate) blocks_across: u32,
}

impl Picture {
    /// Random coefficients of about the magnitudes that photos have. `factors` are the components' sampling factors.
    pub(crate) fn random(
        chance: &mut RandomNumbers,
        width: u32,
        height: u32,
        factors: &[(u32, u32)],
    ) -> Self {
        let mut picture = Self { width, height, components: Vec::new() };
        let (largest_across, largest_down) = largest(factors);
        let mcus = (width.div_ceil(largest_across * 8), height.div_ceil(largest_down * 8));
        for (across, down) in factors.iter().copied() {
            let (blocks_across, blocks_down) = (mcus.0 * across, mcus.1 * down);
            let coarseness = chance.within(1, 20);
            let steps = std::array::from_fn(|position| {
                (1 + chance.within(0, coarseness)) as u16 + position as u16 / 8
            });
            let busy = chance.below(40) + 1;
            let mut dc = 0;
            let blocks = (0..blocks_across * blocks_down).map(|_| {
                dc = (dc + chance.within(-60, 60)).clamp(-1000, 1000) / i32::from(steps[0]).max(2) * 2;
                block(chance, dc, &steps, busy)
            });
            let blocks = blocks.collect();
            picture.components.push(Component { across, down, steps, blocks, blocks_across });
        }
        picture
    }

    /// The largest horizontal and vertical sampling factor.
    pub(crate) fn largest(&self) -> (u32, u32) {
        let factors: Vec<_> = self.components.iter().map(|each| (each.across, each.down)).collect();
        largest(&factors)
    }

    /// Number of blocks in a scan of only this component, across and down.
    pub(crate) fn own_blocks(&self, component: &Component) -> (u32, u32) {
        let (across, down) = self.largest();
        (
            (self.width * component.across).div_ceil(across * 8),
            (self.height * component.down).div_ceil(down * 8),
        )
    }
}

fn largest(factors: &[(u32, u32)]) -> (u32, u32) {
    let across = factors.iter().map(|each| each.0).max().unwrap();
    let down = factors.iter().map(|each| each.1).max().unwrap();
    (across, down)
}

/// A block whose values fall with frequency. Some blocks are empty, some are full, and some end with a non-zero value.
fn block(chance: &mut RandomNumbers, dc: i32, steps: &[u16; 64], busy: u64) -> Block {
    let mut block = [0; 64];
    block[0] = dc as i16;
    if chance.once_in(5) {
        return block;
    }
    let is_full = chance.once_in(30);
    for position in 1..64 {
        let is_nonzero = is_full || chance.below(position as u64 + 4) < busy / 4 + 1;
        if is_nonzero {
            let most = (400 / (i32::from(position as u16) + 2) / i32::from(steps[position])).max(1);
            block[position] = chance.within(-most, most) as i16;
        }
    }
    if chance.once_in(20) {
        block[63] = chance.one_of(&[-1, 1]);
    }
    block
}
