//! The check before parts become an object: the client's list must equal S3's, and the sum of the sizes must be within the
//! limit.

use serde::Deserialize;

use crate::error::{Cause, SignError};
use crate::parts::part_number::MAX_PARTS;
use crate::parts::stored::{StoredPart, stored_bytes};

/// A part in the client's list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ClientPart {
    /// The number of the part, from 1.
    #[serde(rename = "PartNumber")]
    pub number: u32,
    /// The entity tag, with or without quotes.
    #[serde(rename = "ETag")]
    pub etag: String,
}

#[derive(Deserialize)]
struct Body {
    parts: Vec<ClientPart>,
}

/// Parses a body `{"parts":[{"PartNumber","ETag"}]}`. The parts are sorted by number.
pub fn client_parts(body: &[u8]) -> Result<Vec<ClientPart>, SignError> {
    let body: Body = serde_json::from_slice(body)
        .map_err(|error| SignError::at("parts", Cause::NotJson(error.to_string())))?;
    let mut parts = body.parts;
    if parts.is_empty() || parts.len() > MAX_PARTS as usize {
        return Err(SignError::at("parts", Cause::Invalid("an upload has 1 to 10000 parts")));
    }
    parts.sort_by_key(|part| part.number);
    Ok(parts)
}

/// Checks the client's parts against those of S3, and their sum against `max_bytes`. Returns the size of the object in
/// bytes. Both lists must be sorted by number; a gap is an error.
pub fn checked_size(listed: &[ClientPart], stored: &[StoredPart], max_bytes: u64) -> Result<u64, SignError> {
    let bytes = stored_bytes(stored, max_bytes)?;
    if bytes == 0 {
        return Err(SignError::at("parts", Cause::Invalid("an empty file can't be uploaded")));
    }
    if listed.len() != stored.len() {
        let (listed, stored) = (listed.len(), stored.len());
        return Err(SignError::at("parts", Cause::PartCount { listed, stored }));
    }
    for ((listed, stored), number) in listed.iter().zip(stored).zip(1..) {
        let is_same = listed.etag.trim_matches('"') == stored.etag;
        if listed.number != number || stored.number != number || !is_same {
            return Err(SignError::at("parts", Cause::PartMismatch { number }));
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(parts: &[(u32, &str, u64)]) -> Vec<StoredPart> {
        let part = |(number, etag, bytes): &(u32, &str, u64)| StoredPart {
            number: *number,
            etag: (*etag).to_owned(),
            bytes: *bytes,
        };
        parts.iter().map(part).collect()
    }

    fn listed(parts: &[(u32, &str)]) -> Vec<ClientPart> {
        let part = |(number, etag): &(u32, &str)| ClientPart { number: *number, etag: (*etag).to_owned() };
        parts.iter().map(part).collect()
    }

    #[test]
    fn the_list_equals_that_of_s3_and_is_within_the_limit() {
        let check = |theirs: &[(u32, &str)], ours: &[(u32, &str, u64)], expected: Result<u64, &str>| {
            let bytes = checked_size(&listed(theirs), &stored(ours), 10);
            assert_eq!(bytes.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
        };
        check(&[(1, "a")], &[(1, "a", 10)], Ok(10));
        check(&[(1, "\"a\""), (2, "b")], &[(1, "a", 6), (2, "b", 4)], Ok(10));
        check(&[(1, "a")], &[(1, "a", 11)], Err("the file has 11 bytes, at most 10 are allowed"));
        check(
            &[(1, "a"), (2, "b")],
            &[(1, "a", u64::MAX), (2, "b", u64::MAX)],
            Err("the file has 18446744073709551615 bytes, at most 10 are allowed"),
        );
        check(&[(1, "b")], &[(1, "a", 1)], Err("parts: part 1 is not the one that was uploaded"));
        check(&[(2, "a")], &[(2, "a", 1)], Err("parts: part 1 is not the one that was uploaded"));
        let gap = "parts: part 2 is not the one that was uploaded";
        check(&[(1, "a"), (3, "c")], &[(1, "a", 1), (3, "c", 1)], Err(gap));
        check(&[(1, "a"), (1, "a")], &[(1, "a", 1), (2, "b", 1)], Err(gap));
        check(
            &[(1, "a")],
            &[(1, "a", 1), (2, "b", 1)],
            Err("parts: parts in the list: 1, uploaded parts: 2"),
        );
        check(&[(1, "a"), (2, "b")], &[(1, "a", 1)], Err("parts: parts in the list: 2, uploaded parts: 1"));
        check(&[(1, "a")], &[(1, "a", 0)], Err("parts: an empty file can't be uploaded"));
        check(&[(1, "a")], &[], Err("parts: an empty file can't be uploaded"));
    }

    #[test]
    fn a_body_lists_parts_in_any_order_but_at_least_one() {
        let read = |body: &str| client_parts(body.as_bytes());
        let body = r#"{"parts":[{"PartNumber":2,"ETag":"b"},{"ETag":"\"a\"","PartNumber":1,"Size":5}]}"#;
        assert_eq!(read(body).unwrap(), listed(&[(1, "\"a\""), (2, "b")]));
        for body in [
            "",
            "{}",
            "[]",
            r#"{"parts":[]}"#,
            r#"{"parts":[{"PartNumber":1}]}"#,
            r#"{"parts":[{"PartNumber":-1,"ETag":"a"}]}"#,
        ] {
            assert_eq!(read(body).unwrap_err().field.as_deref(), Some("parts"), "{body}");
        }
    }

    #[test]
    fn ten_thousand_parts_are_accepted_and_one_more_is_not() {
        let body = |count: usize| {
            let parts: Vec<_> =
                (1..=count).map(|n| serde_json::json!({ "PartNumber": n, "ETag": "e" })).collect();
            serde_json::json!({ "parts": parts }).to_string()
        };
        assert_eq!(client_parts(body(10_000).as_bytes()).unwrap().len(), 10_000);
        assert!(client_parts(body(10_001).as_bytes()).is_err());
    }
}
