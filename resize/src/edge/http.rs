//! The service's HTTP side: a canonical path in, the variant out.

pub(crate) mod response;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use contract::format::FormatChoice;
use contract::request::from_canonical_path;
use futures::future::{FutureExt as _, ready};
use futures::stream::{self, StreamExt as _};
use http::{HeaderMap, Method, header};
use service::problem::{Kind, Problem};
use tracing::Instrument as _;

use crate::edge::http::response::{fallback, is_fresh, respond};
use crate::edge::render_service::{Made, RenderService, Wanted};

/// Answers `GET` and `HEAD` of canonical paths, `/<key>/<variant>`.
pub fn app(resizer: Arc<RenderService>) -> Router {
    Router::new().fallback(answer).with_state(resizer)
}

async fn answer(State(resizer): State<Arc<RenderService>>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    if !matches!(*method, Method::GET | Method::HEAD) {
        let problem = Problem::new(Kind::MethodNotAllowed, "variants are read by GET and HEAD");
        return problem.allowing(["GET", "HEAD"]).into_response();
    }
    let Some((key, variant)) = from_canonical_path(path) else {
        return Problem::new(Kind::NotFound, "the path is no canonical path of a variant").into_response();
    };
    let wanted = Wanted { key, variant };
    resizer.serve(&wanted, *method == Method::HEAD, request.headers()).await
}

impl RenderService {
    /// Answers a request for a variant, whatever path it came by.
    pub(crate) async fn serve(
        self: &Arc<Self>,
        wanted: &Wanted,
        is_head: bool,
        headers: &HeaderMap,
    ) -> Response {
        let span = tracing::info_span!("variant", key = %wanted.key, variant = %wanted.variant);
        let answer = async {
            match self.answer(wanted, is_head, headers).await {
                Ok(response) => response,
                Err(problem) => self.instead(wanted, is_head, problem).await,
            }
        };
        let response = answer.instrument(span).await;
        self.metrics.responded(response.status());
        response
    }

    /// `HEAD` and conditional requests for a variant that is known cost one `HeadObject` and no decoding.
    async fn answer(
        self: &Arc<Self>,
        wanted: &Wanted,
        is_head: bool,
        headers: &HeaderMap,
    ) -> Result<Response, Problem> {
        let condition = headers.get(header::IF_NONE_MATCH).filter(|_| !wanted.variant.is_explained());
        if (is_head || condition.is_some())
            && let Some(known) = self.known(wanted).await?
            && (is_head || is_fresh(condition, &known.etag))
        {
            return Ok(respond(&known, condition, Body::empty(), ""));
        }
        let made = self.made(wanted).await?;
        let (described, timing) = (made.described.clone(), made.timing.clone());
        Ok(respond(&described, condition, body(made, is_head), &timing))
    }

    /// What is answered instead of a variant: the problem, or under its status the policy's fallback picture as the
    /// variant was asked for.
    async fn instead(self: &Arc<Self>, wanted: &Wanted, is_head: bool, problem: Problem) -> Response {
        let is_of_the_source = match problem.kind() {
            Kind::NotFound | Kind::Missing | Kind::TooLarge | Kind::Unreadable => true,
            Kind::BadRequest
            | Kind::Forbidden
            | Kind::Expired
            | Kind::MethodNotAllowed
            | Kind::Conflict
            | Kind::UnsupportedType
            | Kind::Busy
            | Kind::StorageUnavailable
            | Kind::DeadlineExceeded
            | Kind::NotImplemented
            | Kind::Internal => false,
        };
        let is_picture = wanted.variant.format() != FormatChoice::Info && !wanted.variant.is_explained();
        let key = self
            .config()
            .fallback_image
            .clone()
            .filter(|key| is_of_the_source && is_picture && *key != wanted.key);
        let Some(key) = key else { return problem.into_response() };
        // What speaks of the source itself means nothing for another picture.
        let variant = wanted.variant.clone().with_cutout(None).with_frame(None).with_version(None);
        match self.made(&Wanted { key, variant }).await {
            Ok(made) => fallback(&made.described.clone(), problem.kind(), body(made, is_head)),
            Err(failure) => {
                tracing::warn!(reason = failure.detail(), "the fallback picture can't be shown");
                problem.into_response()
            }
        }
    }
}

/// The picture, and an end that comes when it is stored: a Lambda is frozen as soon as its response ends.
fn body(made: Made, is_head: bool) -> Body {
    let bytes = if is_head { Bytes::new() } else { made.bytes };
    let stored = made.stored.map(|()| Bytes::new()).into_stream();
    let chunks = stream::iter([bytes]).chain(stored).filter(|chunk| ready(!chunk.is_empty()));
    Body::from_stream(chunks.map(Ok::<_, Infallible>))
}
