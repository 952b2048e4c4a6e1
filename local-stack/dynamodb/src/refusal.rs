//! Why a call is refused.

/// A refusal: the name of the error, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) &'static str, pub(crate) String);

impl Refusal {
    pub(crate) fn validation(sentence: impl Into<String>) -> Self {
        Self("ValidationException", sentence.into())
    }
}
