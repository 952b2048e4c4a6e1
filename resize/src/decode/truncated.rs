//! Truncated files.

/// A truncated picture is shown if it has at least one row in so many. With fewer there is nothing to recognise.
const ROWS_PER_REQUIRED_ROW: usize = 32;

/// `true` if `rows` of `height` rows are enough to show a truncated picture.
pub(super) fn is_recognisable(rows: usize, height: usize) -> bool {
    rows > 0 && rows * ROWS_PER_REQUIRED_ROW >= height
}
