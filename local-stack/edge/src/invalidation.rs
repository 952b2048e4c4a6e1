//! CloudFront's API operation `CreateInvalidation`. It doesn't check signatures: it listens on the loopback interface
//! only, and an invalidation harms nobody.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use uuid::Uuid;

use crate::cache::Cache;

/// The ID of the local distribution.
pub const DISTRIBUTION: &str = "ELOCAL";

/// The maximum number of paths in one invalidation (CloudFront's quota).
const MAX_PATHS: usize = 3000;

/// The API over the cache of one distribution, as a service.
pub fn app(cache: Cache) -> Router {
    Router::new().route("/2020-05-31/distribution/{id}/invalidation", post(create)).with_state(cache)
}

async fn create(State(cache): State<Cache>, Path(id): Path<String>, body: String) -> Response {
    if id != DISTRIBUTION {
        return refusal(StatusCode::NOT_FOUND, "NoSuchDistribution", "the local distribution is ELOCAL");
    }
    let Ok(batch) = roxmltree::Document::parse(&body) else {
        return refusal(StatusCode::BAD_REQUEST, "MalformedXML", "the body is no XML");
    };
    let paths: Vec<_> = batch
        .descendants()
        .filter(|node| node.tag_name().name() == "Path")
        .filter_map(|node| node.text())
        .collect();
    let is_path =
        |path: &&str| path.starts_with('/') && !path.strip_suffix('*').unwrap_or(path).contains('*');
    if paths.is_empty() || paths.len() > MAX_PATHS || !paths.iter().all(is_path) {
        let sentence =
            "1 to 3000 paths are allowed; each begins with a slash, and * is its last character or nowhere";
        return refusal(StatusCode::BAD_REQUEST, "InvalidArgument", sentence);
    }
    for path in paths {
        cache.invalidate(path);
    }
    let body = format!(
        "<Invalidation xmlns=\"{NAMESPACE}\"><Id>{}</Id><Status>Completed</Status>\
         <CreateTime>1970-01-01T00:00:00Z</CreateTime>{}</Invalidation>",
        Uuid::new_v4().simple(),
        without_declaration(&body)
    );
    (StatusCode::CREATED, XML, body).into_response()
}

const XML: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "text/xml")];

const NAMESPACE: &str = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

/// Removes the XML declaration, so that the batch can be an element of the answer.
fn without_declaration(xml: &str) -> &str {
    xml.strip_prefix("<?").and_then(|rest| rest.split_once("?>")).map_or(xml, |(_, rest)| rest)
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let body = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error></ErrorResponse>"
    );
    (status, XML, body).into_response()
}
