//! The body of `POST /uploads`, read field by field so that an error names the field.

use contract::key::Area;
use serde_json::{Map, Value};

use crate::error::{Cause, SignError};
use crate::signing::checksum::Sha256;
use crate::signing::media_type::MediaType;
use crate::signing::metadata::Metadata;

/// One file that a client wants to upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRequest {
    /// The file's name on the client, of any characters.
    pub file_name: String,
    /// The type that the client declares.
    pub media_type: MediaType,
    /// The file's exact size in bytes, at least 1, where it is declared.
    pub bytes: Option<u64>,
    /// The checksum that the upload must have.
    pub sha256: Option<Sha256>,
    /// Who may read it.
    pub visibility: Visibility,
    /// What to keep with it.
    pub metadata: Metadata,
    /// How the client wants to send it.
    pub method: Method,
}

/// Who may read an upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Anyone.
    #[default]
    Public,
    /// Who holds a signed URL.
    Private,
}

impl Visibility {
    /// Where such uploads lie.
    pub const fn area(self) -> Area {
        match self {
            Self::Public => Area::Files,
            Self::Private => Area::Private,
        }
    }
}

/// How an upload is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// A form with a file.
    #[default]
    Post,
    /// A body with headers.
    Put,
}

impl Method {
    /// Its spelling in HTTP.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// What one body asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// One file.
    One(UploadRequest),
    /// Some files, at least one: all are signed or none.
    Batch(Vec<UploadRequest>),
}

impl Body {
    /// Reads a body: an object that describes a file, or `{"files":[…]}` with at most `max_files` of them.
    pub fn parse(bytes: &[u8], max_files: usize) -> Result<Self, SignError> {
        let value =
            serde_json::from_slice(bytes).map_err(|e| SignError::whole(Cause::NotJson(e.to_string())))?;
        let mut fields = Fields::of(value).map_err(SignError::whole)?;
        match fields.optional("files", list)? {
            Some(files) => {
                fields.end()?;
                batch(files, max_files).map(Self::Batch)
            }
            None => one(fields).map(Self::One),
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
    let read = |(index, file)| {
        Fields::of(file).map_err(SignError::whole).and_then(one).map_err(|error| error.within(&entry(index)))
    };
    files.into_iter().enumerate().map(read).collect()
}

/// The path of a file in a batch.
pub(crate) fn entry(index: usize) -> String {
    format!("files[{index}]")
}

fn one(mut fields: Fields) -> Result<UploadRequest, SignError> {
    let request = UploadRequest {
        file_name: fields.required("filename", text)?,
        media_type: fields.required("type", media_type)?,
        bytes: fields.optional("size", size)?,
        sha256: fields.optional("sha256", sha256)?,
        visibility: fields.optional("visibility", visibility)?.unwrap_or_default(),
        metadata: match fields.optional("metadata", object)? {
            Some(entries) => Metadata::read(entries).map_err(|error| error.within("metadata"))?,
            None => Metadata::default(),
        },
        method: fields.optional("method", method)?.unwrap_or_default(),
    };
    fields.end()?;
    Ok(request)
}

/// The fields of an object that are not yet read.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
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
    pub(crate) fn end(self) -> Result<(), SignError> {
        self.0.into_iter().next().map_or(Ok(()), |(name, _)| Err(SignError::at(name, Cause::Unknown)))
    }
}

fn object(value: Value) -> Result<Map<String, Value>, Cause> {
    let Value::Object(map) = value else {
        return Err(Cause::WrongType("a JSON object"));
    };
    Ok(map)
}

fn list(value: Value) -> Result<Vec<Value>, Cause> {
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

fn media_type(value: Value) -> Result<MediaType, Cause> {
    MediaType::parse(&text(value)?).ok_or(Cause::Invalid("it must be a media type such as image/png"))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that all readers of a field have")]
fn size(value: Value) -> Result<u64, Cause> {
    let bytes = value.as_u64().ok_or(Cause::WrongType("a whole number of bytes"))?;
    if bytes == 0 { Err(Cause::Invalid("an empty file can't be uploaded")) } else { Ok(bytes) }
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

fn method(value: Value) -> Result<Method, Cause> {
    match text(value)?.as_str() {
        "POST" => Ok(Method::Post),
        "PUT" => Ok(Method::Put),
        _ => Err(Cause::Invalid("it must be POST or PUT")),
    }
}

#[cfg(test)]
mod tests;
