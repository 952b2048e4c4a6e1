//! A frame of an animation.

use super::Pixels;

/// A frame of an animation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The whole canvas after this frame was drawn, in RGBA.
    pub pixels: Pixels,
    /// Display time in milliseconds, 11 to [`MAX_MILLISECONDS`].
    pub milliseconds: u32,
}

/// Longest display time of a frame, in milliseconds: the longest that GIF can store.
pub const MAX_MILLISECONDS: u32 = 655_350;

/// The time for which browsers display a frame whose file says `milliseconds`: they replace 10 or less by 100.
pub(crate) fn displayed_milliseconds(milliseconds: u32) -> u32 {
    const SHORTEST: u32 = 11;
    const REPLACEMENT: u32 = 100;
    if milliseconds < SHORTEST { REPLACEMENT } else { milliseconds.min(MAX_MILLISECONDS) }
}
