//! The conditions of a form's policy.

use s3s::dto::Timestamp;
use s3s::post_policy::{PostPolicy, PostPolicyCondition};

use super::form::FormFields;
use crate::clock::Moment;
use crate::error::ClientError;
use crate::receive::MAX_BYTES;

/// Fields that need no condition.
const EXEMPT: [&str; 3] = ["x-amz-signature", "policy", "file"];

/// The allowed size of a file, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SizeRange {
    pub(crate) min: u64,
    pub(crate) max: u64,
}

/// Checks a form against its policy. Returns the allowed size of its file.
pub(crate) fn check(
    policy: &PostPolicy,
    fields: &FormFields,
    bucket: &str,
    now: Moment,
) -> Result<SizeRange, ClientError> {
    if Timestamp::from(now.system()) >= policy.expiration {
        return Err(denied("Policy expired."));
    }
    let mut size = SizeRange { min: 0, max: MAX_BYTES };
    for condition in &policy.conditions {
        let is_met = match condition {
            PostPolicyCondition::Eq { field, value } => value_of(fields, field, bucket) == Some(value),
            PostPolicyCondition::StartsWith { field, prefix } => {
                value_of(fields, field, bucket).is_some_and(|value| value.starts_with(prefix.as_str()))
                    || prefix.is_empty()
            }
            PostPolicyCondition::ContentLengthRange { min, max } => {
                size = SizeRange { min: size.min.max(*min), max: size.max.min(*max) };
                true
            }
        };
        if !is_met {
            return Err(denied(&format!("Policy Condition failed: {}", text(condition))));
        }
    }
    let is_covered = |name: &str| {
        EXEMPT.contains(&name)
            || name.starts_with("x-ignore-")
            || policy.conditions.iter().any(|condition| field_of(condition) == Some(name))
    };
    match fields.names().find(|name| !is_covered(name)) {
        None => Ok(size),
        Some(name) => Err(denied(&format!("Extra input fields: {name}"))),
    }
}

/// The value of a field. The bucket is in the URL; a field `bucket` must have the same value.
fn value_of<'a>(fields: &'a FormFields, field: &str, bucket: &'a str) -> Option<&'a str> {
    if field != "bucket" {
        return fields.get(field);
    }
    fields.get(field).is_none_or(|given| given == bucket).then_some(bucket)
}

fn field_of(condition: &PostPolicyCondition) -> Option<&str> {
    match condition {
        PostPolicyCondition::Eq { field, .. } | PostPolicyCondition::StartsWith { field, .. } => Some(field),
        PostPolicyCondition::ContentLengthRange { .. } => None,
    }
}

fn text(condition: &PostPolicyCondition) -> String {
    match condition {
        PostPolicyCondition::Eq { field, value } => format!("[\"eq\", \"${field}\", \"{value}\"]"),
        PostPolicyCondition::StartsWith { field, prefix } => {
            format!("[\"starts-with\", \"${field}\", \"{prefix}\"]")
        }
        PostPolicyCondition::ContentLengthRange { min, max } => {
            format!("[\"content-length-range\", {min}, {max}]")
        }
    }
}

fn denied(why: &str) -> ClientError {
    ClientError::AccessDenied(format!("Invalid according to Policy: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_must_meet_every_condition() {
        let policy = PostPolicy::from_json(
            r#"{"expiration": "2026-01-01T00:00:00Z", "conditions": [{"bucket": "b"}, ["eq", "$Key", "a/k"],
               ["starts-with", "$Content-Type", "image/"], ["starts-with", "$x-amz-meta-name", ""],
               ["content-length-range", 1, 10]]}"#,
        )
        .unwrap();
        let before = Moment(1_767_225_599_999);
        let check = |fields: FormFields, bucket: &str, now: Moment, expected: Result<(), &str>| {
            let result = super::check(&policy, &fields, bucket, now);
            match (result, expected) {
                (Ok(size), Ok(())) => assert_eq!(size, SizeRange { min: 1, max: 10 }),
                (Err(ClientError::AccessDenied(sentence)), Err(part)) => {
                    assert!(sentence.contains(part), "{sentence}");
                }
                (result, expected) => panic!("{result:?} instead of {expected:?}"),
            }
        };
        let good = || [("key", "a/k"), ("content-type", "image/png"), ("policy", "x")];
        let with = |index: usize, field: (&'static str, &'static str)| {
            let mut fields = good();
            fields[index] = field;
            FormFields::from(fields)
        };
        check(good().into(), "b", before, Ok(()));
        check(with(2, ("x-amz-meta-name", "n")), "b", before, Ok(()));
        check(with(2, ("x-ignore-me", "n")), "b", before, Ok(()));
        check(with(2, ("bucket", "b")), "b", before, Ok(()));
        check(good().into(), "b", Moment(before.0 + 1), Err("expired"));
        check(good().into(), "c", before, Err("$bucket"));
        check(with(2, ("bucket", "c")), "b", before, Err("$bucket"));
        check(with(0, ("key", "a/l")), "b", before, Err("$key"));
        check(with(0, ("x-ignore-key", "")), "b", before, Err("$key"));
        check(with(1, ("content-type", "text/html")), "b", before, Err("$content-type"));
        check(with(2, ("tagging", "x")), "b", before, Err("Extra input fields: tagging"));
    }
}
