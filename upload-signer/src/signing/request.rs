//! A client's request to upload one file.

use contract::key::Area;

use crate::error::Cause;
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
    pub method: UploadMethod,
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
pub enum UploadMethod {
    /// A form with a file.
    #[default]
    Post,
    /// A body with headers.
    Put,
}

impl UploadMethod {
    /// Its spelling in HTTP.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// The type that a client declares for a file.
pub(crate) fn declared_type(text: &str) -> Result<MediaType, Cause> {
    MediaType::parse(text).ok_or(Cause::Invalid("it must be a media type such as image/png"))
}

/// The size in bytes that a client declares for a file.
pub(crate) fn declared_size(bytes: u64) -> Result<u64, Cause> {
    if bytes == 0 { Err(Cause::Invalid("an empty file can't be uploaded")) } else { Ok(bytes) }
}

/// The path of a file in a batch.
pub(crate) fn field_of_file(index: usize) -> String {
    format!("files[{index}]")
}
