//! Bounds on the work that one request for a variant can cause.

use crate::variant::Side;

/// Bounds on a source, on a variant of it, and on the memory for rendering the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest source file, in bytes, at least 1.
    pub source_bytes: u64,
    /// Most pixels of a source, width × height, at least 1.
    pub source_pixels: u64,
    /// Most frames of an animation, at least 1.
    pub frames: u32,
    /// Most pixels of an animation, width × height × frames, at least 1.
    pub animation_pixels: u64,
    /// Longest side of a variant.
    pub output_side: Side,
    /// Maximum predicted memory for rendering one variant, in bytes, including the source file, at least 1.
    pub memory_bytes: u64,
}

impl Default for Limits {
    /// 100 MiB, 100 megapixels, 1000 frames of 400 megapixels together, the grammar's longest side, 1.5 GiB.
    fn default() -> Self {
        Self {
            source_bytes: 100 << 20,
            source_pixels: 100_000_000,
            frames: 1000,
            animation_pixels: 400_000_000,
            output_side: Side::MAX,
            memory_bytes: 1536 << 20,
        }
    }
}
