//! The reason why a deployment doesn't start.

use std::io;
use std::path::PathBuf;

use local_policy::PolicyError;
use local_s3::StoreError;

/// The reason why a deployment doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// A file of the assembly or of the data folder can't be used.
    #[error("{}: {cause}", .file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// The system's error.
        cause: io::Error,
    },
    /// The folder isn't an assembly with one template.
    #[error("{} can't be started: {reason}", .folder.display())]
    Assembly {
        /// The folder.
        folder: PathBuf,
        /// The reason.
        reason: String,
    },
    /// A value of the template can't be resolved, or a policy can't be evaluated.
    #[error("the template can't be started: {0}")]
    Template(#[from] PolicyError),
    /// A resource has a type that isn't emulated.
    #[error("{id} is a {kind}, which isn't emulated: see docs/deployed.md")]
    Kind {
        /// The logical ID.
        id: String,
        /// The type.
        kind: String,
    },
    /// A resource has a property, or a value of one, that isn't emulated.
    #[error("{id}: {reason}; see docs/deployed.md")]
    Property {
        /// The logical ID.
        id: String,
        /// The property and what is wrong with it.
        reason: String,
    },
    /// A custom resource reported a failure.
    #[error("the custom resource {id} fails: {reason}")]
    Custom {
        /// The logical ID.
        id: String,
        /// The reason.
        reason: String,
    },
    /// The store of S3 can't be opened.
    #[error("the data folder can't be used: {0}")]
    Store(#[from] StoreError),
    /// An emulator refuses its configuration.
    #[error("an emulator can't be set up: {0}")]
    SetUp(String),
}

impl DeployError {
    /// An error of a file.
    pub(crate) fn file(file: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let file = file.into();
        move |cause| Self::File { file, cause }
    }

    /// A property that isn't emulated.
    #[expect(clippy::needless_pass_by_value, reason = "most callers make the text")]
    pub(crate) fn property(id: &str, reason: impl ToString) -> Self {
        Self::Property { id: id.to_owned(), reason: reason.to_string() }
    }

    /// An emulator refuses its configuration.
    #[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the error by value")]
    pub(crate) fn set_up(error: impl ToString) -> Self {
        Self::SetUp(error.to_string())
    }
}
