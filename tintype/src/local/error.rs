//! Errors at the start of a stack.

use std::io;
use std::path::PathBuf;

use local_media_convert::MediaConvertError;
use local_s3::StoreError;

use crate::secrets::SecretError;

/// The reason why a stack doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// Another program listens on the port.
    #[error(
        "the stack can't listen on port {port} of 127.0.0.1: {cause}; it takes three ports in a row: name \
         another first one with --port, or free ones with --port 0"
    )]
    Port {
        /// The port.
        port: u16,
        /// The system's error.
        cause: io::Error,
    },
    /// The last of the three ports would be above 65535.
    #[error("--port must be at most {}: S3 and MediaConvert take the two ports after it", u16::MAX - 2)]
    PortTooHigh,
    /// Another stack has the data folder.
    #[error("another tintype uses the data folder {}; stop it, or name another folder with --data", .0.display())]
    InUse(PathBuf),
    /// The data folder can't be used.
    #[error("the data folder {} can't be used: {cause}; name another folder with --data", .folder.display())]
    Data {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        cause: StoreError,
    },
    /// A secret of the data folder can't be used.
    #[error("a secret of the data folder can't be used: {0}")]
    Secret(#[from] SecretError),
    /// The jobs of the data folder can't be read.
    #[error("the jobs in {} can't be read: {cause}", .folder.display())]
    Jobs {
        /// The data folder.
        folder: PathBuf,
        /// The cause.
        cause: MediaConvertError,
    },
    /// A part refuses its configuration, which is a defect of this program.
    #[error("a part of the stack can't be set up: {0}")]
    SetUp(String),
}

impl StackError {
    /// A part refuses its configuration.
    #[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the error by value")]
    pub(super) fn set_up(error: impl ToString) -> Self {
        Self::SetUp(error.to_string())
    }
}
