//! Uppy's description of a file in a query or body: name, type and metadata. Uppy sends no size.

use serde_json::{Map, Value};

use crate::error::{Cause, SignError};
use crate::signing::declared_type::DeclaredType;
use crate::signing::metadata::Metadata;
use crate::signing::request::{UploadMethod, UploadRequest, Visibility};

/// Parses a query `filename&type&metadata[name]…`.
pub(super) fn from_query(query: Vec<(String, String)>) -> Result<UploadRequest, SignError> {
    let (mut file_name, mut media_type, mut metadata) = (None, None, Map::new());
    for (name, value) in query {
        match name.as_str() {
            "filename" => file_name = Some(value),
            "type" => media_type = Some(value),
            _ => {
                let key = name.strip_prefix("metadata[").and_then(|rest| rest.strip_suffix(']'));
                if let Some(key) = key {
                    metadata.insert(key.to_owned(), Value::String(value));
                }
            }
        }
    }
    request(file_name, media_type.as_deref(), metadata)
}

/// Parses a body `{"filename","type","metadata"}`. Other members, which some versions send, are ignored.
pub(super) fn from_body(body: &[u8]) -> Result<UploadRequest, SignError> {
    let value: Value =
        serde_json::from_slice(body).map_err(|error| SignError::whole(Cause::NotJson(error.to_string())))?;
    let Value::Object(mut members) = value else {
        return Err(SignError::whole(Cause::WrongType("a JSON object")));
    };
    let metadata = match members.remove("metadata") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(entries)) => entries,
        Some(_) => return Err(SignError::at("metadata", Cause::WrongType("a JSON object"))),
    };
    let file_name = text(&mut members, "filename")?;
    let media_type = text(&mut members, "type")?;
    request(file_name, media_type.as_deref(), metadata)
}

fn text(members: &mut Map<String, Value>, name: &str) -> Result<Option<String>, SignError> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(SignError::at(name, Cause::WrongType("a text"))),
    }
}

fn request(
    file_name: Option<String>,
    media_type: Option<&str>,
    metadata: Map<String, Value>,
) -> Result<UploadRequest, SignError> {
    let media_type = media_type.ok_or_else(|| SignError::at("type", Cause::Missing))?;
    Ok(UploadRequest {
        file_name: file_name.ok_or_else(|| SignError::at("filename", Cause::Missing))?,
        declared_type: DeclaredType::parse(media_type).map_err(|cause| SignError::at("type", cause))?,
        bytes: None,
        sha256: None,
        visibility: Visibility::default(),
        metadata: Metadata::encode(metadata).map_err(|error| error.within("metadata"))?,
        method: UploadMethod::Post,
        owner: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn query_and_body_describe_a_file_in_the_same_way() {
        let query = from_query(pairs(&[
            ("filename", "é +%.png"),
            ("type", "image/png"),
            ("metadata[name]", "é +%.png"),
            ("metadata[relativePath]", "null"),
            ("uppyVersions", "ignored"),
        ]));
        let body = r#"{"filename":"é +%.png","type":"image/png","metadata":{"name":"é +%.png","relativePath":null},"x":1}"#;
        let query = query.unwrap();
        assert_eq!(from_body(body.as_bytes()).unwrap(), query);
        assert_eq!(query.file_name, "é +%.png");
        assert_eq!(query.metadata.entries().count(), 1);
    }

    #[test]
    fn a_missing_or_malformed_field_is_named() {
        let check = |body: &str, field: Option<&str>| {
            assert_eq!(from_body(body.as_bytes()).unwrap_err().field.as_deref(), field, "{body}");
        };
        check("", None);
        check("[]", None);
        check(r#"{"type":"image/png"}"#, Some("filename"));
        check(r#"{"filename":"a"}"#, Some("type"));
        check(r#"{"filename":"a","type":"png"}"#, Some("type"));
        check(r#"{"filename":5,"type":"image/png"}"#, Some("filename"));
        check(r#"{"filename":"a","type":"image/png","metadata":[]}"#, Some("metadata"));
        check(r#"{"filename":"a","type":"image/png","metadata":{"a b":"c"}}"#, Some("metadata.a b"));
        assert_eq!(from_query(pairs(&[("filename", "a")])).unwrap_err().field.as_deref(), Some("type"));
    }
}
