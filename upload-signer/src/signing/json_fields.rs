//! The fields of a JSON object, read one by one so that an error names the field.

use serde_json::{Map, Value};

use crate::error::{Cause, SignError};

/// The fields of an object that are not yet read.
pub(crate) struct JsonFields(Map<String, Value>);

impl JsonFields {
    /// The fields of a JSON text.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, SignError> {
        let value = serde_json::from_slice(json)
            .map_err(|error| SignError::whole(Cause::NotJson(error.to_string())))?;
        Self::of(value).map_err(SignError::whole)
    }

    pub(crate) fn of(value: Value) -> Result<Self, Cause> {
        object(value).map(Self)
    }

    pub(crate) fn required<T>(
        &mut self,
        name: &str,
        read: fn(Value) -> Result<T, Cause>,
    ) -> Result<T, SignError> {
        let value = self.0.remove(name).ok_or(Cause::Missing);
        value.and_then(read).map_err(|cause| SignError::at(name, cause))
    }

    /// A field that may be left out or be `null`.
    pub(crate) fn optional<T>(
        &mut self,
        name: &str,
        read: fn(Value) -> Result<T, Cause>,
    ) -> Result<Option<T>, SignError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).map_err(|cause| SignError::at(name, cause)),
        }
    }

    /// Refuses what is left.
    pub(crate) fn reject_unknown(self) -> Result<(), SignError> {
        self.0.into_iter().next().map_or(Ok(()), |(name, _)| Err(SignError::at(name, Cause::UnknownField)))
    }
}

pub(crate) fn object(value: Value) -> Result<Map<String, Value>, Cause> {
    let Value::Object(map) = value else {
        return Err(Cause::WrongType("a JSON object"));
    };
    Ok(map)
}

pub(crate) fn list(value: Value) -> Result<Vec<Value>, Cause> {
    let Value::Array(list) = value else {
        return Err(Cause::WrongType("a list"));
    };
    Ok(list)
}

pub(crate) fn text(value: Value) -> Result<String, Cause> {
    let Value::String(text) = value else {
        return Err(Cause::WrongType("a text"));
    };
    Ok(text)
}
