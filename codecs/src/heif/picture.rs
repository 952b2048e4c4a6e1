//! The header of a coded picture, whatever its codec.

use super::color::Cicp;

/// The facts in the header of a coded picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PictureHeader {
    /// Width in pixels.
    pub(super) width: u32,
    /// Height in pixels.
    pub(super) height: u32,
    /// Number of pixels that the decoder allocates, including those beyond the picture's edges.
    pub(super) allocated_pixels: u64,
    /// Bits per sample: 8 to 12.
    pub(super) depth: u8,
    pub(super) colors: Cicp,
}
