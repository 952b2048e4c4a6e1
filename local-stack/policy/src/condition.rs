//! Conditions of statements.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use serde_json::Value;

use crate::context::{Context, Key};
use crate::error::PolicyError;
use crate::pattern::{matches, matches_arn};

/// A condition: a key, and the values with which an operator compares it.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    key: Key,
    comparison: Comparison,
    /// `true` if the condition holds when no value matches. It then also holds when the key is missing.
    is_negated: bool,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Equal,
    Like,
    Arn,
    Bool,
    Less,
}

/// Reads the element `Condition`. All conditions must hold.
pub(crate) fn parse(element: &Value) -> Result<Vec<Condition>, PolicyError> {
    let malformed = || PolicyError::Malformed("an object of operators", element.to_string());
    let mut conditions = Vec::new();
    for (operator, keys) in element.as_object().ok_or_else(malformed)? {
        let (comparison, is_negated) = comparison(operator)?;
        for (name, values) in keys.as_object().ok_or_else(malformed)? {
            let key = Key::parse(name)?;
            let values = values.as_array().map_or(std::slice::from_ref(values), Vec::as_slice);
            let values = values.iter().map(|value| text(value, comparison)).collect::<Result<_, _>>()?;
            conditions.push(Condition { key, comparison, is_negated, values });
        }
    }
    Ok(conditions)
}

fn comparison(operator: &str) -> Result<(Comparison, bool), PolicyError> {
    match operator {
        "StringEquals" => Ok((Comparison::Equal, false)),
        "StringNotEquals" => Ok((Comparison::Equal, true)),
        "StringLike" => Ok((Comparison::Like, false)),
        "StringNotLike" => Ok((Comparison::Like, true)),
        "ArnEquals" | "ArnLike" => Ok((Comparison::Arn, false)),
        "ArnNotEquals" | "ArnNotLike" => Ok((Comparison::Arn, true)),
        "Bool" => Ok((Comparison::Bool, false)),
        "NumericLessThan" => Ok((Comparison::Less, false)),
        _ => Err(PolicyError::Unknown("condition operator", operator.to_owned())),
    }
}

fn text(value: &Value, comparison: Comparison) -> Result<String, PolicyError> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            return Err(PolicyError::Malformed("a value of a condition", value.to_string()));
        }
    };
    if text.contains("${") {
        return Err(PolicyError::Unknown("policy variable", text));
    }
    let is_valid = match comparison {
        Comparison::Equal | Comparison::Like => true,
        Comparison::Arn => text.starts_with("arn:"),
        Comparison::Bool => matches!(text.as_str(), "true" | "false"),
        Comparison::Less => text.parse::<f64>().is_ok(),
    };
    is_valid
        .then_some(text)
        .ok_or_else(|| PolicyError::Malformed("a value of the operator's type", value.to_string()))
}

impl Condition {
    /// `true` if the condition holds.
    pub(crate) fn holds(&self, context: &Context) -> bool {
        let is_match = |given: &str| self.values.iter().any(|value| self.comparison.is_match(value, given));
        context.get(&self.key).is_some_and(is_match) != self.is_negated
    }
}

impl Comparison {
    fn is_match(self, value: &str, given: &str) -> bool {
        match self {
            Self::Equal => value == given,
            Self::Like => matches(value, given),
            Self::Arn => matches_arn(value, given),
            Self::Bool => value.eq_ignore_ascii_case(given),
            Self::Less => {
                let numbers = given.parse::<f64>().ok().zip(value.parse::<f64>().ok());
                numbers.is_some_and(|(given, value)| given < value)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_condition_compares_the_value_of_its_key() {
        let tag = |value: &str| Context::default().with(Key::ExistingObjectTag("state".to_owned()), value);
        let source = |arn: &str| Context::default().with(Key::SourceArn, arn);
        let none = Context::default;
        let (clean, missing) = (json!({ "s3:ExistingObjectTag/state": "clean" }), none());
        let distribution = json!({ "AWS:sourceArn": "arn:aws:cloudfront::1:distribution/*" });
        for (operator, keys, context, expected) in [
            ("StringEquals", &clean, tag("clean"), true),
            ("StringEquals", &clean, tag("Clean"), false),
            ("StringEquals", &clean, missing.clone(), false),
            ("StringNotEquals", &clean, tag("clean"), false),
            ("StringNotEquals", &clean, tag("pending"), true),
            // "Negated matching conditions": a missing key matches.
            ("StringNotEquals", &clean, missing.clone(), true),
            ("StringNotEquals", &json!({ "s3:ExistingObjectTag/state": ["a", "b"] }), tag("b"), false),
            ("StringEquals", &json!({ "s3:ExistingObjectTag/state": ["a", "b"] }), tag("b"), true),
            // Operators without Like have no wildcards.
            ("StringEquals", &json!({ "s3:ExistingObjectTag/state": "c*" }), tag("clean"), false),
            ("StringLike", &json!({ "s3:ExistingObjectTag/state": "c*" }), tag("clean"), true),
            ("StringNotLike", &json!({ "s3:ExistingObjectTag/state": "c*" }), tag("clean"), false),
            // Another tag, and a tag in another case.
            ("StringEquals", &json!({ "s3:ExistingObjectTag/State": "clean" }), tag("clean"), false),
            ("ArnLike", &distribution, source("arn:aws:cloudfront::1:distribution/E1"), true),
            ("ArnEquals", &distribution, source("arn:aws:cloudfront::1:distribution/E1"), true),
            ("ArnEquals", &distribution, source("arn:aws:cloudfront::2:distribution/E1"), false),
            ("ArnNotLike", &distribution, none(), true),
            ("Bool", &json!({ "aws:SecureTransport": "false" }), Context::over_tls(), false),
            ("Bool", &json!({ "aws:SecureTransport": true }), Context::over_tls(), true),
            ("Bool", &json!({ "aws:SecureTransport": "false" }), none(), false),
            ("NumericLessThan", &json!({ "s3:TlsVersion": 1.2 }), Context::over_tls(), false),
            ("NumericLessThan", &json!({ "s3:TlsVersion": 1.2 }), none().with(Key::TlsVersion, "1.1"), true),
            ("NumericLessThan", &json!({ "s3:TlsVersion": 1.2 }), none().with(Key::TlsVersion, "1.2"), false),
        ] {
            let conditions = parse(&json!({ operator: keys })).unwrap();
            let holds = conditions.iter().all(|condition| condition.holds(&context));
            assert_eq!(holds, expected, "{operator} {keys} {context:?}");
        }
    }

    #[test]
    fn a_condition_that_is_not_known_is_an_error() {
        for (element, expected) in [
            (
                json!({ "StringEqualsIfExists": { "s3:prefix": "a" } }),
                "condition operator StringEqualsIfExists",
            ),
            (json!({ "ForAnyValue:StringEquals": { "s3:prefix": "a" } }), "condition operator ForAnyValue"),
            (json!({ "StringEquals": { "aws:username": "a" } }), "condition key aws:username"),
            (json!({ "StringEquals": { "s3:prefix/a": "a" } }), "condition key s3:prefix/a"),
            (json!({ "StringLike": { "s3:prefix": "${aws:username}/*" } }), "policy variable"),
            (json!({ "StringLike": { "s3:prefix": { "Ref": "a" } } }), "a value of a condition"),
            (json!({ "NumericLessThan": { "s3:TlsVersion": "new" } }), "a value of the operator's type"),
            (json!({ "Bool": { "aws:SecureTransport": "no" } }), "a value of the operator's type"),
            (json!({ "ArnLike": { "aws:SourceArn": "*" } }), "a value of the operator's type"),
            (json!({ "Bool": "aws:SecureTransport" }), "an object of operators"),
            (json!([]), "an object of operators"),
        ] {
            let error = parse(&element).unwrap_err().to_string();
            assert!(error.contains(expected), "{element}: {error}");
        }
    }
}
