use crate::lanes::{Lanes, Levels};

/// The levels of a macroblock.
#[derive(Debug)]
pub(super) struct Residual {
    pub(super) dc: Levels,
    pub(super) luma: [[Levels; 8]; 2],
    pub(super) chroma: [Levels; 8],
}

impl Residual {
    pub(super) fn is_empty(&self) -> bool {
        let any = |levels: &[Levels]| {
            let vectors = levels.iter().map(|levels| bytemuck::cast::<Levels, [Lanes; 2]>(*levels));
            vectors.fold(Lanes::ZERO, |any, [low, high]| any | low | high)
        };
        let any = any(&[self.dc]) | any(self.luma.as_flattened()) | any(&self.chroma);
        bytemuck::cast::<Lanes, u128>(any) == 0
    }
}
