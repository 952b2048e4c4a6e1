//! Turns the path, the query and the `Accept` header of a viewer's request into a [`Route`] or a [`RequestError`].
//!
//! The CDN's edge function (`cdn-config/viewer_request/`) is the same grammar in JavaScript. Both must pass one table
//! of cases, and a property test compares them over random input.

use crate::error::RequestError;
use crate::key::Key;
use crate::policy::Rules;
use crate::query::QueryValues;
use crate::query::variant::{RequestedVariant, requested_variant};
use crate::sentences;
use crate::variant::Variant;

pub(crate) mod pass;
pub(crate) mod path;
pub(crate) mod signature;
pub(crate) mod unsigned;

use pass::Opened;
pub use signature::Verifier;

/// The object that a request reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The original, as it was uploaded.
    Original(Key),
    /// A variant of the original.
    Variant(Key, Variant),
}

impl Route {
    /// The path of the request to the origin, which is the key of the CDN's cache: percent-encoded for an original, as S3
    /// reads it, and canonical for a variant.
    pub fn origin_path(&self) -> String {
        match self {
            Self::Original(key) => key.to_path(),
            Self::Variant(key, variant) => canonical_path(key, variant),
        }
    }
}

/// The canonical path of a variant. It has only ASCII letters, digits and `._~/=,-`.
pub fn canonical_path(key: &Key, variant: &Variant) -> String {
    format!("{}/{variant}", key.to_canonical_path())
}

/// Reads a canonical path of a variant, as the origin receives it. `None` if the path is not canonical.
pub fn from_canonical_path(path: &str) -> Option<(Key, Variant)> {
    let (key, variant) = path.rsplit_once('/')?;
    Some((Key::from_canonical_path(key)?, variant.parse().ok()?))
}

/// Parameters that a request may give with a preset and still count as the preset itself, at every level of unsigned
/// access.
const PRESET_PARAMETERS: [&str; 6] = ["preset", "t", "fm", "auto", "v", "dl"];

/// The route of a request. `path` and `query` are still percent-encoded, as in the request line, and `query` has no
/// question mark. `accept` is the header's value, empty if the request has none.
///
/// A signed request gets exactly the variant that it asks for. Every other request gets a variant that the policy
/// allows, also one whose path has a pass.
///
/// # Errors
/// The path or a parameter is wrong, the signature or the pass doesn't match, the link has expired, or the request needs a
/// signature.
pub fn route(
    path: &str,
    query: &str,
    accept: &str,
    rules: &Rules,
    verifier: Verifier<'_>,
) -> Result<Route, RequestError> {
    let Opened { key, has_pass } = pass::open(path::requested_key(path)?, verifier)?;
    let values = rules.parse_query(query)?.of_file(&key);
    let is_preset = values.text("preset").is_some() && values.has_only(&PRESET_PARAMETERS);
    let values = rules.expand_preset(values)?;
    let requested = match requested_variant(&values, accept)? {
        Some(RequestedVariant { variant, size, source_of_turn }) => {
            let variant = rules.with_version_of_mark(variant)?;
            Some(RequestedVariant { variant, size, source_of_turn })
        }
        None => None,
    };
    if signature::is_signed(&values) {
        verifier.verify(&key, &values)?;
        return Ok(match requested {
            None => Route::Original(key),
            Some(requested) => Route::Variant(key, requested.variant),
        });
    }
    if key.area().is_private() && !has_pass {
        return Err(RequestError::needs_signature(None, sentences::PRIVATE.about("")));
    }
    let Some(requested) = requested else { return Ok(Route::Original(key)) };
    let variant = if is_preset { requested.variant } else { unsigned::apply_policy(requested, rules)? };
    // The caller chooses the version: without a signature it would allow any number of variants.
    Ok(Route::Variant(key, variant.with_version(None)))
}

/// The file name of a download (`dl`), decoded; empty for the file's own name. `None` if the response is shown instead
/// of saved. Call it only for requests that [`route`] accepts.
pub fn download_name(query: &str) -> Option<String> {
    QueryValues::parse(query).ok()?.text("dl").map(str::to_owned)
}
