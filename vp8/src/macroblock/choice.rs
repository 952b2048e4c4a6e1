/// How luma is predicted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LumaModes {
    /// By one mode.
    Whole(u8),
    /// By a mode for each block.
    Blocks([u8; 16]),
}

/// How a macroblock is coded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    /// It has no coefficients.
    pub(crate) is_skipped: bool,
    pub(crate) luma: LumaModes,
    pub(crate) chroma: u8,
}

impl LumaModes {
    /// The modes of the blocks, as the macroblocks below and to the right see them.
    pub(crate) fn of_blocks(self) -> [u8; 16] {
        match self {
            Self::Whole(mode) => [mode; 16],
            Self::Blocks(modes) => modes,
        }
    }
}
