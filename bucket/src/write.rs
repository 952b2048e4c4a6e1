//! Conditional writes.

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;

use crate::error::{BucketError, ErrorKind};

/// The state of a key that a write requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition<'a> {
    /// There is no object (`If-None-Match: *`).
    Absent,
    /// The object is the one with this entity tag, in quotes (`If-Match`).
    Unchanged(&'a str),
}

/// Sends a write under a condition. Returns the new entity tag, with quotes, or `None` if the condition does not
/// hold: another process has written or deleted the object.
pub async fn put_if(
    request: PutObjectFluentBuilder,
    condition: Condition<'_>,
) -> Result<Option<String>, BucketError> {
    let request = match condition {
        Condition::Absent => request.if_none_match("*"),
        Condition::Unchanged(etag) => request.if_match(etag),
    };
    match request.send().await.map_err(BucketError::from) {
        Ok(put) => Ok(Some(put.e_tag.unwrap_or_default())),
        Err(error) if is_lost(error.kind(), condition) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `true` if an error says that the condition does not hold.
fn is_lost(kind: ErrorKind, condition: Condition<'_>) -> bool {
    match kind {
        ErrorKind::Conflict | ErrorKind::PreconditionFailed => true,
        // S3 answers 404 to `If-Match` if the object was deleted.
        ErrorKind::NotFound => matches!(condition, Condition::Unchanged(_)),
        ErrorKind::Refused | ErrorKind::Forbidden | ErrorKind::RangeNotSatisfiable | ErrorKind::Other => {
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_lost_if_another_process_was_faster() {
        let check = |kind: ErrorKind, absent: bool, unchanged: bool| {
            assert_eq!(is_lost(kind, Condition::Absent), absent, "{kind:?}");
            assert_eq!(is_lost(kind, Condition::Unchanged("\"e\"")), unchanged, "{kind:?}");
        };
        check(ErrorKind::PreconditionFailed, true, true);
        check(ErrorKind::Conflict, true, true);
        check(ErrorKind::NotFound, false, true);
        check(ErrorKind::Forbidden, false, false);
        check(ErrorKind::RangeNotSatisfiable, false, false);
        check(ErrorKind::Other, false, false);
    }
}
