//! A client's request to upload one file.

use contract::key::Area;

use crate::error::Cause;
use crate::signing::checksum::Sha256;
use crate::signing::declared_type::DeclaredType;
use crate::signing::metadata::Metadata;
use crate::signing::owner::Owner;

/// A request to upload one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRequest {
    /// The name of the file on the client. It may have any characters.
    pub file_name: String,
    /// The declared media type.
    pub declared_type: DeclaredType,
    /// The exact size of the file in bytes, at least 1; `None` if the client declares none.
    pub bytes: Option<u64>,
    /// The checksum that S3 must check.
    pub sha256: Option<Sha256>,
    /// The readers of the upload.
    pub visibility: Visibility,
    /// The metadata that S3 stores with the object.
    pub metadata: Metadata,
    /// The HTTP method of the upload.
    pub method: UploadMethod,
    /// The owner of the file; `None` for an anonymous caller. No client declares it.
    pub owner: Option<Owner>,
}

/// The readers of an upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Everyone.
    #[default]
    Public,
    /// Holders of a signed link.
    Private,
}

impl Visibility {
    /// The area of the bucket for such uploads.
    pub const fn area(self) -> Area {
        match self {
            Self::Public => Area::Files,
            Self::Private => Area::Private,
        }
    }
}

/// The HTTP method of an upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UploadMethod {
    /// A form that contains the file.
    #[default]
    Post,
    /// A request whose body is the file.
    Put,
}

impl UploadMethod {
    /// The method in HTTP.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// Checks the size in bytes that a client declares.
pub(crate) fn declared_size(bytes: u64) -> Result<u64, Cause> {
    if bytes == 0 { Err(Cause::Invalid("an empty file can't be uploaded")) } else { Ok(bytes) }
}

/// The field of a file in a batch, such as `files[2]`.
pub(crate) fn field_of_file(index: usize) -> String {
    format!("files[{index}]")
}
