//! The part numbers that a size limit allows.

use crate::error::{Cause, SignError};

/// S3's minimum size of every part but the last, in bytes: 5 MiB.
const MIN_PART_BYTES: u64 = 5 * 1024 * 1024;

/// S3's maximum number of parts in an upload.
pub(crate) const MAX_PARTS: u32 = 10_000;

/// The maximum number of parts in a file of at most `max_bytes`, 1 to [`MAX_PARTS`].
fn max_parts(max_bytes: u64) -> u32 {
    let parts = max_bytes.div_ceil(MIN_PART_BYTES).clamp(1, u64::from(MAX_PARTS));
    u32::try_from(parts).unwrap_or(MAX_PARTS)
}

/// Parses the number of a part in a file of at most `max_bytes`. The error states the valid numbers.
pub fn part_number(text: &str, max_bytes: u64) -> Result<u32, SignError> {
    let max = max_parts(max_bytes);
    match text.parse() {
        Ok(number) if (1..=max).contains(&number) => Ok(number),
        _ => Err(SignError::at("partNumber", Cause::PartNumber { text: text.to_owned(), max })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_allows_one_part_for_each_5_mib() {
        let check = |max_bytes: u64, expected: u32| assert_eq!(max_parts(max_bytes), expected, "{max_bytes}");
        check(0, 1);
        check(1, 1);
        check(MIN_PART_BYTES, 1);
        check(MIN_PART_BYTES + 1, 2);
        check(40_000_000, 8);
        check(MIN_PART_BYTES * 10_000, 10_000);
        check(u64::MAX, 10_000);
    }

    #[test]
    fn a_part_number_beyond_the_limit_is_refused() {
        let check = |text: &str, expected: Option<u32>| {
            assert_eq!(part_number(text, MIN_PART_BYTES * 3).ok(), expected, "{text:?}");
        };
        check("1", Some(1));
        check("3", Some(3));
        check("4", None);
        check("0", None);
        check("-1", None);
        check("1.5", None);
        check("", None);
        check("99999999999999999999", None);
    }
}
