//! The error of planning a job.

/// The reason why a job cannot be planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanError {
    /// The endpoint does not implement a setting's value.
    #[error("/settings/{path}: {sentence}")]
    Setting {
        /// Path of the setting below `settings`, such as `outputGroups/0/outputs/1`.
        path: String,
        /// The reason.
        sentence: String,
    },
    /// The source lacks a track that the settings need.
    #[error("{0}")]
    Source(String),
}

impl PlanError {
    pub(super) fn at(path: &str, sentence: &str) -> Self {
        Self::Setting { path: path.to_owned(), sentence: sentence.to_owned() }
    }
}
