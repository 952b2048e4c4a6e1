//! User metadata: short texts that S3 stores with an object and returns as `x-amz-meta-…` headers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::error::{Cause, SignError};

/// The longest name in bytes.
const MAX_NAME_BYTES: usize = 64;

/// The longest value in bytes.
const MAX_VALUE_BYTES: usize = 1024;

/// The name under which the CDN reads the tags of a file, by which it is invalidated. Uploaders don't choose them.
const CACHE_TAG: &str = "cache-tag";

/// The maximum number of entries. Each is a header, and S3 accepts 8 KB of headers.
const MAX_ENTRIES: usize = 50;

/// Metadata with names in lower case, as S3 stores them, and values of printable ASCII.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// The metadata in a JSON object, or an error that names the entry. A value with other characters than ASCII is an
    /// error, because the APIs of S3 return such values in different encodings.
    pub fn parse(entries: Map<String, Value>) -> Result<Self, SignError> {
        if entries.len() > MAX_ENTRIES {
            return Err(SignError::whole(Cause::Invalid("at most 50 entries are allowed")));
        }
        let mut metadata = BTreeMap::new();
        for (field, value) in entries {
            let name = name(&field).map_err(|cause| SignError::at(&field, cause))?;
            let value = text(value).map_err(|cause| SignError::at(&field, cause))?;
            if metadata.insert(name, value).is_some() {
                let cause =
                    Cause::Invalid("the same name is given twice, with different upper and lower case");
                return Err(SignError::at(field, cause));
            }
        }
        Ok(Self(metadata))
    }

    /// The metadata that an upload client sends with a file, such as its name. Values that aren't ASCII are encoded
    /// (RFC 2047); S3's console and clients decode them. Entries that are empty, `null` or the text `null` are
    /// dropped.
    pub fn encode(entries: Map<String, Value>) -> Result<Self, SignError> {
        let encoded = entries.into_iter().filter_map(|(name, value)| Some((name, encoded_value(value)?)));
        let mut metadata = BTreeMap::new();
        for (field, value) in encoded {
            metadata.insert(name(&field).map_err(|cause| SignError::at(&field, cause))?, value);
        }
        if metadata.len() > MAX_ENTRIES {
            return Err(SignError::whole(Cause::Invalid("at most 50 entries are allowed")));
        }
        Ok(Self(metadata))
    }

    /// The names and values, sorted by name.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The entries as headers or form fields, sorted by name.
    pub fn headers(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(|(name, value)| (format!("x-amz-meta-{name}"), value.clone()))
    }

    /// The size that S3 limits, in bytes of names and values together.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.len()).sum()
    }
}

/// A value in the form that a header can carry; `None` for an empty value.
fn encoded_value(value: Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text,
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    };
    // JavaScript writes missing values into a query in this way.
    if matches!(text.as_str(), "" | "null" | "undefined") {
        return None;
    }
    let is_plain = text.bytes().all(|b| matches!(b, b' '..=b'~'))
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("=?");
    Some(if is_plain { text } else { format!("=?UTF-8?B?{}?=", STANDARD.encode(text)) })
}

fn name(field: &str) -> Result<String, Cause> {
    let is_token = field.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
    if field.is_empty() || field.len() > MAX_NAME_BYTES || !is_token {
        return Err(Cause::Invalid("a name has 1 to 64 letters, digits and characters of !#$%&'*+-.^_`|~"));
    }
    let name = field.to_ascii_lowercase();
    if name == CACHE_TAG {
        return Err(Cause::Invalid("this name is reserved: the CDN reads its cache tags from it"));
    }
    Ok(name)
}

fn text(value: Value) -> Result<String, Cause> {
    let Value::String(text) = value else {
        return Err(Cause::WrongType("a text"));
    };
    if !text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Err(Cause::Invalid("a value has only printable ASCII characters: it becomes an HTTP header"));
    }
    if text.is_empty() || text.len() > MAX_VALUE_BYTES {
        return Err(Cause::Invalid("a value has 1 to 1024 characters"));
    }
    // HTTP drops these spaces, so a signature over them would never match.
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
    fn an_entry_that_no_header_can_carry_is_an_error_at_its_name() {
        let check = |json: &str, expected: &str| {
            let error = read(json).unwrap_err();
            assert!(error.starts_with(expected), "{json}: {error}");
        };
        check(r#"{"caption":"Zoë"}"#, "caption: a value has only printable");
        check(r#"{"caption":"a\r\nx-evil: 1"}"#, "caption: a value has only printable");
        check(r#"{"caption":" a"}"#, "caption: a value doesn't begin");
        check(r#"{"caption":"a "}"#, "caption: a value doesn't begin");
        check(r#"{"caption":""}"#, "caption: a value has 1 to");
        check(r#"{"caption":7}"#, "caption: it must be a text");
        check(r#"{"caption":null}"#, "caption: it must be a text");
        check(r#"{"a b":"c"}"#, "a b: a name has");
        check(r#"{"":"c"}"#, ": a name has");
        check(r#"{"é":"c"}"#, "é: a name has");
        check(r#"{"A":"1","a":"2"}"#, "a: the same name");
        check(r#"{"Cache-Tag":"other-file"}"#, "Cache-Tag: this name is reserved");
    }

    #[test]
    fn values_are_encoded_for_headers_and_empty_values_dropped() {
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
        let reserved = serde_json::from_str(r#"{"cache-tag":"other-file"}"#).unwrap();
        assert!(
            Metadata::encode(reserved)
                .unwrap_err()
                .to_string()
                .starts_with("cache-tag: this name is reserved")
        );
    }

    #[test]
    fn fifty_entries_are_accepted_and_fifty_one_are_not() {
        let json = |count: usize| {
            serde_json::json!((0..count).map(|i| (i.to_string(), "v")).collect::<BTreeMap<_, _>>())
        };
        assert_eq!(read(&json(50).to_string()).unwrap().len(), 50);
        assert_eq!(read(&json(51).to_string()).unwrap_err(), "at most 50 entries are allowed");
    }

    #[test]
    fn the_longest_name_and_value_are_accepted_and_one_byte_more_is_not() {
        let json =
            |name: usize, value: usize| format!(r#"{{"{}":"{}"}}"#, "n".repeat(name), "v".repeat(value));
        assert!(read(&json(64, 1024)).is_ok());
        assert!(read(&json(65, 1024)).is_err());
        assert!(read(&json(64, 1025)).is_err());
    }
}
