//! A file that is uploaded.

use std::io;
use std::path::Path;

use reqwest::Body;
use reqwest::multipart::Part;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;
use upload_signer::arrival::sniff::sniff;
use upload_signer::signing::policy::S3_MAX_BYTES;

/// The number of bytes at the beginning of a file that decide its type.
const EXAMINED_BYTES: u64 = 4096;

/// The type of content that isn't recognised.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// The reason why a file can't be uploaded.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// The path names a folder.
    #[error("it is a folder; name the files in it")]
    Folder,
    /// The path has no file name.
    #[error("the path has no file name")]
    NoName,
    /// The file has no bytes.
    #[error("it is empty")]
    Empty,
    /// The file is larger than one request can send.
    #[error(
        "it has {0} bytes, and one request sends at most {S3_MAX_BYTES}; use a client that uploads in parts, such as Uppy"
    )]
    TooLarge(u64),
    /// The file can't be read.
    #[error("it can't be read: {0}")]
    Io(#[from] io::Error),
}

/// An open file.
#[derive(Debug)]
pub(super) struct FileToUpload {
    /// The last segment of its path.
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) bytes: u64,
    content: File,
}

impl FileToUpload {
    /// Opens a file. Its type is `media_type`, or that of its first bytes.
    pub(super) async fn open(path: &Path, media_type: Option<&str>) -> Result<Self, FileError> {
        let mut content = File::open(path).await.map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound { FileError::Missing } else { FileError::Io(error) }
        })?;
        let metadata = content.metadata().await?;
        if metadata.is_dir() {
            return Err(FileError::Folder);
        }
        let name = path.file_name().ok_or(FileError::NoName)?.to_string_lossy().into_owned();
        let bytes = metadata.len();
        if bytes == 0 {
            return Err(FileError::Empty);
        }
        if bytes > S3_MAX_BYTES {
            return Err(FileError::TooLarge(bytes));
        }
        let mut first = Vec::new();
        (&mut content).take(EXAMINED_BYTES).read_to_end(&mut first).await?;
        content.rewind().await?;
        let media_type = media_type.unwrap_or_else(|| sniff(&first).unwrap_or(UNKNOWN_TYPE)).to_owned();
        Ok(Self { name, media_type, bytes, content })
    }

    /// The part of a form with the content, which is read while it is sent. A file that grows meanwhile is cut.
    pub(super) fn into_part(self) -> Part {
        let content = ReaderStream::new(self.content.take(self.bytes));
        Part::stream_with_length(Body::wrap_stream(content), self.bytes)
    }
}
