//! Why a request is refused before anything is looked up.

use std::borrow::Cow;

/// A refusal: what kind, which parameter, and a sentence for the viewer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct RequestError {
    /// What kind of refusal.
    pub reason: Reason,
    /// The parameter at fault, where there is one.
    pub parameter: Option<Cow<'static, str>>,
    /// What was wrong, and what is allowed.
    pub detail: String,
}

/// The kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A value that can't be read or is out of range, a parameter given twice, a broken escape.
    BadRequest,
    /// Well formed, but only a signed request may ask for it, or the signature doesn't hold.
    NeedsSignature,
    /// No such path.
    NotFound,
    /// The link was good until a time that is over.
    Expired,
}

impl Reason {
    /// The status of its response.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::NeedsSignature => 403,
            Self::NotFound => 404,
            Self::Expired => 410,
        }
    }
}
