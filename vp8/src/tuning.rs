//! Settings that trade bytes, time and quality. They were found on photos of 320 and 640 pixels of width, by the bytes at equal
//! SSIMULACRA2; the README has what they gave.

/// How much busy macroblocks are quantised more than smooth ones: change of the exponent of the quality at the extremes.
pub(crate) const SEGMENT_RANGE: f32 = 0.5;

/// Scale and offset of the fineness that libwebp's formula gives for a quality, 0 to 1: so the same quality has libwebp's
/// SSIMULACRA2. Fitted to 14 photos and 10 other pictures at up to three widths, at qualities from 20 to 100.
pub(crate) const FINENESS: [f32; 2] = [0.925, 0.0875];

/// Mean activity, in 1/16 of a power of two, below which a picture has one segment: its file is so small that the map of segments
/// costs more than it gives.
pub(crate) const SMOOTH: f32 = 71.0;

/// Difference of the activities of the busiest and the calmest segment, below which a picture has one segment.
pub(crate) const UNIFORM: u32 = 16;

/// Share of the geometric mean of the blocks in the activity of a macroblock, 0 to 1; the rest is the mean's. So an edge in
/// a smooth macroblock counts little.
pub(crate) const ACTIVITY_MIX: f32 = 0.5;

/// Cost of a bit of a mode in steps of luma's AC coefficients / 256.
pub(crate) const LAMBDA: i32 = 300;

/// Cost of a bit of a mode of a 4×4 block, in 1/256 of [`LAMBDA`].
pub(crate) const BLOCKS_LAMBDA: i32 = 180;

/// Cost of predicting blocks instead of the whole macroblock, in bits / 256.
pub(crate) const BLOCKS_PENALTY: i32 = 2500;

/// Blocks aren't tried if the Hadamard coefficients of the best whole prediction add up to less than this many luma steps.
/// 120 would take 4 % less time and 1 % more bytes.
pub(crate) const EARLY_EXIT: i32 = 80;

/// Rounding of coefficients in 1/256 of a step: 128 is to the nearest level, less is towards zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rounding {
    pub(crate) dc: i32,
    pub(crate) ac: i32,
    /// Decrease of the AC rounding per diagonal.
    pub(crate) slope: i32,
}

/// Luma of macroblocks that are predicted by blocks.
pub(crate) const ROUND_LUMA: Rounding = Rounding { dc: 128, ac: 106, slope: 8 };

/// Luma of macroblocks that are predicted as a whole; their DC coefficients are in a block of their own.
pub(crate) const ROUND_WHOLE: Rounding = Rounding { dc: 128, ac: 110, slope: 8 };

/// The block of luma's DC coefficients.
pub(crate) const ROUND_WALSH: Rounding = Rounding { dc: 124, ac: 116, slope: 0 };

/// Chroma.
pub(crate) const ROUND_CHROMA: Rounding = Rounding { dc: 128, ac: 115, slope: 0 };

/// Difference of the index of chroma's DC step from the segment's.
pub(crate) const CHROMA_DC: i32 = -2;

/// Strength of the loop filter, 0 to 100: that of libwebp in the product.
pub(crate) const FILTER_STRENGTH: i32 = 70;

/// How much weaker the filter is for calm segments, −127 to 127. Negative: it is stronger.
pub(crate) const FILTER_CALM: f32 = -127.0;
