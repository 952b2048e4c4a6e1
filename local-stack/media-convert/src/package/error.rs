//! The error of packaging a job's files.

use std::io;

use contract::web_vtt::WebVttError;

/// The reason why a job's files cannot be packaged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PackageError {
    /// ffmpeg succeeded and wrote no media: it could decode nothing of the source.
    #[error("the output '{0}' is empty: nothing of the input could be decoded")]
    Empty(String),
    /// A file of ffmpeg's has an unexpected structure.
    #[error("the output '{0}' can't be read")]
    Malformed(String),
    /// A file of captions is no WebVTT.
    #[error("the captions '{0}' can't be read: {1}")]
    Captions(String, WebVttError),
    /// The job's folder cannot be read.
    #[error("the job's folder can't be read: {0}")]
    Io(#[from] io::Error),
}
