//! Signed links: URLs that carry the signature of what they ask for.

use crate::error::RequestError;
use crate::key::{Area, Key};
use crate::policy::Rules;
use crate::query;
use crate::request::path::requested_key;
use crate::request::{Verifier, pass, route, signature};
use crate::signing_keys::SigningKeys;

/// The reason why a link can't be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The text is neither an absolute URL nor a path.
    #[error("it is neither a URL such as https://cdn.example.com/files/1/cat.jpg?w=640 nor the path of one")]
    NotUrl,
    /// The file is one of a private video, and the link has no end.
    #[error("the link of a private video needs an end: it opens all files of the video")]
    Endless,
    /// A request for the URL would be refused.
    #[error(transparent)]
    Request(#[from] RequestError),
}

/// Signs a URL, or a path with a query, with the current key. `expires` is in seconds since 1970; without it the link
/// never expires. An existing signature and expiry time are replaced; a fragment is dropped.
///
/// The link of a private video's file has a pass in its path, which opens all files of the video: the URLs in a playlist are
/// relative to the playlist's. Its variants are those that the policy opens to unsigned requests.
///
/// # Errors
/// The text is not a URL, a request for it would be refused, or the link of a private video has no end.
pub fn sign(url: &str, expires: Option<u32>, rules: &Rules, keys: &SigningKeys) -> Result<String, LinkError> {
    let Parts { origin, path, query } = parts(url)?;
    let key = requested_key(path)?;
    if key.area() == Area::PrivateVideos {
        return Ok(format!("{origin}{}", pass_link(&key, query, expires, rules, keys)?));
    }
    let mut pairs = unsigned_pairs(query, expires);
    let text = text_of(&key, &pairs, rules)?;
    pairs.push(format!("s={}", signature::code(&text, keys)));
    Ok(format!("{origin}{path}?{}", pairs.join("&")))
}

/// Path and query of a private video's file, with a pass.
fn pass_link(
    key: &Key,
    query: &str,
    expires: Option<u32>,
    rules: &Rules,
    keys: &SigningKeys,
) -> Result<String, LinkError> {
    let path =
        pass::path_with_pass(key, expires.ok_or(LinkError::Endless)?, keys).ok_or(LinkError::NotUrl)?;
    let query = unsigned_pairs(query, None).join("&");
    let verifier = Verifier { keys: Some(keys), now_seconds: 0 };
    route(&path, &query, "", rules, verifier)?;
    Ok(if query.is_empty() { path } else { format!("{path}?{query}") })
}

/// The text that the signature of a URL authenticates: its canonical path without the viewer's class, and `?expires=…`
/// if the link expires. For a private video's file it is the text of the pass.
///
/// # Errors
/// The text is not a URL, or a request for it would be refused.
pub fn signed_text(url: &str, expires: Option<u32>, rules: &Rules) -> Result<String, LinkError> {
    let Parts { path, query, .. } = parts(url)?;
    let key = requested_key(path)?;
    if key.area() == Area::PrivateVideos {
        return pass::signed_text(&key, expires.ok_or(LinkError::Endless)?).ok_or(LinkError::NotUrl);
    }
    text_of(&key, &unsigned_pairs(query, expires), rules)
}

fn text_of(key: &Key, pairs: &[String], rules: &Rules) -> Result<String, LinkError> {
    let values = rules.expand_preset(rules.parse_query(&pairs.join("&"))?.of_file(key))?;
    Ok(signature::signed_text(key, &values)?)
}

/// The pairs of a query, with `expires` in the place of an expiry time and a signature that it has.
fn unsigned_pairs(query: &str, expires: Option<u32>) -> Vec<String> {
    let is_replaced = |name: &str| matches!(query::decode_component(name).as_deref(), Some("s" | "expires"));
    let mut pairs: Vec<String> = query::pairs(query)
        .filter(|(name, _)| !is_replaced(name))
        .map(|(name, value)| if value.is_empty() { name.to_owned() } else { format!("{name}={value}") })
        .collect();
    pairs.extend(expires.map(|seconds| format!("expires={seconds}")));
    pairs
}

/// The key of the file that a URL names, without the pass of its path. Every way to escape its characters gives the same key.
///
/// # Errors
/// The text is not a URL, or its path names no file.
pub fn key_of_url(url: &str) -> Result<Key, LinkError> {
    Ok(pass::without_pass(requested_key(parts(url)?.path)?))
}

/// The parts of a URL, or of a path with a query.
struct Parts<'a> {
    /// Scheme and authority; empty for a path.
    origin: &'a str,
    path: &'a str,
    /// The query, without the question mark.
    query: &'a str,
}

/// Splits a URL and drops its fragment.
fn parts(url: &str) -> Result<Parts<'_>, LinkError> {
    let url = url.split('#').next().unwrap_or_default();
    let path_at = match url.split_once("://") {
        _ if url.starts_with('/') => 0,
        Some((scheme, rest)) => scheme.len() + 3 + rest.find('/').ok_or(LinkError::NotUrl)?,
        None => return Err(LinkError::NotUrl),
    };
    let (origin, path_and_query) = url.split_at_checked(path_at).ok_or(LinkError::NotUrl)?;
    // A query begins at the first question mark. A slash after it doesn't begin a path.
    if origin.contains('?') {
        return Err(LinkError::NotUrl);
    }
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    Ok(Parts { origin, path, query })
}

#[cfg(test)]
mod tests;
