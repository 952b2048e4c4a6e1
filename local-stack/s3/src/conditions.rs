//! Conditional requests: `If-Match`, `If-None-Match`, `If-Modified-Since`, `If-Unmodified-Since`.

use s3s::dto::ETagCondition;

use super::error::Refusal;
use super::record::ObjectRecord;

/// The conditions of a GET or HEAD, or on the source of a copy. Times are in seconds since 1970.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_field_names, reason = "they are the headers' names")]
pub(crate) struct ReadConditions {
    pub(crate) if_match: Option<ETagCondition>,
    pub(crate) if_none_match: Option<ETagCondition>,
    pub(crate) if_modified_since_s: Option<i64>,
    pub(crate) if_unmodified_since_s: Option<i64>,
}

/// What conditions say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The request goes on.
    Proceed,
    /// The client has this very object.
    NotModified,
    /// A condition doesn't hold; its header is named.
    Failed(&'static str),
}

/// The conditions of a write.
#[derive(Clone, Debug, Default)]
pub(crate) struct WriteConditions {
    pub(crate) if_match: Option<ETagCondition>,
    pub(crate) if_none_match: Option<ETagCondition>,
}

impl ReadConditions {
    /// Decides in the order of RFC 9110, section 13.2.2: an `ETag` outranks a date.
    pub(crate) fn judge(&self, etag: &str, modified_s: i64) -> Verdict {
        if let Some(condition) = &self.if_match {
            if !matches(condition, etag) {
                return Verdict::Failed("If-Match");
            }
        } else if self.if_unmodified_since_s.is_some_and(|since| modified_s > since) {
            return Verdict::Failed("If-Unmodified-Since");
        }
        if let Some(condition) = &self.if_none_match {
            if matches(condition, etag) {
                return Verdict::NotModified;
            }
        } else if self.if_modified_since_s.is_some_and(|since| modified_s <= since) {
            return Verdict::NotModified;
        }
        Verdict::Proceed
    }
}

impl WriteConditions {
    /// Refuses a write over what exists. To be called inside the transaction that writes.
    pub(crate) fn check(&self, existing: Option<&ObjectRecord>) -> Result<(), Refusal> {
        if let Some(condition) = &self.if_match {
            let existing = existing.ok_or(Refusal::NoSuchKey)?;
            if !matches(condition, &existing.etag) {
                return Err(Refusal::PreconditionFailed("If-Match"));
            }
        }
        let is_taken = |condition| existing.is_some_and(|existing| matches(condition, &existing.etag));
        if self.if_none_match.as_ref().is_some_and(is_taken) {
            return Err(Refusal::PreconditionFailed("If-None-Match"));
        }
        Ok(())
    }
}

/// Whether a condition names an `ETag`. Several may be listed: `"a", W/"b"`.
fn matches(condition: &ETagCondition, etag: &str) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(listed) => {
            listed.value().split(',').any(|one| one.trim().trim_start_matches("W/").trim_matches('"') == etag)
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
            assert_eq!(conditions.judge("abc", 100), expected, "{header:?} {since:?}");
        };
        check(("", ""), (0, 0), Verdict::Proceed);
        check(("\"abc\"", ""), (0, 0), Verdict::Proceed);
        check(("abc", ""), (0, 0), Verdict::Proceed);
        check(("*", ""), (0, 0), Verdict::Proceed);
        check(("\"x\"", ""), (0, 0), Verdict::Failed("If-Match"));
        check(("\"abc\"", ""), (0, 99), Verdict::Proceed);
        check(("", ""), (0, 99), Verdict::Failed("If-Unmodified-Since"));
        check(("", ""), (0, 100), Verdict::Proceed);
        check(("", "\"abc\""), (0, 0), Verdict::NotModified);
        check(("", "W/\"abc\""), (0, 0), Verdict::NotModified);
        check(("", "\"x\", \"abc\""), (0, 0), Verdict::NotModified);
        check(("", "*"), (0, 0), Verdict::NotModified);
        check(("", "\"x\""), (100, 0), Verdict::Proceed);
        check(("", ""), (100, 0), Verdict::NotModified);
        check(("", ""), (99, 0), Verdict::Proceed);
    }
}
