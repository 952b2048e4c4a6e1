//! Passes of private videos. A playlist names its segments by relative URLs, so a signature in the query of the playlist would
//! not apply to them. A pass is a segment of the path, and every relative URL inherits it:
//! `/private-videos/~<expires>.<signature>/<id>/<run>/index.m3u8`. It opens all files of one video.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::signature::{Verifier, code};
use crate::error::{Reason, RequestError};
use crate::escape::escape;
use crate::key::{Area, Key};
use crate::query::values;
use crate::sentences;
use crate::signing_keys::SigningKeys;

/// The first character of a pass. No id of a video begins with it.
const MARK: char = '~';

/// The segments of a key of a private video, behind the area.
struct Segments<'a> {
    /// The pass, without its mark.
    pass: Option<&'a str>,
    /// The video's id.
    id: &'a str,
    /// The rest of the key.
    file: &'a str,
}

/// The key behind a pass, if the pass is valid for it. The key itself if it has no pass.
///
/// # Errors
/// The signature doesn't match the video and the expiry time, or the pass has expired.
pub(super) fn open(key: Key, verifier: Verifier<'_>) -> Result<Opened, RequestError> {
    let Some(Segments { pass: Some(pass), id, .. }) = segments(&key) else {
        // A pass without a file behind it is none.
        return if has_mark(&key) { Err(refused()) } else { Ok(Opened { key, has_pass: false }) };
    };
    let (expires, signature) = pass.split_once('.').ok_or_else(refused)?;
    let expires = values::expires(expires).ok_or_else(refused)?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| refused())?;
    if !verifier.keys.is_some_and(|keys| keys.verifies(text(id, expires).as_bytes(), &signature)) {
        return Err(refused());
    }
    if verifier.now_seconds >= u64::from(expires) {
        return Err(RequestError::path(Reason::Expired, sentences::EXPIRED.about("")));
    }
    Ok(Opened { key: without_pass(key), has_pass: true })
}

/// A key that a request may read as far as its pass is concerned.
pub(super) struct Opened {
    /// The key, without the pass.
    pub(super) key: Key,
    /// `true` if a valid pass came before it.
    pub(super) has_pass: bool,
}

/// The key without the pass that it may have.
pub(crate) fn without_pass(key: Key) -> Key {
    let plain = match segments(&key) {
        Some(Segments { pass: Some(_), id, file }) => Key::parse(&format!("{}{id}/{file}", folder())).ok(),
        Some(Segments { pass: None, .. }) | None => None,
    };
    plain.unwrap_or(key)
}

/// The path of a private video's file with a new pass, percent-encoded. `None` if the key is not one of a private video.
pub(crate) fn path_with_pass(key: &Key, expires: u32, keys: &SigningKeys) -> Option<String> {
    let Segments { id, .. } = segments(key)?;
    let signature = code(&text(id, expires), keys);
    let path = without_pass(key.clone()).to_path();
    let behind_area = path.strip_prefix('/')?.strip_prefix(&folder())?;
    Some(format!("/{}{MARK}{expires}.{signature}/{behind_area}", folder()))
}

/// The text that the pass of a file's video authenticates. `None` if the key is not one of a private video.
pub(crate) fn signed_text(key: &Key, expires: u32) -> Option<String> {
    Some(text(segments(key)?.id, expires))
}

/// The path of the video's folder, with a slash at its end, and the expiry time. The path of a file never ends in a slash, so
/// no signature of a link is a pass.
fn text(id: &str, expires: u32) -> String {
    format!("/{}{}/?expires={expires}", folder(), escape(id))
}

/// `None` if the key is not one of a private video's files.
fn segments(key: &Key) -> Option<Segments<'_>> {
    let behind_area = key.as_str().strip_prefix(&folder())?;
    let (first, rest) = behind_area.split_once('/')?;
    match first.strip_prefix(MARK) {
        None => Some(Segments { pass: None, id: first, file: rest }),
        Some(pass) => {
            let (id, file) = rest.split_once('/')?;
            Some(Segments { pass: Some(pass), id, file })
        }
    }
}

fn has_mark(key: &Key) -> bool {
    key.as_str().strip_prefix(&folder()).is_some_and(|behind_area| behind_area.starts_with(MARK))
}

fn folder() -> String {
    format!("{}/", Area::PrivateVideos.segment())
}

fn refused() -> RequestError {
    RequestError::path(Reason::NeedsSignature, sentences::PASS.about(""))
}
