//! The path of a viewer's request.

use crate::error::{Reason, RequestError};
use crate::key::{Key, KeyError};
use crate::sentences;
use crate::variant::canonical::looks_canonical;

/// The key that a percent-encoded path names.
///
/// # Errors
/// The path is not a key, or it ends in a canonical variant, which only the edge function may write.
pub(crate) fn requested_key(path: &str) -> Result<Key, RequestError> {
    let key = Key::from_path(path).map_err(|error| {
        let reason = match error {
            KeyError::Area => Reason::NotFound,
            KeyError::Segment | KeyError::Length | KeyError::Encoding => Reason::BadRequest,
        };
        RequestError::path(reason, error.to_string())
    })?;
    if looks_canonical(key.file_name()) {
        return Err(RequestError::path(Reason::NotFound, sentences::CANONICAL.about("")));
    }
    Ok(key)
}
