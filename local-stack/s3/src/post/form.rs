//! The fields of a form, up to its file.

use std::collections::BTreeMap;

use axum::body::Bytes;
use multer::{Field, Multipart};

use crate::error::ClientError;

/// Maximum size of the fields before the file, in bytes.
const MAX_BYTES: usize = 20_480;

/// The fields before the file. Names are in lower case.
#[derive(Debug, Default)]
pub(crate) struct FormFields(BTreeMap<String, String>);

impl FormFields {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A required field.
    pub(crate) fn required(&self, name: &str) -> Result<&str, ClientError> {
        self.get(name).ok_or_else(|| {
            ClientError::InvalidArgument(format!("Bucket POST must contain a field named '{name}'"))
        })
    }

    /// The fields whose names have a prefix, by the rest of their names.
    pub(crate) fn with_prefix(&self, prefix: &str) -> BTreeMap<String, String> {
        let rest = |(name, value): (&String, &String)| {
            Some((name.strip_prefix(prefix).filter(|rest| !rest.is_empty())?.to_owned(), value.clone()))
        };
        self.0.iter().filter_map(rest).collect()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for FormFields {
    fn from(fields: [(&str, &str); N]) -> Self {
        Self(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }
}

/// Reads a form up to its file. Like S3, it ignores the fields after the file.
pub(crate) async fn read(mut form: Multipart<'static>) -> Result<(FormFields, Field<'static>), ClientError> {
    let mut fields = FormFields::default();
    let mut bytes = 0;
    while let Some(mut field) = form.next_field().await.map_err(|error| malformed(&error))? {
        let name = field.name().unwrap_or_default().to_ascii_lowercase();
        if name == "file" {
            put_file_name(&mut fields, field.file_name());
            return Ok((fields, field));
        }
        let mut value = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| malformed(&error))? {
            bytes += Bytes::len(&chunk);
            if bytes + name.len() > MAX_BYTES {
                return Err(ClientError::FormTooLarge { max_bytes: MAX_BYTES });
            }
            value.extend_from_slice(&chunk);
        }
        bytes += name.len();
        let value = String::from_utf8(value)
            .map_err(|_| ClientError::InvalidArgument(format!("the field {name} is not UTF-8")))?;
        if fields.0.insert(name.clone(), value).is_some() {
            return Err(ClientError::InvalidArgument(format!("the field {name} is given twice")));
        }
    }
    Err(ClientError::InvalidArgument("POST requires exactly one file upload per request".to_owned()))
}

/// Replaces `${filename}` in the key by the file's name on the client.
fn put_file_name(fields: &mut FormFields, file_name: Option<&str>) {
    if let Some(key) = fields.0.get_mut("key") {
        let name = file_name.unwrap_or_default();
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        *key = key.replace("${filename}", name);
    }
}

fn malformed(error: &multer::Error) -> ClientError {
    ClientError::MalformedForm(error.to_string())
}
