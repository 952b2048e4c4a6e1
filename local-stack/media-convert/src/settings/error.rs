//! The error of reading a job's settings.

/// A member of the request that this endpoint does not accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("/{path}: {sentence}")]
pub(crate) struct SettingsError {
    /// Path of the member in the request's body, such as `settings/inputs[0]/fileInput`.
    pub(crate) path: String,
    /// The reason.
    pub(crate) sentence: String,
}
