//! The CDN's edge functions, run as CloudFront runs them: the source that is deployed, in a JavaScript engine,
//! with CloudFront's event in, a request or a response out, and its quotas on memory and time.
//!
//! Reading order: [`EdgeFunctions`]; `event`, what they are given; `answer`, what they give back; `engine`,
//! which runs them; [`KeyValues`], what they look up.

use std::sync::Arc;

use cdn_config::behaviors::{Target, behavior_of};
use cdn_config::functions::{VIEWER_REQUEST, VIEWER_RESPONSE};
use http::{HeaderMap, Method, Response};
use jiff::Timestamp;

use answer::Answer;
use engine::Script;
pub use key_values::KeyValues;

mod answer;

mod engine;

mod event;

mod key_values;

/// The two edge functions, ready to run on any thread. A clone is the same functions.
#[derive(Clone, Debug)]
pub struct EdgeFunctions {
    viewer_request: Arc<Script>,
    viewer_response: Arc<Script>,
}

/// A viewer's request, as it came in.
#[derive(Clone, Copy, Debug)]
pub struct ViewerRequest<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path, still escaped.
    pub path: &'a str,
    /// The query without its question mark, still escaped; empty where there is none.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
}

/// What becomes of a viewer's request.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It goes on, to the cache and then to an origin.
    Forward {
        /// The path in its canonical form: the cache's key.
        path: String,
        /// Who answers what isn't in the cache.
        target: Target,
        /// The request's headers as the function left them, for the function of the response.
        headers: ForwardedHeaders,
    },
    /// It ends here, with this response.
    Respond(Response<String>),
}

/// The headers of a request that goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForwardedHeaders(event::Entries);

/// Why a function gave no answer. CloudFront would answer 503.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// The source is no function.
    #[error("the edge function can't be loaded: {0}")]
    Load(String),
    /// It threw, or ran out of memory.
    #[error("the edge function failed: {0}")]
    Failed(String),
    /// It took more steps than it may.
    #[error("the edge function was stopped: it took too many steps")]
    TooLong,
    /// It gave back what is neither a request nor a response.
    #[error("the edge function gave back what CloudFront would refuse: {0}")]
    Answer(String),
}

impl EdgeFunctions {
    /// The functions that are deployed, over a key-value store and a clock. Fails where a source doesn't load.
    pub fn new(key_values: KeyValues, clock: fn() -> Timestamp) -> Result<Self, FunctionError> {
        let script = |source, key_values| Arc::new(Script { source, key_values, clock });
        let viewer_request = script(VIEWER_REQUEST, key_values.clone());
        let viewer_response = script(VIEWER_RESPONSE, key_values);
        engine::load(&viewer_request)?;
        engine::load(&viewer_response)?;
        Ok(Self { viewer_request, viewer_response })
    }

    /// What becomes of a viewer's request, before the cache. Blocks for less than a millisecond.
    pub fn viewer_request(&self, request: &ViewerRequest<'_>) -> Result<Outcome, FunctionError> {
        let ran = engine::run(&self.viewer_request, &event::viewer_request(request))?;
        match Answer::read(&ran.answer)? {
            Answer::Request { path, headers } => {
                let target = ran.target.unwrap_or(Target::Origin(behavior_of(request.path).origin));
                Ok(Outcome::Forward { path, target, headers: ForwardedHeaders(headers) })
            }
            Answer::Response { status, headers, body } => {
                let mut response = Response::new(body);
                *response.status_mut() = status;
                headers.apply(&event::Entries::new(), response.headers_mut())?;
                Ok(Outcome::Respond(response))
            }
        }
    }

    /// A response on its way to the viewer, with the headers that the function gives it. `path` and `headers` are those
    /// that [`Outcome::Forward`] named.
    pub fn viewer_response<B>(
        &self,
        path: &str,
        headers: &ForwardedHeaders,
        mut response: Response<B>,
    ) -> Result<Response<B>, FunctionError> {
        let given = event::headers(response.headers());
        let event = event::viewer_response(path, &headers.0, response.status(), &given);
        let ran = engine::run(&self.viewer_response, &event)?;
        match Answer::read(&ran.answer)? {
            Answer::Request { .. } => {
                Err(FunctionError::Answer("a request instead of a response".to_owned()))
            }
            Answer::Response { headers, .. } => {
                headers.apply(&given, response.headers_mut())?;
                Ok(response)
            }
        }
    }
}

#[cfg(test)]
mod tests;
