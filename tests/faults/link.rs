//! The connector between the services and the network in memory.

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use bucket::S3Config;
use http_body_util::BodyExt as _;
use service::wire::{Timeouts, Transport};
use tintype::local::names::REGION;

use super::answer::{Reset, connection_reset};
use super::process::Instance;
use super::wire::Wire;

/// The way of a process to AWS.
pub(crate) fn transport(wire: &Wire, from: Instance) -> Transport {
    let wire = wire.clone();
    Transport::other(move |timeouts| SharedHttpConnector::new(Link { wire: wire.clone(), from, timeouts }))
}

/// The connector of a process.
#[derive(Clone)]
struct Link {
    wire: Wire,
    from: Instance,
    timeouts: Timeouts,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Link of {:?}", self.from)
    }
}

impl HttpConnector for Link {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self { wire, from, timeouts } = self.clone();
        HttpConnectorFuture::new(async move {
            let user = |error: &dyn ToString| ConnectorError::user(error.to_string().into());
            let request = request.try_into_http1x().map_err(|error| user(&error))?;
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(|error| user(&error))?.to_bytes();
            let sending = wire.send(from, http::Request::from_parts(parts, body));
            let answer = match timeouts.response {
                None => sending.await,
                Some(limit) => tokio::time::timeout(limit, sending)
                    .await
                    .map_err(|late| ConnectorError::timeout(late.into()))?,
            };
            let answer = answer.map_err(|Reset| ConnectorError::io(connection_reset().into()))?;
            HttpResponse::try_from(answer.into_response()).map_err(|error| user(&error))
        })
    }
}

/// S3 for a process with these credentials.
pub(crate) fn s3_config(wire: &Wire, from: Instance, credentials: Credentials) -> S3Config {
    let endpoint = Some("http://s3".to_owned());
    S3Config { endpoint, region: REGION.to_owned(), credentials, transport: transport(wire, from) }
}
