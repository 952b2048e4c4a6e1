//! The reasons to refuse a viewer's request before any object is looked up.

use std::borrow::Cow;

use crate::sentences;

/// A refused request: the reason, the parameter at fault and a sentence for the viewer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct RequestError {
    /// The reason, which decides the status.
    pub reason: Reason,
    /// The canonical name of the parameter at fault, or the name as sent if no parameter has it. `None` if the error
    /// is about the path or the whole request.
    pub parameter: Option<Cow<'static, str>>,
    /// A sentence that says what is wrong and what is allowed.
    pub detail: String,
}

/// The reason why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A value that is malformed or out of range, a repeated parameter, or a broken percent-escape.
    BadRequest,
    /// The request is well formed but needs a valid signature, which it lacks.
    NeedsSignature,
    /// The path cannot name a file.
    NotFound,
    /// The signed link has expired.
    Expired,
}

impl Reason {
    /// The HTTP status of the response: 400, 403, 404 or 410.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::NeedsSignature => 403,
            Self::NotFound => 404,
            Self::Expired => 410,
        }
    }
}

impl RequestError {
    /// A request that is wrong because of one parameter.
    pub(crate) fn bad_request(parameter: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self { reason: Reason::BadRequest, parameter: Some(parameter.into()), detail: detail.into() }
    }

    /// The value of the parameter is malformed or not allowed.
    pub(crate) fn invalid_value(name: &'static str) -> Self {
        Self::bad_request(name, sentences::not_allowed(name))
    }

    /// The parameter `name` is unknown, and `known` is probably meant.
    pub(crate) fn misspelt(name: String, known: &str) -> Self {
        let detail = sentences::MISSPELT.with(known, &name);
        Self::bad_request(name, detail)
    }

    /// The path is wrong.
    pub(crate) fn path(reason: Reason, detail: String) -> Self {
        Self { reason, parameter: None, detail }
    }

    /// Only a signed request may use the parameter, or, without a parameter, read the path.
    pub(crate) fn needs_signature(parameter: Option<&'static str>, detail: String) -> Self {
        Self { reason: Reason::NeedsSignature, parameter: parameter.map(Cow::Borrowed), detail }
    }

    /// The signature of the link is wrong (`s`) or the link has expired (`expires`).
    pub(crate) fn link(reason: Reason, parameter: &'static str, sentence: sentences::Sentence) -> Self {
        Self { reason, parameter: Some(Cow::Borrowed(parameter)), detail: sentence.about("") }
    }
}
