//! Event patterns: which events a rule matches.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html>

use serde_json::{Map, Value};
use wildmatch::WildMatchPattern;

/// A pattern for events.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern(Vec<(String, Condition)>);

/// The condition for one member of an object.
#[derive(Clone, Debug, PartialEq)]
enum Condition {
    /// The member is an object that matches.
    Object(Pattern),
    /// The member, or one element of it if it is an array, passes one of these filters.
    AnyOf(Vec<Filter>),
}

#[derive(Clone, Debug, PartialEq)]
enum Filter {
    Equals(Value),
    Prefix(String),
    Wildcard(Wildcard),
}

/// A text in which `*` stands for any characters. A `?` is an ordinary character.
type Wildcard = WildMatchPattern<'*', '\0'>;

/// The maximum complexity of a member's wildcards. EventBridge refuses a pattern if more than ten beginnings of wildcards can
/// match the same text at once ("Rule is too complex"; <https://github.com/aws/event-ruler>, `MachineComplexityEvaluator`).
const MAX_COMPLEXITY: usize = 10;

/// An upper bound of the complexity: one for each star, and one more.
fn complexity(filters: &[Filter]) -> usize {
    let of = |filter: &Filter| match filter {
        Filter::Wildcard(wildcard) => {
            wildcard.pattern_chars().iter().filter(|char| **char == '*').count() + 1
        }
        Filter::Equals(_) | Filter::Prefix(_) => 0,
    };
    filters.iter().map(of).sum()
}

/// The reason why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the event pattern can't be used: {path}: {reason}")]
pub struct PatternError {
    /// The member of the pattern, such as `detail.bucket.name`.
    path: String,
    /// The rule that the pattern breaks.
    reason: &'static str,
}

impl Pattern {
    /// Reads a pattern in EventBridge's format, such as `{"source": ["aws.s3"]}`. Fails if it uses a filter other than
    /// exact values, `prefix` and `wildcard`.
    pub fn new(document: &Value) -> Result<Self, PatternError> {
        let error = || PatternError { path: ".".to_owned(), reason: "a pattern is an object" };
        Self::read(document.as_object().ok_or_else(error)?, "")
    }

    /// `true` if an event matches: every member of the pattern must match the member of the event with the same name.
    pub fn matches(&self, event: &Value) -> bool {
        self.0.iter().all(|(name, condition)| {
            event.get(name).is_some_and(|member| match condition {
                Condition::Object(pattern) => pattern.matches(member),
                Condition::AnyOf(filters) => member.as_array().map_or_else(
                    || passes_any(filters, member),
                    |elements| elements.iter().any(|element| passes_any(filters, element)),
                ),
            })
        })
    }

    fn read(members: &Map<String, Value>, parent: &str) -> Result<Self, PatternError> {
        let condition = |(name, value): (&String, &Value)| {
            let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
            let condition = if let Some(members) = value.as_object() {
                Condition::Object(Self::read(members, &path)?)
            } else if let Some(filters) = value.as_array().filter(|filters| !filters.is_empty()) {
                let filters = filters.iter().map(|filter| Filter::read(filter, &path));
                let filters: Vec<Filter> = filters.collect::<Result<_, _>>()?;
                if complexity(&filters) > MAX_COMPLEXITY {
                    return Err(PatternError { path, reason: "the wildcards are too complex; use fewer" });
                }
                Condition::AnyOf(filters)
            } else {
                return Err(PatternError { path, reason: "an object or a list of filters is needed" });
            };
            Ok((name.clone(), condition))
        };
        if members.is_empty() {
            return Err(PatternError {
                path: parent.to_owned(),
                reason: "an object without members matches nothing",
            });
        }
        members.iter().map(condition).collect::<Result<_, _>>().map(Self)
    }
}

impl Filter {
    fn read(filter: &Value, path: &str) -> Result<Self, PatternError> {
        let error = || PatternError {
            path: path.to_owned(),
            reason: "only exact values, prefixes and wildcards are supported",
        };
        match filter {
            Value::Object(members) if members.len() == 1 => {
                match (members.get("prefix"), members.get("wildcard")) {
                    (Some(Value::String(prefix)), None) => Ok(Self::Prefix(prefix.clone())),
                    (None, Some(Value::String(text))) => Ok(Self::Wildcard(Wildcard::new(text))),
                    _ => Err(error()),
                }
            }
            Value::Object(_) | Value::Array(_) => Err(error()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                Ok(Self::Equals(filter.clone()))
            }
        }
    }
}

fn passes_any(filters: &[Filter], value: &Value) -> bool {
    filters.iter().any(|filter| match filter {
        Filter::Equals(expected) => value == expected,
        Filter::Prefix(prefix) => value.as_str().is_some_and(|text| text.starts_with(prefix)),
        Filter::Wildcard(wildcard) => value.as_str().is_some_and(|text| wildcard.matches(text)),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_matches_if_every_member_of_the_pattern_does() {
        let event = json!({
            "source": "aws.s3",
            "detail-type": "Object Created",
            "resources": ["arn:aws:s3:::originals", "arn:aws:s3:::others"],
            "detail": { "bucket": { "name": "originals" }, "object": { "key": "files/1/a.jpg", "size": 3 } },
        });
        let check = |pattern: Value, expected: bool| {
            assert_eq!(Pattern::new(&pattern).unwrap().matches(&event), expected, "{pattern}");
        };
        check(json!({ "source": ["aws.s3"] }), true);
        check(json!({ "source": ["aws.mediaconvert"] }), false);
        check(json!({ "source": ["aws.s3"], "detail-type": ["Object Deleted", "Object Created"] }), true);
        check(json!({ "source": ["aws.s3"], "detail-type": ["Object Deleted"] }), false);
        check(json!({ "detail": { "bucket": { "name": ["originals"] } } }), true);
        check(json!({ "detail": { "bucket": { "name": ["variants"] } } }), false);
        check(
            json!({ "detail": { "object": { "key": [{ "prefix": "private/" }, { "prefix": "files/" }] } } }),
            true,
        );
        check(json!({ "detail": { "object": { "key": [{ "prefix": "videos/" }] } } }), false);
        let key = |wildcard: &str| json!({ "detail": { "object": { "key": [{ "wildcard": wildcard }] } } });
        for wildcard in ["files/*/a.jpg", "*.jpg", "files/*", "*", "f*l*s/*/*.jpg", "files/1/a.jpg"] {
            check(key(wildcard), true);
        }
        for wildcard in [
            "files/*/b.jpg",
            "*.png",
            "videos/*",
            "files/1/a.jpg/*",
            "files/1/a.jp",
            "*/1/1/*",
            "files/?/a.jpg",
        ] {
            check(key(wildcard), false);
        }
        check(json!({ "detail": { "object": { "size": [3] } } }), true);
        check(json!({ "detail": { "object": { "size": ["3"] } } }), false);
        check(json!({ "detail": { "object": { "size": [{ "prefix": "3" }] } } }), false);
        check(json!({ "resources": ["arn:aws:s3:::others"] }), true);
        check(json!({ "detail": { "reason": ["PutObject"] } }), false);
        check(json!({ "source": { "name": ["aws.s3"] } }), false);
    }

    #[test]
    fn a_pattern_with_an_unsupported_filter_is_refused() {
        let check = |pattern: Value, expected: &str| {
            let error = Pattern::new(&pattern).unwrap_err().to_string();
            assert_eq!(error, format!("the event pattern can't be used: {expected}"), "{pattern}");
        };
        check(json!([]), ".: a pattern is an object");
        check(json!({ "source": "aws.s3" }), "source: an object or a list of filters is needed");
        check(json!({ "source": [] }), "source: an object or a list of filters is needed");
        check(json!({ "detail": {} }), "detail: an object without members matches nothing");
        let unsupported = "detail.size: only exact values, prefixes and wildcards are supported";
        check(json!({ "detail": { "size": [{ "numeric": ["<", 5] }] } }), unsupported);
        check(json!({ "detail": { "size": [{ "prefix": 5 }] } }), unsupported);
        check(json!({ "detail": { "size": [[5]] } }), unsupported);
        let wildcards = |count: usize| vec![json!({ "wildcard": "files/*.mp4" }); count];
        assert!(Pattern::new(&json!({ "key": wildcards(5) })).is_ok());
        check(json!({ "key": wildcards(6) }), "key: the wildcards are too complex; use fewer");
    }
}
