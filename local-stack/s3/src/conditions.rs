//! Conditional requests: `If-Match`, `If-None-Match`, `If-Modified-Since`, `If-Unmodified-Since`.

use s3s::dto::ETagCondition;

use super::error::ClientError;
use super::record::ObjectRecord;

/// The conditions of a GET or HEAD request, or on the source of a copy. Times are in seconds since 1970.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_field_names, reason = "they are the headers' names")]
pub(crate) struct ReadConditions {
    pub(crate) if_match: Option<ETagCondition>,
    pub(crate) if_none_match: Option<ETagCondition>,
    pub(crate) if_modified_since_s: Option<i64>,
    pub(crate) if_unmodified_since_s: Option<i64>,
}

/// The result of evaluated conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConditionResult {
    /// All conditions hold.
    Proceed,
    /// The client has the same object already.
    NotModified,
    /// The condition in this header doesn't hold.
    Failed(&'static str),
}

/// The conditions of a write.
#[derive(Clone, Debug, Default)]
pub(crate) struct WriteConditions {
    pub(crate) if_match: Option<ETagCondition>,
    pub(crate) if_none_match: Option<ETagCondition>,
    /// The version that the write is about.
    pub(crate) version: Option<String>,
}

impl ReadConditions {
    /// Evaluates the conditions in the order of RFC 9110, section 13.2.2: an `ETag` outranks a date.
    pub(crate) fn evaluate(&self, etag: &str, modified_s: i64) -> ConditionResult {
        if let Some(condition) = &self.if_match {
            if !matches(condition, etag) {
                return ConditionResult::Failed("If-Match");
            }
        } else if self.if_unmodified_since_s.is_some_and(|since| modified_s > since) {
            return ConditionResult::Failed("If-Unmodified-Since");
        }
        if let Some(condition) = &self.if_none_match {
            if matches(condition, etag) {
                return ConditionResult::NotModified;
            }
        } else if self.if_modified_since_s.is_some_and(|since| modified_s <= since) {
            return ConditionResult::NotModified;
        }
        ConditionResult::Proceed
    }
}

impl WriteConditions {
    /// Checks the conditions against the existing object. Must run inside the transaction that writes.
    pub(crate) fn check(&self, existing: Option<&ObjectRecord>) -> Result<(), ClientError> {
        if self.version.is_some() && self.version.as_deref() != existing.map(ObjectRecord::version) {
            return Err(ClientError::NoSuchVersion);
        }
        if let Some(condition) = &self.if_match {
            let existing = existing.ok_or(ClientError::NoSuchKey)?;
            if !matches(condition, &existing.etag) {
                return Err(ClientError::PreconditionFailed("If-Match"));
            }
        }
        let exists = |condition| existing.is_some_and(|existing| matches(condition, &existing.etag));
        if self.if_none_match.as_ref().is_some_and(exists) {
            return Err(ClientError::PreconditionFailed("If-None-Match"));
        }
        Ok(())
    }
}

/// `true` if a condition names an `ETag`. It may list several: `"a", W/"b"`.
fn matches(condition: &ETagCondition, etag: &str) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(tags) => {
            tags.value().split(',').any(|one| one.trim().trim_start_matches("W/").trim_matches('"') == etag)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_outranks_a_date() {
        let check = |header: (&str, &str), since: (i64, i64), expected| {
            let tag = |text: &str| (!text.is_empty()).then(|| text.parse::<ETagCondition>().unwrap());
            let conditions = ReadConditions {
                if_match: tag(header.0),
                if_none_match: tag(header.1),
                if_modified_since_s: (since.0 > 0).then_some(since.0),
                if_unmodified_since_s: (since.1 > 0).then_some(since.1),
            };
            assert_eq!(conditions.evaluate("abc", 100), expected, "{header:?} {since:?}");
        };
        check(("", ""), (0, 0), ConditionResult::Proceed);
        check(("\"abc\"", ""), (0, 0), ConditionResult::Proceed);
        check(("abc", ""), (0, 0), ConditionResult::Proceed);
        check(("*", ""), (0, 0), ConditionResult::Proceed);
        check(("\"x\"", ""), (0, 0), ConditionResult::Failed("If-Match"));
        check(("\"abc\"", ""), (0, 99), ConditionResult::Proceed);
        check(("", ""), (0, 99), ConditionResult::Failed("If-Unmodified-Since"));
        check(("", ""), (0, 100), ConditionResult::Proceed);
        check(("", "\"abc\""), (0, 0), ConditionResult::NotModified);
        check(("", "W/\"abc\""), (0, 0), ConditionResult::NotModified);
        check(("", "\"x\", \"abc\""), (0, 0), ConditionResult::NotModified);
        check(("", "*"), (0, 0), ConditionResult::NotModified);
        check(("", "\"x\""), (100, 0), ConditionResult::Proceed);
        check(("", ""), (100, 0), ConditionResult::NotModified);
        check(("", ""), (99, 0), ConditionResult::Proceed);
    }
}
