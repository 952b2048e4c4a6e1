//! Requests: the call that each belongs to, and the form in which a server gets it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};

use super::kind::Call;
use super::process::Instance;

/// The request as a server gets it.
pub(crate) fn as_received(request: Request<Bytes>) -> Request<Body> {
    let (mut parts, body) = request.into_parts();
    let authority = parts.uri.authority().map(ToString::to_string).unwrap_or_default();
    parts.headers.insert(header::HOST, HeaderValue::try_from(authority).unwrap());
    if !body.is_empty() || parts.method == Method::PUT || parts.method == Method::POST {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    parts.uri = path.parse().unwrap();
    Request::from_parts(parts, Body::from(body))
}

/// The call of a request, and the number that its attempts share.
pub(crate) fn describe(from: Instance, request: &Request<Bytes>, step: u64) -> (Call, u64) {
    let header = |name: &str| request.headers().get(name).map(HeaderValue::as_bytes);
    let mut hasher = DefaultHasher::new();
    from.hash(&mut hasher);
    match header("amz-sdk-invocation-id") {
        Some(id) => id.hash(&mut hasher),
        None => (step, request.method(), request.uri().to_string(), request.body()).hash(&mut hasher),
    }
    let operation = operation(request);
    let is_write = *request.method() != Method::GET && *request.method() != Method::HEAD;
    let has_body = *request.method() != Method::HEAD && *request.method() != Method::DELETE;
    (Call { from: from.process, operation, occurrence: 0, is_write, has_body }, hasher.finish())
}

/// The operation of a request: method, host, bucket and area of the key, names in the query, condition.
fn operation(request: &Request<Bytes>) -> String {
    let uri = request.uri();
    let host = uri.host().unwrap_or_default();
    let segments: Vec<&str> = uri.path().split('/').skip(1).collect();
    let file = segments.last().filter(|name| matches!(**name, "status.json" | "poster.jpg" | ".mark"));
    let mut parts = vec![request.method().to_string(), " ".to_owned(), host.to_owned()];
    // Ids and hashes are longer, and change with each run.
    let known = |segment: &&&str| segment.len() < 24;
    parts.extend(segments.iter().take(2).take_while(known).map(|segment| format!("/{segment}")));
    parts.extend(file.map(|file| format!("/…/{file}")));
    let query = uri.query().unwrap_or_default();
    let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    let names = names.filter(|name| !name.is_empty() && !name.starts_with("X-Amz-") && *name != "x-id");
    parts.extend(names.map(|name| format!(" ?{name}")));
    for name in ["x-amz-target", "x-amz-copy-source", "if-none-match", "if-match", "range"] {
        if let Some(value) = request.headers().get(name) {
            parts.push(format!(" {}", if name == "x-amz-target" { value.to_str().unwrap() } else { name }));
        }
    }
    parts.concat()
}

/// A write that had its effect: the object's key with the names in the query, and the content.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    pub(crate) target: String,
    pub(crate) content: Bytes,
}

/// The write of a status document or of tags in a request.
pub(crate) fn state_write(request: &Request<Bytes>) -> Option<Write> {
    let is_state = request.uri().path().ends_with("/status.json")
        || request.uri().query().is_some_and(|query| query.contains("tagging"));
    (is_state && *request.method() == Method::PUT)
        .then(|| Write { target: request.uri().path().to_owned(), content: request.body().clone() })
}
