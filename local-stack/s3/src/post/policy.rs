//! The conditions of a form's policy.

use s3s::dto::Timestamp;
use s3s::post_policy::{PostPolicy, PostPolicyCondition};

use super::form::Fields;
use crate::clock::Moment;
use crate::error::Refusal;
use crate::receive::MOST_BYTES;

/// Fields that need no condition.
const FREE: [&str; 3] = ["x-amz-signature", "policy", "file"];

/// How large a file may be, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) least: u64,
    pub(crate) most: u64,
}

/// Refuses a form that its policy doesn't allow.
pub(crate) fn check(
    policy: &PostPolicy,
    fields: &Fields,
    bucket: &str,
    now: Moment,
) -> Result<Size, Refusal> {
    if Timestamp::from(now.system()) >= policy.expiration {
        return Err(denied("Policy expired."));
    }
    let mut size = Size { least: 0, most: MOST_BYTES };
    for condition in &policy.conditions {
        let is_met = match condition {
            PostPolicyCondition::Eq { field, value } => value_of(fields, field, bucket) == Some(value),
            PostPolicyCondition::StartsWith { field, prefix } => {
                value_of(fields, field, bucket).is_some_and(|value| value.starts_with(prefix.as_str()))
                    || prefix.is_empty()
            }
            PostPolicyCondition::ContentLengthRange { min, max } => {
                size = Size { least: size.least.max(*min), most: size.most.min(*max) };
                true
            }
        };
        if !is_met {
            return Err(denied(&format!("Policy Condition failed: {}", text(condition))));
        }
    }
    let is_covered = |name: &str| {
        FREE.contains(&name)
            || name.starts_with("x-ignore-")
            || policy.conditions.iter().any(|condition| field_of(condition) == Some(name))
    };
    match fields.names().find(|name| !is_covered(name)) {
        None => Ok(size),
        Some(name) => Err(denied(&format!("Extra input fields: {name}"))),
    }
}

/// The bucket is in the URL; a field of its name has to agree.
fn value_of<'a>(fields: &'a Fields, field: &str, bucket: &'a str) -> Option<&'a str> {
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

fn denied(why: &str) -> Refusal {
    Refusal::AccessDenied(format!("Invalid according to Policy: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_held_to_every_condition() {
        let policy = PostPolicy::from_json(
            r#"{"expiration": "2026-01-01T00:00:00Z", "conditions": [{"bucket": "b"}, ["eq", "$Key", "a/k"],
               ["starts-with", "$Content-Type", "image/"], ["starts-with", "$x-amz-meta-name", ""],
               ["content-length-range", 1, 10]]}"#,
        )
        .unwrap();
        let before = Moment(1_767_225_599_999);
        let check = |fields: Fields, bucket: &str, now: Moment, expected: Result<(), &str>| {
            let result = super::check(&policy, &fields, bucket, now);
            match (result, expected) {
                (Ok(size), Ok(())) => assert_eq!(size, Size { least: 1, most: 10 }),
                (Err(Refusal::AccessDenied(sentence)), Err(part)) => {
                    assert!(sentence.contains(part), "{sentence}");
                }
                (result, expected) => panic!("{result:?} instead of {expected:?}"),
            }
        };
        let good = || [("key", "a/k"), ("content-type", "image/png"), ("policy", "x")];
        let with = |index: usize, field: (&'static str, &'static str)| {
            let mut fields = good();
            fields[index] = field;
            Fields::from(fields)
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
