//! How many parts a size limit allows.

use crate::error::{Cause, SignError};

/// The fewest bytes of a part that isn't the last: 5 MiB.
pub const MIN_PART_BYTES: u64 = 5 * 1024 * 1024;

/// The most parts of an upload.
pub const MAX_PARTS: u32 = 10_000;

/// How many parts a file of at most `max_bytes` can have: all but the last have at least [`MIN_PART_BYTES`].
pub fn max_parts(max_bytes: u64) -> u32 {
    let parts = max_bytes.div_ceil(MIN_PART_BYTES).clamp(1, u64::from(MAX_PARTS));
    u32::try_from(parts).unwrap_or(MAX_PARTS)
}

/// The number of a part, or an error that says which numbers a file of at most `max_bytes` can have.
pub fn part_number(text: &str, max_bytes: u64) -> Result<u32, SignError> {
    let most = max_parts(max_bytes);
    match text.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(SignError::at("partNumber", Cause::PartNumber { given: text.to_owned(), most })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_allows_as_many_parts_as_could_be_full() {
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
    fn a_part_that_no_file_within_the_limit_has_is_refused() {
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
