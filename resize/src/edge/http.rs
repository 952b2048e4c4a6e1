//! The HTTP side of the render service: it answers a canonical path with the variant.

mod response;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use contract::caching::cache_tag;
use contract::format::FormatChoice;
use contract::request::from_canonical_path;
use futures::future::{FutureExt as _, ready};
use futures::stream::{self, StreamExt as _};
use http::{HeaderMap, Method, header};
use service::problem::{Kind, Problem};
use tracing::Instrument as _;

use response::{fallback_response, is_not_modified, problem_response, variant_response};

use crate::edge::render_service::RenderService;
use crate::edge::render_service::rendered_variant::RenderedVariant;
use crate::edge::variant_request::VariantRequest;

/// Answers `GET` and `HEAD` requests for canonical paths, `/<key>/<variant>`. Behind a function URL each request passes
/// [`whole`] first.
pub fn app(service: Arc<RenderService>) -> Router {
    Router::new().fallback(handle).with_state(service)
}

/// A request for the whole response: `HEAD` becomes `GET`, and the condition is removed. In a function URL, a streamed
/// response without a byte hangs for half a minute; responses to `HEAD` and responses with status 304 have none.
/// CloudFront itself makes both from the whole response.
pub fn whole<B>(mut request: http::Request<B>) -> http::Request<B> {
    if *request.method() == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
    request.headers_mut().remove(header::IF_NONE_MATCH);
    request
}

async fn handle(State(service): State<Arc<RenderService>>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    if !matches!(*method, Method::GET | Method::HEAD) {
        let detail = "variants are read with GET or HEAD";
        return Problem::method_not_allowed(detail, ["GET", "HEAD"]).into_response();
    }
    let Some((key, variant)) = from_canonical_path(path) else {
        return Problem::new(Kind::NotFound, "the path is not a canonical path of a variant").into_response();
    };
    let span = tracing::info_span!("variant", %key, %variant);
    let (variant_request, is_head) = (VariantRequest { key, variant }, *method == Method::HEAD);
    let response = answer(&service, &variant_request, is_head, request.headers()).instrument(span).await;
    service.count_response(response.status());
    response
}

/// The response to a request for a variant of a file that isn't there, or that viewers may not read: the policy's fallback
/// picture with the status 404, or the problem.
pub async fn missing(service: &Arc<RenderService>, path: &str, is_head: bool) -> Response {
    let problem = Problem::new(Kind::Missing, "there is no such file");
    let Some((key, variant)) = from_canonical_path(path) else { return problem.into_response() };
    let response = failure(service, &VariantRequest { key, variant }, is_head, problem).await;
    service.count_response(response.status());
    response
}

/// Answers with the variant, or with a failure.
async fn answer(
    service: &Arc<RenderService>,
    request: &VariantRequest,
    is_head: bool,
    headers: &HeaderMap,
) -> Response {
    let result = match service.resolved(request).await {
        Ok(resolved) => variant(service, &resolved, is_head, headers).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(response) => response,
        Err(problem) => failure(service, request, is_head, problem).await,
    }
}

/// The response with a variant. `HEAD` and conditional requests for a stored variant cost one `HeadObject` and no
/// rendering.
async fn variant(
    service: &Arc<RenderService>,
    request: &VariantRequest,
    is_head: bool,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let condition = headers.get(header::IF_NONE_MATCH).filter(|_| !request.variant.is_explained());
    if (is_head || condition.is_some())
        && let Some(metadata) = service.metadata(request).await?
        && (is_head || is_not_modified(condition, &metadata.etag))
    {
        return Ok(variant_response(&metadata, condition, Body::empty(), None));
    }
    if !is_head && let Some(stored) = service.stored(request).await? {
        let chunks = stream::unfold(stored.body, async |mut body| Some((body.next().await?, body)));
        return Ok(variant_response(&stored.metadata, condition, Body::from_stream(chunks), None));
    }
    let rendered = service.render(request).await?;
    let (metadata, timings) = (rendered.metadata.clone(), rendered.timings.clone());
    Ok(variant_response(&metadata, condition, body(rendered, is_head), Some(&timings)))
}

/// The response to a request that fails: the problem, or the policy's fallback picture with the problem's status if
/// the original is at fault.
async fn failure(
    service: &Arc<RenderService>,
    request: &VariantRequest,
    is_head: bool,
    problem: Problem,
) -> Response {
    let tag = cache_tag(&request.key);
    let Some(request) = fallback_request(service, request, problem.kind()) else {
        return problem_response(problem, &tag);
    };
    match service.render(&request).await {
        Ok(rendered) => {
            let metadata = rendered.metadata.clone();
            fallback_response(&metadata, &tag, problem.kind(), body(rendered, is_head))
        }
        Err(failure) => {
            tracing::warn!(reason = failure.detail(), "the fallback picture can't be rendered");
            problem_response(problem, &tag)
        }
    }
}

/// The request for the policy's fallback picture in the form of the variant that failed.
fn fallback_request(service: &RenderService, request: &VariantRequest, kind: Kind) -> Option<VariantRequest> {
    let is_picture = request.variant.format() != FormatChoice::Info && !request.variant.is_explained();
    if !is_fault_of_original(kind) || !is_picture {
        return None;
    }
    let key = service.config().fallback_image.clone().filter(|key| *key != request.key)?;
    // The cut, the frame, the moment and the version refer to the original and have no meaning for another picture.
    let variant =
        request.variant.clone().with_cutout(None).with_frame(None).with_moment(0).with_version(None);
    Some(VariantRequest { key, variant })
}

/// `true` if the request failed because of the original that it names.
const fn is_fault_of_original(kind: Kind) -> bool {
    match kind {
        Kind::NotFound | Kind::Missing | Kind::OversizedOriginal | Kind::Unreadable => true,
        Kind::BadRequest
        | Kind::Forbidden
        | Kind::Expired
        | Kind::MethodNotAllowed
        | Kind::Conflict
        | Kind::TooLarge
        | Kind::UnsupportedType
        | Kind::Busy
        | Kind::StorageUnavailable
        | Kind::DeadlineExceeded
        | Kind::NotImplemented
        | Kind::Internal => false,
    }
}

/// The bytes of a variant. The body ends when the variant is stored, if it is, because Lambda freezes the process as soon as the
/// response ends.
fn body(rendered: RenderedVariant, is_head: bool) -> Body {
    let bytes = if is_head { Bytes::new() } else { rendered.bytes };
    let storing = rendered.storing.map(|_| Bytes::new()).into_stream();
    let chunks = stream::iter([bytes]).chain(storing).filter(|chunk| ready(!chunk.is_empty()));
    Body::from_stream(chunks.map(Ok::<_, Infallible>))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_behind_a_function_url_asks_for_the_whole_response() {
        for method in [Method::GET, Method::HEAD] {
            let request = http::Request::builder().method(method).header("if-none-match", "*");
            let request = whole(request.header("x-other", "kept").body(()).unwrap());
            assert_eq!(request.method(), Method::GET);
            assert_eq!(
                request.headers().keys().map(http::HeaderName::as_str).collect::<Vec<_>>(),
                ["x-other"]
            );
        }
        let write = whole(http::Request::builder().method(Method::POST).body(()).unwrap());
        assert_eq!(write.method(), Method::POST);
    }
}
