//! Passes pixels to the codecs.

use codecs::View;

use crate::error::Error;
use crate::pixels::Pixels;

/// The pixels, borrowed for a codec.
pub(super) fn view(pixels: &Pixels) -> View<'_> {
    View { samples: &pixels.samples, width: pixels.size.width(), height: pixels.size.height() }
}

/// The error for channels that an earlier step must have converted.
pub(super) fn unplanned(pixels: &Pixels) -> Error {
    Error::Internal(format!("{:?} pixels for an encoder that does not support them", pixels.channels))
}
