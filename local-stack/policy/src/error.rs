//! Errors of templates and policies.

/// The reason why a template or a policy can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Something that this crate doesn't know: its kind and its name. AWS may give it a meaning.
    #[error("the {0} {1} isn't supported")]
    Unknown(&'static str, String),
    /// A value that doesn't have the form that AWS documents: what is expected, and the value.
    #[error("{0} is expected, not {1}")]
    Malformed(&'static str, String),
    /// An error in a resource or a statement: its name, and the error.
    #[error("{0}: {1}")]
    In(String, Box<PolicyError>),
}

impl PolicyError {
    /// The same error, with the place where it occurred.
    pub(crate) fn at(self, place: &str) -> Self {
        Self::In(place.to_owned(), Box::new(self))
    }
}
