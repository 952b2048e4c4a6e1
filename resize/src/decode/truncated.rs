//! Truncated files.

use crate::error::Error;

/// A truncated picture is shown if it has at least one row in so many. With fewer there is nothing to recognise.
const ROWS_PER_REQUIRED_ROW: usize = 32;

/// `true` if `rows` of `height` rows are enough to show a truncated picture.
pub(super) fn is_recognisable(rows: usize, height: usize) -> bool {
    rows > 0 && rows * ROWS_PER_REQUIRED_ROW >= height
}

/// Refuses a truncated picture of too few rows.
pub(super) fn admit_rows(rows: u32, height: u32) -> Result<(), Error> {
    if is_recognisable(rows as usize, height as usize) {
        return Ok(());
    }
    Err(Error::Damaged("it ends before its first rows".to_owned()))
}
