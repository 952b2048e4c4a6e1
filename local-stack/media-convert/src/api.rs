//! The HTTP API: `signature` checks signatures, `operations` implements `MediaConvert`'s operations, `probe_result` is the
//! answer of `Probe`, `error` the answer of a failed request.

mod error;
mod operations;
mod probe_result;
mod signature;

use std::sync::Arc;

use axum::{Router, middleware};

pub(crate) use signature::Callers;

use crate::queue::Queue;

/// The API as a service. It accepts requests with the signature of a known caller.
pub(crate) fn app(queue: Arc<Queue>, callers: Callers) -> Router {
    operations::routes(queue, callers.region.clone())
        .layer(middleware::from_fn_with_state(callers, signature::require))
}
