//! The errors of a directory.

use tiff::TiffError;

use crate::error::Error;

pub(super) const UNREAD_COLORS: Error =
    Error::Unsupported("only gray, RGB, palette, CMYK and YCbCr TIFF images are supported, not this one");

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(crate) fn unreadable(error: TiffError) -> Error {
    match error {
        TiffError::UnsupportedError(_) => UNREAD_COLORS,
        TiffError::LimitsExceeded => Error::Unsupported("the TIFF has strips or tags of too many bytes"),
        TiffError::FormatError(_)
        | TiffError::IoError(_)
        | TiffError::IntSizeError
        | TiffError::UsageError(_) => Error::Damaged(error.to_string()),
    }
}
