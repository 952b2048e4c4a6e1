//! Downloads: the names under which viewers save responses.

use axum::response::Response;
use contract::caching::{attachment_disposition, saved_name};
use contract::media_types;
use contract::request::Route;
use http::{HeaderValue, header};

/// The extension of a successful response's format; `None` for an original whose name has no extension.
pub(super) fn own_extension(route: &Route, response: &Response) -> Option<String> {
    match route {
        Route::Original(key) => key.file_name().rsplit_once('.').map(|(_, extension)| extension.to_owned()),
        Route::Variant(..) => {
            let media_type = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
            media_types::find(media_type)?.extensions.first().map(|extension| (*extension).to_owned())
        }
    }
}

/// Makes the viewer save the response under `name` with the extension of its format, or under the file's own name if
/// `name` is empty or the format has no extension.
pub(super) fn offer(response: &mut Response, name: &str, extension: Option<&str>) {
    let own = response.headers().get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
    let disposition = match (own, extension) {
        (Some(own), _) if name.is_empty() => own.replacen("inline", "attachment", 1),
        (_, Some(extension)) if !name.is_empty() => attachment_disposition(&saved_name(name, extension)),
        (_, _) => attachment_disposition(""),
    };
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
}
