//! The argument of a function: CloudFront's event, version 1.0, as JSON.
//!
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html>

use contract::query;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use super::entries::{Entries, collect};
use super::request::ViewerRequest;

/// The event of the viewer request function.
pub(super) fn viewer_request(request: &ViewerRequest<'_>) -> String {
    event("viewer-request", request).to_string()
}

/// The event of the viewer response function for a response with a status and headers.
pub(super) fn viewer_response(request: &ViewerRequest<'_>, status: StatusCode, headers: &Entries) -> String {
    let mut event = event("viewer-response", request);
    let response = json!({
        "statusCode": status.as_u16(),
        "statusDescription": status.canonical_reason().unwrap_or_default(),
        "headers": headers,
        "cookies": {},
    });
    if let Value::Object(members) = &mut event {
        members.insert("response".to_owned(), response);
    }
    event.to_string()
}

/// Headers as a function sees them: names in lower case, without cookies, and without values that aren't text.
pub(super) fn headers(headers: &HeaderMap) -> Entries {
    let pairs = headers.iter().filter(|(name, _)| !matches!(**name, header::COOKIE | header::SET_COOKIE));
    collect(pairs.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))))
}

fn event(event_type: &str, request: &ViewerRequest<'_>) -> Value {
    json!({
        "version": "1.0",
        "context": { "eventType": event_type },
        "viewer": { "ip": "127.0.0.1" },
        "request": {
            "method": request.method.as_str(),
            "uri": request.path,
            "querystring": collect(query::pairs(request.query)),
            "headers": headers(request.headers),
            "cookies": cookies(request.headers),
        },
    })
}

fn cookies(headers: &HeaderMap) -> Entries {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    collect(lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')))
}
