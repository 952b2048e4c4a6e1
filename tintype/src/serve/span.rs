//! The span of a request, by OpenTelemetry's conventions for HTTP. It is exported and not logged.

use std::borrow::Cow;

use contract::key::Area;
use http::StatusCode;
use http::request::Parts;
use tracing::Span;
use tracing::field::Empty;

/// The span of a request, in the trace of its caller.
pub(super) fn of(request: &Parts) -> Span {
    let span = tracing::trace_span!(
        "request",
        otel.name = request.method.as_str(),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = request.method.as_str(),
        http.response.status_code = Empty,
        url.path = &*without_secret(request.uri.path()),
    );
    #[cfg(feature = "otlp")]
    super::otlp::continue_trace(&span, &request.headers);
    span
}

/// Records the status of the response.
pub(super) fn record(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// The path without the session of an upload and the pass of a private video, which are its second segments.
fn without_secret(path: &str) -> Cow<'_, str> {
    for area in ["u", Area::PrivateVideos.segment()] {
        let below = path.strip_prefix('/').and_then(|path| path.strip_prefix(area)?.strip_prefix('/'));
        if let Some(below) = below {
            let rest = below.split_once('/').map_or("", |(_, rest)| rest);
            return format!("/{area}/-/{rest}").into();
        }
    }
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_and_passes_are_not_recorded() {
        let check = |path: &str, expected: &str| assert_eq!(without_secret(path), expected);
        check("/files/1/cat.jpg", "/files/1/cat.jpg");
        check("/uploads", "/uploads");
        check("/u/eyJh.eyJz.c2ln/uploads", "/u/-/uploads");
        check("/u/eyJh.eyJz.c2ln", "/u/-/");
        check("/private-videos/~1764.c2ln/1/index.m3u8", "/private-videos/-/1/index.m3u8");
        check("/unknown/path", "/unknown/path");
    }
}
