//! User metadata: short texts that S3 keeps with the object and serves as `x-amz-meta-…` headers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::error::{Cause, SignError};

/// The longest name, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// The longest value, in bytes.
const MAX_VALUE_BYTES: usize = 1024;

/// The most entries. Each is a header, and S3 takes only 8 KB of headers.
const MAX_ENTRIES: usize = 50;

/// Names in lower case, as S3 keeps them, and values of printable ASCII.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// The metadata of a JSON object, or an error that names the entry. Values are not encoded in any way: what
    /// isn't ASCII is refused, for S3 and its clients read it back differently by API.
    pub fn parse(entries: Map<String, Value>) -> Result<Self, SignError> {
        if entries.len() > MAX_ENTRIES {
            return Err(SignError::whole(Cause::Invalid("at most 50 entries are taken")));
        }
        let mut metadata = BTreeMap::new();
        for (given, value) in entries {
            let name = name(&given).map_err(|cause| SignError::at(&given, cause))?;
            let value = text(value).map_err(|cause| SignError::at(&given, cause))?;
            if metadata.insert(name, value).is_some() {
                let cause = Cause::Invalid("the same name is given twice, in other cases of letters");
                return Err(SignError::at(given, cause));
            }
        }
        Ok(Self(metadata))
    }

    /// The metadata that a client describes a file with, such as its name. What isn't ASCII is encoded (RFC 2047),
    /// which S3's own console and clients decode; entries without a value, `null` or the text `null` among them,
    /// are left out.
    pub fn encode(entries: Map<String, Value>) -> Result<Self, SignError> {
        let described = entries.into_iter().filter_map(|(name, value)| Some((name, description(value)?)));
        let mut metadata = BTreeMap::new();
        for (given, value) in described {
            metadata.insert(name(&given).map_err(|cause| SignError::at(&given, cause))?, value);
        }
        if metadata.len() > MAX_ENTRIES {
            return Err(SignError::whole(Cause::Invalid("at most 50 entries are taken")));
        }
        Ok(Self(metadata))
    }

    /// Each name and its value, by name.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The header or form field of each entry, by name.
    pub fn headers(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(|(name, value)| (format!("x-amz-meta-{name}"), value.clone()))
    }

    /// The size that S3 limits: names and values together, in bytes.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.len()).sum()
    }
}

/// A value as a header can carry it; none where there is nothing to carry.
fn description(value: Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text,
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    };
    // JavaScript's spelling of what isn't there, in a query.
    if matches!(text.as_str(), "" | "null" | "undefined") {
        return None;
    }
    let is_plain = text.bytes().all(|b| matches!(b, b' '..=b'~'))
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("=?");
    Some(if is_plain { text } else { format!("=?UTF-8?B?{}?=", STANDARD.encode(text)) })
}

fn name(given: &str) -> Result<String, Cause> {
    let is_token = given.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
    if given.is_empty() || given.len() > MAX_NAME_BYTES || !is_token {
        return Err(Cause::Invalid("a name has 1 to 64 letters, digits and characters of !#$%&'*+-.^_`|~"));
    }
    Ok(given.to_ascii_lowercase())
}

fn text(value: Value) -> Result<String, Cause> {
    let Value::String(text) = value else {
        return Err(Cause::WrongType("a text"));
    };
    if !text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Err(Cause::Invalid(
            "a value has printable ASCII characters alone: it becomes an HTTP header",
        ));
    }
    if text.is_empty() || text.len() > MAX_VALUE_BYTES {
        return Err(Cause::Invalid("a value has 1 to 1024 characters"));
    }
    // HTTP drops these spaces, so that a value signed with them would never match.
    if text.starts_with(' ') || text.ends_with(' ') {
        return Err(Cause::Invalid("a value doesn't begin or end with a space"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Vec<(String, String)>, String> {
        let entries = serde_json::from_str(json).unwrap();
        Metadata::parse(entries).map(|data| data.headers().collect()).map_err(|e| e.to_string())
    }

    #[test]
    fn entries_become_headers_in_lower_case_and_in_order() {
        let headers = read(r#"{"Caption":"A  cat & a dog","album":"7"}"#).unwrap();
        let expected = [("x-amz-meta-album", "7"), ("x-amz-meta-caption", "A  cat & a dog")];
        assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn an_entry_that_no_header_can_carry_is_refused_by_name() {
        let check = |json: &str, expected: &str| {
            let error = read(json).unwrap_err();
            assert!(error.starts_with(expected), "{json}: {error}");
        };
        check(r#"{"caption":"Zoë"}"#, "caption: a value has printable");
        check(r#"{"caption":"a\r\nx-evil: 1"}"#, "caption: a value has printable");
        check(r#"{"caption":" a"}"#, "caption: a value doesn't begin");
        check(r#"{"caption":"a "}"#, "caption: a value doesn't begin");
        check(r#"{"caption":""}"#, "caption: a value has 1 to");
        check(r#"{"caption":7}"#, "caption: it must be a text");
        check(r#"{"caption":null}"#, "caption: it must be a text");
        check(r#"{"a b":"c"}"#, "a b: a name has");
        check(r#"{"":"c"}"#, ": a name has");
        check(r#"{"é":"c"}"#, "é: a name has");
        check(r#"{"A":"1","a":"2"}"#, "a: the same name");
    }

    #[test]
    fn a_description_is_encoded_where_a_header_needs_it_and_left_out_where_it_is_none() {
        let check = |json: &str, expected: &[(&str, &str)]| {
            let metadata = Metadata::encode(serde_json::from_str(json).unwrap()).unwrap();
            assert_eq!(metadata.entries().collect::<Vec<_>>(), expected, "{json}");
        };
        check(r#"{"name":"a b+c%d$$.png","n":5}"#, &[("n", "5"), ("name", "a b+c%d$$.png")]);
        check(r#"{"name":"é😀.png"}"#, &[("name", "=?UTF-8?B?w6nwn5iALnBuZw==?=")]);
        check(r#"{"name":" a"}"#, &[("name", "=?UTF-8?B?IGE=?=")]);
        check(r#"{"name":"a\r\nx-evil: 1"}"#, &[("name", "=?UTF-8?B?YQ0KeC1ldmlsOiAx?=")]);
        check(r#"{"a":"=?UTF-8?B?IGE=?="}"#, &[("a", "=?UTF-8?B?PT9VVEYtOD9CP0lHRT0/PQ==?=")]);
        check(r#"{"relativePath":null,"a":"null","b":"","c":"undefined"}"#, &[]);
        let bad = serde_json::from_str(r#"{"a b":"c"}"#).unwrap();
        assert!(Metadata::encode(bad).unwrap_err().to_string().starts_with("a b: a name has"));
    }

    #[test]
    fn fifty_entries_pass_and_one_more_does_not() {
        let json = |count: usize| {
            serde_json::json!((0..count).map(|i| (i.to_string(), "v")).collect::<BTreeMap<_, _>>())
        };
        assert_eq!(read(&json(50).to_string()).unwrap().len(), 50);
        assert_eq!(read(&json(51).to_string()).unwrap_err(), "at most 50 entries are taken");
    }

    #[test]
    fn the_longest_name_and_value_pass_and_one_byte_more_does_not() {
        let json =
            |name: usize, value: usize| format!(r#"{{"{}":"{}"}}"#, "n".repeat(name), "v".repeat(value));
        assert!(read(&json(64, 1024)).is_ok());
        assert!(read(&json(65, 1024)).is_err());
        assert!(read(&json(64, 1025)).is_err());
    }
}
