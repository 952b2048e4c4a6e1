//! The methods of each kind of resource. S3 answers another method with 405 and the header `Allow`.

use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use s3s::{S3Error, S3ErrorCode};

const OF_THE_SERVICE: &[&str] = &["GET"];

const OF_BUCKETS: &[&str] = &["GET", "HEAD", "PUT", "POST", "DELETE"];

const OF_OBJECTS: &[&str] = &["HEAD", "DELETE", "GET", "PUT"];

/// The parameters with which an object has the method POST.
const POSTS_OF_OBJECTS: [&str; 4] = ["uploads", "uploadId", "select", "restore"];

/// Refuses a method that the service, the bucket or the object of the path doesn't have.
pub(crate) fn check(request: &Parts) -> Result<(), S3Error> {
    let methods = match request.uri.path().trim_start_matches('/').split_once('/') {
        None if request.uri.path() == "/" => OF_THE_SERVICE,
        Some((_, object)) if !object.is_empty() => OF_OBJECTS,
        Some(_) | None => OF_BUCKETS,
    };
    let method = request.method.as_str();
    let is_post_of_object = method == "POST" && has_post(request.uri.query().unwrap_or_default());
    if methods.contains(&method) || (methods == OF_OBJECTS && is_post_of_object) {
        return Ok(());
    }
    let sentence = "The specified method is not allowed against this resource.";
    let mut error = S3Error::with_message(S3ErrorCode::MethodNotAllowed, sentence);
    let allowed = HeaderValue::try_from(methods.join(", "));
    error.set_headers(allowed.into_iter().map(|methods| (header::ALLOW, methods)).collect::<HeaderMap>());
    Err(error)
}

fn has_post(query: &str) -> bool {
    query.split('&').any(|pair| POSTS_OF_OBJECTS.contains(&pair.split('=').next().unwrap_or_default()))
}
