//! A viewer's request, and its outcome after the viewer request function.

use cdn_config::behaviors::Target;
use http::{HeaderMap, Method, Response};

/// A viewer's request as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct ViewerRequest<'a> {
    /// The method.
    pub method: &'a Method,
    /// The percent-encoded path.
    pub path: &'a str,
    /// The percent-encoded query without its question mark. Empty if there is none.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
}

/// The outcome of the viewer request function.
#[derive(Clone, Debug)]
pub enum RequestOutcome {
    /// The request goes on to the cache and, if the cache has no entry, to an origin.
    Forward {
        /// The canonical path, which is the cache key.
        path: String,
        /// The origins to fetch from, if the function selected others than the behaviour's.
        target: Option<Target>,
        /// The request's headers as the function returned them.
        headers: HeaderMap,
    },
    /// The function answered the request itself.
    Respond(Response<String>),
}
