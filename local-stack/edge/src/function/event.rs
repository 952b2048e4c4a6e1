//! What a function is given: CloudFront's event, version 1.0, as JSON.
//!
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html>

use std::collections::BTreeMap;

use contract::query;
use http::{HeaderMap, Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::ViewerRequest;

/// The value, or values, of a header, a cookie or a query parameter.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    /// The first value.
    pub(super) value: String,
    /// Every value, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) multi_value: Option<Vec<Single>>,
}

/// One value of several.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Single {
    pub(super) value: String,
}

/// Entries by name.
pub(super) type Entries = BTreeMap<String, Entry>;

impl Entry {
    /// Every value.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        let one = self.multi_value.is_none().then_some(self.value.as_str());
        one.into_iter().chain(self.multi_value.iter().flatten().map(|single| single.value.as_str()))
    }
}

pub(super) fn viewer_request(request: &ViewerRequest<'_>) -> String {
    event("viewer-request", request).to_string()
}

/// Of the request the response function is told the path and the headers, as the function of the request left them.
pub(super) fn viewer_response(path: &str, asked: &Entries, status: StatusCode, headers: &Entries) -> String {
    let request = ViewerRequest { method: &Method::GET, path, query: "", headers: &HeaderMap::new() };
    let mut event = event("viewer-response", &request);
    let response = json!({
        "statusCode": status.as_u16(),
        "statusDescription": status.canonical_reason().unwrap_or_default(),
        "headers": headers,
        "cookies": {},
    });
    if let Value::Object(members) = &mut event {
        members.insert("response".to_owned(), response);
        if let Some(Value::Object(request)) = members.get_mut("request") {
            request.insert("headers".to_owned(), json!(asked));
        }
    }
    event.to_string()
}

/// Headers as a function sees them: names in lower case, cookies apart, values that are no text left out.
pub(super) fn headers(headers: &HeaderMap) -> Entries {
    let pairs = headers.iter().filter(|(name, _)| !matches!(**name, header::COOKIE | header::SET_COOKIE));
    entries(pairs.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))))
}

fn event(event_type: &str, request: &ViewerRequest<'_>) -> Value {
    json!({
        "version": "1.0",
        "context": { "eventType": event_type },
        "viewer": { "ip": "127.0.0.1" },
        "request": {
            "method": request.method.as_str(),
            "uri": request.path,
            "querystring": entries(query::pairs(request.query)),
            "headers": headers(request.headers),
            "cookies": cookies(request.headers),
        },
    })
}

fn cookies(headers: &HeaderMap) -> Entries {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    entries(lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')))
}

fn entries<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Entries {
    let mut entries = Entries::new();
    for (name, value) in pairs {
        let single = Single { value: value.to_owned() };
        match entries.get_mut(name) {
            None => {
                entries.insert(name.to_owned(), Entry { value: single.value, multi_value: None });
            }
            Some(entry) => {
                let first = Single { value: entry.value.clone() };
                entry.multi_value.get_or_insert_with(|| vec![first]).push(single);
            }
        }
    }
    entries
}
