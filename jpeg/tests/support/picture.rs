//! Pictures as their coefficients.

use super::chance::Chance;

/// A block's coefficients, in zig-zag order.
pub(crate) type Block = [i16; 64];

/// A picture's size, components and coefficients.
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
    /// Steps in zig-zag order.
    pub(crate) steps: [u16; 64],
    /// Whole units of them, row by row.
    pub(crate) blocks: Vec<Block>,
    pub(crate) blocks_across: u32,
}

impl Picture {
    /// Random coefficients that stay near what photos have.
    pub(crate) fn random(chance: &mut Chance, width: u32, height: u32, factors: &[(u32, u32)]) -> Self {
        let mut picture = Self { width, height, components: Vec::new() };
        let (largest_across, largest_down) = largest(factors);
        let units = (width.div_ceil(largest_across * 8), height.div_ceil(largest_down * 8));
        for (across, down) in factors.iter().copied() {
            let (blocks_across, blocks_down) = (units.0 * across, units.1 * down);
            let coarseness = chance.within(1, 20);
            let steps =
                std::array::from_fn(|place| (1 + chance.within(0, coarseness)) as u16 + place as u16 / 8);
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

    /// The largest sampling factors.
    pub(crate) fn largest(&self) -> (u32, u32) {
        let factors: Vec<_> = self.components.iter().map(|each| (each.across, each.down)).collect();
        largest(&factors)
    }

    /// The blocks of a scan of one component alone.
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

/// A block whose values fall off with frequency; now and then one that is empty, full, or ends with a value.
fn block(chance: &mut Chance, dc: i32, steps: &[u16; 64], busy: u64) -> Block {
    let mut block = [0; 64];
    block[0] = dc as i16;
    if chance.once_in(5) {
        return block;
    }
    let is_full = chance.once_in(30);
    for place in 1..64 {
        let is_there = is_full || chance.below(place as u64 + 4) < busy / 4 + 1;
        if is_there {
            let most = (400 / (i32::from(place as u16) + 2) / i32::from(steps[place])).max(1);
            block[place] = chance.within(-most, most) as i16;
        }
    }
    if chance.once_in(20) {
        block[63] = chance.one_of(&[-1, 1]);
    }
    block
}
