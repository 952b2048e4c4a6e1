//! The error of planning a job.

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanError {
    /// A setting has a value that can't be executed here.
    #[error("/settings/{path}: {sentence}")]
    Setting {
        /// Where it is in the settings.
        path: String,
        /// What is wrong with it.
        sentence: String,
    },
    /// The source doesn't have what the settings ask for.
    #[error("{0}")]
    Source(String),
}

impl PlanError {
    pub(super) fn at(path: &str, sentence: &str) -> Self {
        Self::Setting { path: path.to_owned(), sentence: sentence.to_owned() }
    }
}
