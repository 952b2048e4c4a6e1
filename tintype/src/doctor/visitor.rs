//! Requests as users send them.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::options::{Caller, Options};

/// Maximum time of a request. The first variant of a deployment waits for the start of a function.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Sends requests to a deployment.
pub(super) struct Visitor<'a> {
    pub(super) options: &'a Options,
    http: reqwest::Client,
}

/// An answer with its whole body.
pub(super) struct Answer {
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// A header's value. Empty if it is missing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON. Null if it isn't JSON.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The status and the beginning of the body, for people.
    pub(super) fn summary(&self) -> String {
        let beginning = self.body.get(..self.body.len().min(200)).unwrap_or_default();
        format!("status {}: {}", self.status, String::from_utf8_lossy(beginning))
    }
}

impl<'a> Visitor<'a> {
    pub(super) fn new(options: &'a Options) -> Result<Self, String> {
        let redirects = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(redirects).build();
        Ok(Self { options, http: http.map_err(|error| error.to_string())? })
    }

    /// Requests a path of the CDN.
    pub(super) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Result<Answer, String> {
        self.send(&Method::GET, &format!("{}{path}", self.options.url), headers).await
    }

    /// Sends a request without a body.
    pub(super) async fn send(
        &self,
        method: &Method,
        url: &str,
        headers: &[(&str, &str)],
    ) -> Result<Answer, String> {
        let mut request = self.http.request(method.clone(), url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request).await
    }

    /// Calls the upload API as the options' caller.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, String> {
        let url = &self.options.url;
        let mut request = match &self.options.caller {
            Caller::Anyone => self.http.request(method, format!("{url}{path}")),
            Caller::Session(session) => self.http.request(method, format!("{url}/u/{session}{path}")),
            Caller::Token(token) => self.http.request(method, format!("{url}{path}")).bearer_auth(token),
        };
        if let Some(body) = body {
            request = request.json(body);
        }
        read(request).await
    }

    /// Sends a file with the form that the signer granted, from a page of the options' origin if there is one.
    pub(super) async fn post(&self, grant: &Value, bytes: &[u8]) -> Result<Answer, String> {
        let mut form = Form::new();
        for (name, value) in grant.get("fields").and_then(Value::as_object).into_iter().flatten() {
            form = form.text(name.clone(), value.as_str().unwrap_or_default().to_owned());
        }
        let form = form.part("file", Part::bytes(bytes.to_vec()).file_name("file"));
        let mut request = self.http.post(text(grant, "url")).multipart(form);
        if let Some(origin) = &self.options.origin {
            request = request.header("origin", origin);
        }
        read(request).await
    }
}

/// A text member of an object. Empty if it is missing or no text.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

async fn read(request: reqwest::RequestBuilder) -> Result<Answer, String> {
    let response = request.send().await.map_err(|error| cause_chain(&error))?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().await.map_err(|error| cause_chain(&error))?;
    Ok(Answer { status, headers, body })
}

/// The causes of an error, without the URL, which may be signed.
fn cause_chain(error: &reqwest::Error) -> String {
    let mut text = String::from("no answer");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
