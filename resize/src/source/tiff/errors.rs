//! The errors of a directory.

use std::io::ErrorKind;

use tiff::TiffError;

use crate::error::Error;

pub(super) const UNREAD_COLORS: Error =
    Error::Unsupported("only gray, RGB, palette, CMYK and YCbCr TIFF images are supported, not this one");

pub(crate) fn unreadable(error: TiffError) -> Error {
    match error {
        TiffError::UnsupportedError(_) => UNREAD_COLORS,
        TiffError::LimitsExceeded => Error::Unsupported("the TIFF has strips or tags of too many bytes"),
        TiffError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Error::Damaged("the file ends before the tags of the TIFF".to_owned())
        }
        TiffError::FormatError(_)
        | TiffError::IoError(_)
        | TiffError::IntSizeError
        | TiffError::UsageError(_) => Error::Damaged(error.to_string()),
    }
}
