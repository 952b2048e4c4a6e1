//! The HTTP client that fetches an issuer's keys and the signer's secrets.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use http_body_util::{BodyExt as _, Limited};
use service::wire::connector;

/// The largest body of a response, in bytes: hundreds of keys.
const MAX_BYTES: usize = 256 * 1024;

/// Limit of the time to connect, and of the time to the first byte of the response.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The body of the response to a GET, or the reason for the failure.
pub(crate) async fn get(url: String) -> Result<Vec<u8>, String> {
    send(HttpRequest::get(url).map_err(|error| error.to_string())?).await
}

/// The body of the response to a request, or the reason for the failure. Only the status 200 is a success.
pub(crate) async fn send(request: HttpRequest) -> Result<Vec<u8>, String> {
    let settings = HttpConnectorSettings::builder().connect_timeout(TIMEOUT).read_timeout(TIMEOUT).build();
    let response = connector(settings).call(request).await.map_err(|error| format!("{error:?}"))?;
    if response.status().as_u16() != 200 {
        return Err(format!("the answer has the status {}", response.status().as_u16()));
    }
    let body = Limited::new(response.into_body(), MAX_BYTES).collect().await;
    Ok(body.map_err(|error| error.to_string())?.to_bytes().to_vec())
}
