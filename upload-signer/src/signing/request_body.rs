//! Parses the body of `POST /uploads`. Errors name the field.

use serde_json::Value;

use crate::error::{Cause, SignError};
use crate::signing::checksum::Sha256;
use crate::signing::declared_type::DeclaredType;
use crate::signing::json_fields::{JsonFields, list, object, text};
use crate::signing::metadata::Metadata;
use crate::signing::request::{UploadMethod, UploadRequest, Visibility, declared_size, field_of_file};

/// The uploads that a body requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestBody {
    /// One file.
    One(UploadRequest),
    /// One or more files. Either all of them are signed or none.
    Batch(Vec<UploadRequest>),
}

impl RequestBody {
    /// Parses an object that describes one file, or `{"files":[…]}` with 1 to `max_files` such objects.
    pub fn parse(bytes: &[u8], max_files: usize) -> Result<Self, SignError> {
        let mut fields = JsonFields::parse(bytes)?;
        match fields.optional("files", list)? {
            Some(files) => {
                fields.reject_unknown()?;
                batch(files, max_files).map(Self::Batch)
            }
            None => file(fields).map(Self::One),
        }
    }
}

fn batch(files: Vec<Value>, max_files: usize) -> Result<Vec<UploadRequest>, SignError> {
    if files.is_empty() {
        return Err(SignError::at("files", Cause::Invalid("at least one file is needed")));
    }
    if files.len() > max_files {
        return Err(SignError::at("files", Cause::TooManyFiles { count: files.len(), limit: max_files }));
    }
    let parse = |(index, value)| {
        JsonFields::of(value)
            .map_err(SignError::whole)
            .and_then(file)
            .map_err(|error| error.within(&field_of_file(index)))
    };
    files.into_iter().enumerate().map(parse).collect()
}

fn file(mut fields: JsonFields) -> Result<UploadRequest, SignError> {
    let request = UploadRequest {
        file_name: fields.required("filename", text)?,
        declared_type: fields.required("type", declared_type)?,
        bytes: fields.optional("size", size)?,
        sha256: fields.optional("sha256", sha256)?,
        visibility: fields.optional("visibility", visibility)?.unwrap_or_default(),
        metadata: match fields.optional("metadata", object)? {
            Some(entries) => Metadata::parse(entries).map_err(|error| error.within("metadata"))?,
            None => Metadata::default(),
        },
        method: fields.optional("method", method)?.unwrap_or_default(),
        owner: None,
    };
    fields.reject_unknown()?;
    Ok(request)
}

fn declared_type(value: Value) -> Result<DeclaredType, Cause> {
    DeclaredType::parse(&text(value)?)
}

#[expect(clippy::needless_pass_by_value, reason = "field readers share one signature")]
fn size(value: Value) -> Result<u64, Cause> {
    declared_size(value.as_u64().ok_or(Cause::WrongType("a whole number of bytes"))?)
}

fn sha256(value: Value) -> Result<Sha256, Cause> {
    Sha256::parse(&text(value)?)
        .ok_or(Cause::Invalid("it must be a SHA-256 in 64 hexadecimal digits or 44 characters of base64"))
}

fn visibility(value: Value) -> Result<Visibility, Cause> {
    match text(value)?.as_str() {
        "public" => Ok(Visibility::Public),
        "private" => Ok(Visibility::Private),
        _ => Err(Cause::Invalid("it must be public or private")),
    }
}

fn method(value: Value) -> Result<UploadMethod, Cause> {
    match text(value)?.as_str() {
        "POST" => Ok(UploadMethod::Post),
        "PUT" => Ok(UploadMethod::Put),
        _ => Err(Cause::Invalid("it must be POST or PUT")),
    }
}

#[cfg(test)]
mod tests;
