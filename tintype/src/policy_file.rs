//! Policies that a command reads from a file.

use std::io;
use std::path::{Path, PathBuf};

use cdn_config::policy::{Policy, PolicyError};

/// The reason why a policy can't be read.
#[derive(Debug, thiserror::Error)]
pub enum PolicyFileError {
    /// The file can't be read.
    #[error("the policy {} can't be read: {cause}", .file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// The system's error.
        cause: io::Error,
    },
    /// The text isn't a policy.
    #[error("{}: {cause}", .file.display())]
    Policy {
        /// The file.
        file: PathBuf,
        /// The first mistake in it.
        cause: PolicyError,
    },
}

/// Reads the policy in `file`, or returns the built-in one if there is no file.
pub fn read(file: Option<&Path>) -> Result<Policy, PolicyFileError> {
    let Some(file) = file else { return Ok(Policy::built_in()) };
    match std::fs::read_to_string(file) {
        Ok(text) => {
            Policy::parse(&text).map_err(|cause| PolicyFileError::Policy { file: file.to_owned(), cause })
        }
        Err(cause) => Err(PolicyFileError::Io { file: file.to_owned(), cause }),
    }
}
