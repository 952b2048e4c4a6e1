//! Reads a JSON object field by field, so that errors name the field.

use serde_json::{Map, Value};

use crate::error::{Cause, SignError};

/// The unread fields of a JSON object.
pub(crate) struct JsonFields(Map<String, Value>);

impl JsonFields {
    /// Parses a JSON text, which must be an object.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, SignError> {
        let value = serde_json::from_slice(json)
            .map_err(|error| SignError::whole(Cause::NotJson(error.to_string())))?;
        Self::of(value).map_err(SignError::whole)
    }

    /// The fields of a value, which must be an object.
    pub(crate) fn of(value: Value) -> Result<Self, Cause> {
        object(value).map(Self)
    }

    /// Reads a field that must be present.
    pub(crate) fn required<T>(
        &mut self,
        name: &str,
        read: fn(Value) -> Result<T, Cause>,
    ) -> Result<T, SignError> {
        let value = self.0.remove(name).ok_or(Cause::Missing);
        value.and_then(read).map_err(|cause| SignError::at(name, cause))
    }

    /// Reads a field that may be missing or `null`.
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

    /// `true` if a field is unread, also if it is `null`.
    #[cfg(feature = "edge")]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns an error if a field is unread.
    pub(crate) fn reject_unknown(self) -> Result<(), SignError> {
        self.0.into_iter().next().map_or(Ok(()), |(name, _)| Err(SignError::at(name, Cause::UnknownField)))
    }
}

/// Reads a JSON object.
pub(crate) fn object(value: Value) -> Result<Map<String, Value>, Cause> {
    let Value::Object(map) = value else {
        return Err(Cause::WrongType("a JSON object"));
    };
    Ok(map)
}

/// Reads a JSON array.
pub(crate) fn list(value: Value) -> Result<Vec<Value>, Cause> {
    let Value::Array(list) = value else {
        return Err(Cause::WrongType("a list"));
    };
    Ok(list)
}

/// Reads a JSON string.
pub(crate) fn text(value: Value) -> Result<String, Cause> {
    let Value::String(text) = value else {
        return Err(Cause::WrongType("a text"));
    };
    Ok(text)
}
