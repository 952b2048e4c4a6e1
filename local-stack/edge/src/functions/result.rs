//! The value that a function returns, read as CloudFront reads it.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::entries::Entries;
use super::error::FunctionError;

/// The result of a function.
pub(super) enum FunctionResult {
    /// A request, which goes on.
    Request {
        /// Its path.
        path: String,
        /// Its headers.
        headers: Entries,
    },
    /// A response.
    Response {
        /// Its status.
        status: StatusCode,
        /// Its headers.
        headers: ResultHeaders,
        /// Its body.
        body: String,
    },
}

/// The headers of a response that a function returned.
#[derive(Default, Deserialize)]
pub(super) struct ResultHeaders(pub(super) Entries);

impl FunctionResult {
    /// Reads the JSON of a result. A response has a `statusCode`, a request has a `uri`.
    pub(super) fn read(json: &str) -> Result<Self, FunctionError> {
        let refused = |error: serde_json::Error| FunctionError::Result(error.to_string());
        let value: Value = serde_json::from_str(json).map_err(refused)?;
        if value.get("statusCode").is_none() {
            let request: Request = serde_json::from_value(value).map_err(refused)?;
            return Ok(Self::Request { path: request.uri, headers: request.headers });
        }
        let response: Response = serde_json::from_value(value).map_err(refused)?;
        let status = StatusCode::from_u16(response.status_code)
            .map_err(|_| FunctionError::Result(format!("the status {}", response.status_code)))?;
        let body = match response.body {
            Body::Text(text) => text,
            Body::Encoded { encoding: Encoding::Text, data } => data,
        };
        Ok(Self::Response { status, headers: response.headers, body })
    }
}

impl ResultHeaders {
    /// Applies the differences between `before`, the headers in the function's event, and this result to `headers`.
    pub(super) fn apply(self, before: &Entries, headers: &mut HeaderMap) -> Result<(), FunctionError> {
        for name in before.keys().filter(|name| !self.0.contains_key(*name)) {
            headers.remove(name.as_str());
        }
        for (name, entry) in self.0.iter().filter(|(name, entry)| before.get(*name) != Some(entry)) {
            let refused = || FunctionError::Result(format!("the header {name:?}"));
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
            headers.remove(&header);
            for value in entry.values() {
                headers.append(&header, HeaderValue::from_str(value).map_err(|_| refused())?);
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Request {
    uri: String,
    #[serde(default)]
    headers: Entries,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    status_code: u16,
    #[serde(default)]
    headers: ResultHeaders,
    #[serde(default)]
    body: Body,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Text(String),
    Encoded { encoding: Encoding, data: String },
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Encoding {
    Text,
}
