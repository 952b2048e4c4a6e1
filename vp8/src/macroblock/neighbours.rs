use crate::around::Around;

/// Which of the last blocks in a direction have coefficients: 1 if so, else 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NonZero {
    pub(crate) luma: [u8; 4],
    /// Blocks of both chroma planes.
    pub(crate) chroma: [[u8; 2]; 2],
    /// The last block of luma's DC coefficients.
    pub(crate) dc: u8,
}

impl NonZero {
    /// Outside of the picture.
    pub(crate) const NONE: Self = Self { luma: [0; 4], chroma: [[0; 2]; 2], dc: 0 };
}

/// Neighbours of a macroblock.
#[derive(Debug)]
pub(crate) struct Neighbours {
    pub(crate) luma: Around<16>,
    pub(crate) chroma: [Around<8>; 2],
    /// The four samples above and to the right.
    pub(crate) top_right: [u8; 4],
    pub(crate) top_modes: [u8; 4],
    pub(crate) left_modes: [u8; 4],
}
