//! The distribution's edge functions, run as CloudFront runs them: the deployed source in a JavaScript engine, with
//! CloudFront's events, results and quotas.
//!
//! Reading order: [`EdgeFunctions`]; [`request`] (a viewer's request and its outcome); `event` (the argument of a
//! function); `engine` (runs a function); `result` (the value that a function returns); [`key_values`] (the store that
//! functions read).

pub mod request;

mod event;

mod engine;

mod result;

mod entries;

pub mod key_values;

pub mod error;

use std::borrow::Cow;
use std::sync::Arc;

use cdn_config::functions::{VIEWER_REQUEST, VIEWER_RESPONSE};
use http::{HeaderMap, Response};
use jiff::Timestamp;

use engine::Script;
use entries::Entries;
use error::FunctionError;
use key_values::KeyValues;
use request::{RequestOutcome, ViewerRequest};
use result::{FunctionResult, ResultHeaders};

/// The two edge functions, ready to run on any thread. Clones share them.
#[derive(Clone, Debug)]
pub struct EdgeFunctions {
    viewer_request: Arc<Script>,
    viewer_response: Arc<Script>,
}

impl EdgeFunctions {
    /// Loads Tintype's functions over a key-value store and a clock. Fails if a source can't be loaded.
    pub fn new(key_values: KeyValues, clock: fn() -> Timestamp) -> Result<Self, FunctionError> {
        Self::of_sources(VIEWER_REQUEST.into(), VIEWER_RESPONSE.into(), key_values, clock)
    }

    /// Loads functions by their sources, over a key-value store and a clock. Fails if a source can't be loaded.
    pub fn of_sources(
        viewer_request: Cow<'static, str>,
        viewer_response: Cow<'static, str>,
        key_values: KeyValues,
        clock: fn() -> Timestamp,
    ) -> Result<Self, FunctionError> {
        let script = |source, key_values| Arc::new(Script { source, key_values, clock });
        let viewer_request = script(viewer_request, key_values.clone());
        let viewer_response = script(viewer_response, key_values);
        engine::load(&viewer_request)?;
        engine::load(&viewer_response)?;
        Ok(Self { viewer_request, viewer_response })
    }

    /// Runs the viewer request function. Blocks for less than a millisecond.
    pub fn viewer_request(&self, request: &ViewerRequest<'_>) -> Result<RequestOutcome, FunctionError> {
        let run = engine::run(&self.viewer_request, &event::viewer_request(request))?;
        match FunctionResult::read(&run.result)? {
            FunctionResult::Request { path, headers } => {
                let mut forwarded = HeaderMap::new();
                ResultHeaders(headers).apply(&Entries::new(), &mut forwarded)?;
                Ok(RequestOutcome::Forward { path, target: run.target, headers: forwarded })
            }
            FunctionResult::Response { status, headers, body } => {
                let mut response = Response::new(body);
                *response.status_mut() = status;
                headers.apply(&Entries::new(), response.headers_mut())?;
                Ok(RequestOutcome::Respond(response))
            }
        }
    }

    /// Runs the viewer response function and applies the headers of its result to the response. The function sees the
    /// viewer's request, as AWS documents, and not the one that the viewer request function returned.
    pub fn viewer_response<B>(
        &self,
        request: &ViewerRequest<'_>,
        mut response: Response<B>,
    ) -> Result<Response<B>, FunctionError> {
        let before = event::headers(response.headers());
        let event = event::viewer_response(request, response.status(), &before);
        let run = engine::run(&self.viewer_response, &event)?;
        match FunctionResult::read(&run.result)? {
            FunctionResult::Request { .. } => {
                Err(FunctionError::Result("a request instead of a response".to_owned()))
            }
            FunctionResult::Response { headers, .. } => {
                headers.apply(&before, response.headers_mut())?;
                Ok(response)
            }
        }
    }
}

#[cfg(test)]
mod tests;
