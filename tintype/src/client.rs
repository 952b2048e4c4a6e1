//! A client of a deployment or a local stack. It sends requests as users send them.

use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use http::{HeaderMap, Method};
use reqwest::Url;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tokio::time::Instant;

/// The URL of a local stack with the default port.
pub const LOCAL_URL: &str = "http://127.0.0.1:8080";

/// Maximum time of a request. The first variant of a deployment waits for the start of a function.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The speed of the slowest supported connection, in bytes per second. It decides the time limit of an upload.
const SLOWEST_BYTES_PER_SECOND: u64 = 16 << 10;

/// The time that the signer may hold a request for the state of an upload, in seconds.
const WAIT_SECONDS: u64 = 5;

/// The interval between two requests for the state of an upload.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// A caller of the upload API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// An anonymous caller.
    Anyone,
    /// A caller with an upload session.
    Session(String),
    /// A caller with a token of the configured issuer.
    Token(String),
}

/// The options of a command that name the caller.
#[derive(Args, Debug)]
pub struct CallerArgs {
    /// An upload session, if uploads need one.
    #[arg(long, conflicts_with = "token")]
    session: Option<String>,
    /// A token of the configured issuer, if uploads need one.
    #[arg(long)]
    token: Option<String>,
}

impl From<CallerArgs> for Caller {
    fn from(args: CallerArgs) -> Self {
        match (args.session, args.token) {
            (Some(session), _) => Self::Session(session),
            (None, Some(token)) => Self::Token(token),
            (None, None) => Self::Anyone,
        }
    }
}

/// The error for a request without a response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer: {0}")]
pub struct NoAnswer(String);

impl NoAnswer {
    /// Only the reason, such as `Connection refused (os error 111)`.
    pub fn reason(&self) -> &str {
        &self.0
    }
}

impl From<NoAnswer> for String {
    fn from(error: NoAnswer) -> Self {
        error.to_string()
    }
}

/// The reason why the state of an upload is unknown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// The signer doesn't answer.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    /// The signer refuses to report the state. The text is its answer.
    #[error("the signer doesn't know the upload: {0}")]
    Refused(String),
    /// The time limit has passed.
    #[error(
        "the upload stays pending: the bucket's events don't reach the finaliser, or it fails; look at its log and its \
         dead letter queue"
    )]
    Pending,
}

impl From<StateError> for String {
    fn from(error: StateError) -> Self {
        error.to_string()
    }
}

/// Sends requests to a deployment.
#[derive(Clone, Debug)]
pub struct Client {
    /// The URL that viewers use, without a slash at the end.
    pub url: String,
    pub(crate) caller: Caller,
    http: reqwest::Client,
}

/// An answer with its whole body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// A header's value. Empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON. Null if it isn't JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The sentence of a problem document. `None` for another body.
    pub fn problem_detail(&self) -> Option<String> {
        let detail = self.json().get("detail")?.as_str()?.to_owned();
        (self.header("content-type") == "application/problem+json").then_some(detail)
    }

    /// The status and what the body says, in one line for people: the sentence of a problem document, the code and message of
    /// S3, or the beginning of another text.
    pub fn summary(&self) -> String {
        let said = self.problem_detail().or_else(|| self.s3_error()).unwrap_or_else(|| self.beginning());
        format!("status {}: {said}", self.status)
    }

    /// Code and message of an error of S3. `None` for another body.
    fn s3_error(&self) -> Option<String> {
        let body = str::from_utf8(&self.body).ok()?;
        let element = |name: &str| {
            let (_, rest) = body.split_once(&format!("<{name}>"))?;
            Some(rest.split_once(&format!("</{name}>"))?.0)
        };
        let (_, code) = (body.find("<Error>")?, element("Code")?);
        Some(element("Message").map_or_else(|| code.to_owned(), |message| format!("{code} ({message})")))
    }

    fn beginning(&self) -> String {
        let beginning = self.body.get(..self.body.len().min(200)).unwrap_or_default();
        let words = String::from_utf8_lossy(beginning);
        let words: Vec<&str> = words.split_whitespace().collect();
        words.join(" ")
    }
}

impl Client {
    /// A client of the deployment at `url`. Fails if the system's certificates can't be read.
    pub fn new(url: &str, caller: Caller) -> Result<Self, NoAnswer> {
        let redirects = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().timeout(TIMEOUT).connect_timeout(TIMEOUT).redirect(redirects);
        let http = http.build().map_err(|error| no_answer(&error))?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), caller, http })
    }

    /// Requests a path of the CDN.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Result<Answer, NoAnswer> {
        self.send(&Method::GET, &format!("{}{path}", self.url), headers).await
    }

    /// Sends a request without a body.
    pub async fn send(
        &self,
        method: &Method,
        url: &str,
        headers: &[(&str, &str)],
    ) -> Result<Answer, NoAnswer> {
        let mut request = self.http.request(method.clone(), url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request).await
    }

    /// Calls the upload API.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer, NoAnswer> {
        let url = &self.url;
        let mut request = match &self.caller {
            Caller::Anyone => self.http.request(method, format!("{url}{path}")),
            Caller::Session(session) => self.http.request(method, format!("{url}/u/{session}{path}")),
            Caller::Token(token) => self.http.request(method, format!("{url}{path}")).bearer_auth(token),
        };
        if let Some(body) = body {
            request = request.json(body);
        }
        read(request).await
    }

    /// Sends a file of `bytes` bytes with the form that the signer granted, from a page of `origin` if there is one.
    pub async fn post(
        &self,
        grant: &Value,
        file: Part,
        bytes: u64,
        origin: Option<&str>,
    ) -> Result<Answer, NoAnswer> {
        let mut form = Form::new();
        for (name, value) in grant.get("fields").and_then(Value::as_object).into_iter().flatten() {
            form = form.text(name.clone(), value.as_str().unwrap_or_default().to_owned());
        }
        let form = form.part("file", file.file_name("file"));
        let timeout = TIMEOUT + Duration::from_secs(bytes / SLOWEST_BYTES_PER_SECOND);
        let mut request = self.http.post(text(grant, "url")).multipart(form).timeout(timeout);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        read(request).await
    }

    /// Waits until an upload isn't pending any more, at most `limit`. Returns the signer's report of its state.
    pub async fn state_after_checks(&self, id: &str, limit: Duration) -> Result<Value, StateError> {
        let start = Instant::now();
        loop {
            let answer = self.call(Method::GET, &format!("/uploads/{id}?wait={WAIT_SECONDS}"), None).await?;
            if answer.status != 200 {
                return Err(StateError::Refused(answer.summary()));
            }
            let state = answer.json();
            if text(&state, "state") != "pending" {
                return Ok(state);
            }
            if start.elapsed() > limit {
                return Err(StateError::Pending);
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }
}

/// A text member of an object. Empty if it is missing or not a text.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Reads the URL of a deployment. Fails with a sentence that says how a URL is written.
pub fn parse_url(text: &str) -> Result<String, String> {
    const EXAMPLES: &str = "such as http://127.0.0.1:8080 or https://cdn.example.com";
    if !text.contains("://") {
        let scheme = if text.starts_with("localhost") || text.starts_with("127.") { "http" } else { "https" };
        return Err(format!("the scheme is missing; write {scheme}://{text}"));
    }
    let url = Url::parse(text).map_err(|error| format!("it is not a URL {EXAMPLES}: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("'{}' is neither http nor https; write a URL {EXAMPLES}", url.scheme()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("it has a query or a fragment; write a URL {EXAMPLES}"));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

async fn read(request: reqwest::RequestBuilder) -> Result<Answer, NoAnswer> {
    let response = request.send().await.map_err(|error| no_answer(&error))?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().await.map_err(|error| no_answer(&error))?;
    Ok(Answer { status, headers, body })
}

/// The first cause of an error, without the URL, which may be signed.
fn no_answer(error: &reqwest::Error) -> NoAnswer {
    let mut reason = if error.is_timeout() { "it took too long".to_owned() } else { String::new() };
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        reason = error.to_string();
        cause = error.source();
    }
    NoAnswer(reason)
}

#[cfg(test)]
mod tests;
