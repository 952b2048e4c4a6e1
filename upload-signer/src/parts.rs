//! Uploads in parts: how many parts a limit allows, and the URL that sends one.
//!
//! `upload_id` is what a client holds of an upload, `completion` what is checked before the parts become an object,
//! `store` the calls to S3.

pub mod completion;

pub mod upload_id;

#[cfg(feature = "edge")]
pub mod store;

use jiff::Timestamp;
use percent_encoding::utf8_percent_encode;

use crate::error::{Cause, SignError};
use crate::signing::put::presigned_put;
use crate::signing::sigv4::Scope;
use crate::signing::target::UNRESERVED;

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

/// The URL that puts one part, for an upload id of S3's own. `expires` lies after the time of signing.
pub fn presigned_part(
    object_url: &str,
    s3_upload_id: &str,
    part: u32,
    expires: Timestamp,
    scope: &Scope<'_>,
) -> Result<String, SignError> {
    let id = utf8_percent_encode(s3_upload_id, &UNRESERVED);
    presigned_put(&format!("{object_url}?uploadId={id}&partNumber={part}"), &[], expires, scope)
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
