//! What every response of a file carries, whoever made it: the response headers policy, CORS, client hints.

use axum::response::{IntoResponse, Response};
use cdn_config::behaviors::MAX_URL_BYTES;
use cdn_config::headers::{Header, MEDIA, PREFLIGHT, accept_ch};
use cdn_config::policy::{Cors, Policy};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use service::problem::{Kind, Problem};

/// Adds the headers of the media behaviours, `more` among them, as the policy has them.
pub fn dress(response: &mut Response, more: &[Header], policy: &Policy, viewer: &HeaderMap) {
    for header in MEDIA.iter().chain(more) {
        if header.overrides || !response.headers().contains_key(header.name) {
            set(response, header.name, header.value);
        }
    }
    if let Some(hints) = accept_ch(policy) {
        set(response, "accept-ch", &hints);
    }
    let page = viewer.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    apply_cors(&policy.cors, page, response);
}

/// Where origins are listed, a page of another one may not read, and caches are told that it depends on the page.
fn apply_cors(cors: &Cors, page: Option<&str>, response: &mut Response) {
    match cors.allowed(page) {
        Some(allowed) => set(response, "access-control-allow-origin", allowed),
        None => drop(response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_ORIGIN)),
    }
    if let Cors::Listed(_) = cors {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    }
}

/// The answer to a preflight, before it is dressed.
pub fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    for header in PREFLIGHT {
        set(&mut response, header.name, header.value);
    }
    response
}

/// What is wrong with a URL that is too long.
pub fn too_long(uri: &Uri) -> Option<Problem> {
    let length = uri.path_and_query().map_or(0, |path_and_query| path_and_query.as_str().len());
    let detail = format!("the URL is longer than {MAX_URL_BYTES} bytes");
    (length > MAX_URL_BYTES).then(|| Problem::new(Kind::BadRequest, detail))
}

/// Sets a header, unless the value is no header value.
pub fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}
