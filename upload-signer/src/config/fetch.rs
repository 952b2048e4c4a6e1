//! The HTTP client of pages that the signer itself reads: an issuer's keys, its own secrets.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use http_body_util::{BodyExt as _, Limited};
use service::wire::connector;

/// The longest page that is read, in bytes: hundreds of keys.
const MAX_BYTES: usize = 256 * 1024;

/// How long a server may take to be reached and to begin its answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The body that a URL answers a GET with, or why there is none.
pub(crate) async fn get(url: String) -> Result<Vec<u8>, String> {
    send(HttpRequest::get(url).map_err(|error| error.to_string())?).await
}

/// The body that a request is answered with, or why there is none.
pub(crate) async fn send(request: HttpRequest) -> Result<Vec<u8>, String> {
    let settings = HttpConnectorSettings::builder().connect_timeout(PATIENCE).read_timeout(PATIENCE).build();
    let response = connector(settings).call(request).await.map_err(|error| format!("{error:?}"))?;
    if response.status().as_u16() != 200 {
        return Err(format!("the answer has the status {}", response.status().as_u16()));
    }
    let body = Limited::new(response.into_body(), MAX_BYTES).collect().await;
    Ok(body.map_err(|error| error.to_string())?.to_bytes().to_vec())
}
