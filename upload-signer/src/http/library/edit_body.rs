//! The body of `PATCH /library/files/<id>`.

use library::edit::{Change, EditChange};
use library::record::FocalPoint;
use serde_json::Value;

use crate::error::{Cause, SignError};
use crate::signing::json_fields::{JsonFields, list, text};

/// Reads the body. A member that is `null` clears the value.
pub(super) fn parse(body: &[u8]) -> Result<EditChange, SignError> {
    let mut fields = JsonFields::parse(body)?;
    let edits = EditChange {
        name: change(&mut fields, "name", text)?,
        folder: change(&mut fields, "folder", text)?,
        tags: change(&mut fields, "tags", texts)?,
        alt: change(&mut fields, "alt", text)?,
        focal_point: change(&mut fields, "focalPoint", focal_point)?,
    };
    fields.reject_unknown()?;
    Ok(edits)
}

fn change<T>(
    fields: &mut JsonFields,
    name: &str,
    read: fn(Value) -> Result<T, Cause>,
) -> Result<Change<T>, SignError> {
    if !fields.has(name) {
        return Ok(Change::Keep);
    }
    Ok(fields.optional(name, read)?.map_or(Change::Clear, Change::Set))
}

fn texts(value: Value) -> Result<Vec<String>, Cause> {
    list(value)?.into_iter().map(text).collect()
}

fn focal_point(value: Value) -> Result<FocalPoint, Cause> {
    serde_json::from_value(value).map_err(|_| Cause::WrongType("an object with the numbers x and y"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_member_stays_and_null_clears() {
        let check =
            |body: &str, expected: EditChange| assert_eq!(parse(body.as_bytes()), Ok(expected), "{body}");
        check("{}", EditChange::default());
        check(r#"{"alt":null}"#, EditChange { alt: Change::Clear, ..EditChange::default() });
        let tags = Change::Set(vec!["a".to_owned()]);
        check(r#"{"tags":["a"]}"#, EditChange { tags, ..EditChange::default() });
        let focal_point = Change::Set(FocalPoint { x: 0.25, y: 1.0 });
        check(r#"{"focalPoint":{"x":0.25,"y":1}}"#, EditChange { focal_point, ..EditChange::default() });
    }

    #[test]
    fn a_wrong_member_is_named() {
        for (body, field) in [
            (r#"{"name":1}"#, "name"),
            (r#"{"tags":"a"}"#, "tags"),
            (r#"{"tags":[1]}"#, "tags"),
            (r#"{"focalPoint":{"x":1}}"#, "focalPoint"),
            (r#"{"size":1}"#, "size"),
        ] {
            assert_eq!(parse(body.as_bytes()).unwrap_err().field.as_deref(), Some(field), "{body}");
        }
        assert!(parse(b"[]").is_err());
    }
}
