//! The parts that S3 stores, and what they allow. A part's URL binds no size, so S3 takes up to 5 GiB with each: the signer looks at
//! what is stored before it signs the next one.

use crate::error::{Cause, SignError};

/// Maximum number of parts that a client may have signed before S3 stores them.
const MAX_UNSENT: usize = 100;

/// A part that S3 stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// The number of the part, from 1.
    pub number: u32,
    /// The entity tag without quotes.
    pub etag: String,
    /// The size in bytes.
    pub bytes: u64,
}

/// The size of all stored parts in bytes. It is an error if it exceeds `max_bytes`.
pub fn stored_bytes(stored: &[StoredPart], max_bytes: u64) -> Result<u64, SignError> {
    let bytes = stored.iter().fold(0u64, |sum, part| sum.saturating_add(part.bytes));
    if bytes > max_bytes {
        return Err(SignError::whole(Cause::FileTooLarge { bytes, limit: max_bytes }));
    }
    Ok(bytes)
}

/// Checks that part `number` may be signed: at most 100 of the parts up to it are not stored yet.
pub fn check_unsent(number: u32, stored: &[StoredPart]) -> Result<(), SignError> {
    let sent = stored.iter().filter(|part| part.number <= number).count();
    if (number as usize).saturating_sub(sent) > MAX_UNSENT {
        let sentence = "at most 100 parts are signed before they are sent; send the earlier parts first";
        return Err(SignError::at("partNumber", Cause::Invalid(sentence)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(numbers: impl IntoIterator<Item = u32>) -> Vec<StoredPart> {
        numbers.into_iter().map(|number| StoredPart { number, etag: String::new(), bytes: 10 }).collect()
    }

    #[test]
    fn stored_parts_are_within_the_limit() {
        let check = |count: u32, expected: Result<u64, &str>| {
            let bytes = stored_bytes(&stored(1..=count), 30).map_err(|error| error.to_string());
            assert_eq!(bytes, expected.map_err(str::to_owned), "{count}");
        };
        check(0, Ok(0));
        check(3, Ok(30));
        check(4, Err("the file has 40 bytes, at most 30 are allowed"));
    }

    #[test]
    fn a_hundred_parts_may_be_signed_before_they_are_sent() {
        let check = |number: u32, stored: &[StoredPart], expected: bool| {
            assert_eq!(check_unsent(number, stored).is_ok(), expected, "{number}");
        };
        check(100, &[], true);
        check(101, &[], false);
        check(150, &stored(1..=50), true);
        check(151, &stored(1..=50), false);
        // Later parts don't count, and a stored part may be sent again.
        check(101, &stored(102..=200), false);
        check(1, &stored(1..=200), true);
    }
}
