//! A scan by an HTTP endpoint.

use bucket::{ByteStream, ObjectVersion};
use http::{StatusCode, header};
use reqwest::Body;
use tokio_util::io::ReaderStream;

use super::result::{ScanError, ScanResult};

/// Posts the content as a stream, and maps the status of the response to a result.
pub(super) async fn scan(
    url: &str,
    object: &ObjectVersion,
    content: ByteStream,
) -> Result<ScanResult, ScanError> {
    let body = Body::wrap_stream(ReaderStream::with_capacity(content.into_async_read(), 64 << 10));
    // A new client for each scan: scans are rare, and idle connections break while a Lambda function is frozen.
    let request =
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
    let request = request
        .post(url)
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header(header::CONTENT_LENGTH, object.bytes)
        .body(body);
    let status = request.send().await?.status();
    match status {
        StatusCode::OK => Ok(ScanResult::Clean),
        StatusCode::NOT_ACCEPTABLE => Ok(ScanResult::Harmful),
        _ => Err(ScanError::Undecided(format!("its endpoint answered {status}"))),
    }
}
