//! HTTP clients for AWS and for issuers of tokens. They use TLS if the Cargo feature `tls` is on. The local stack
//! doesn't need TLS, because it listens on the loopback interface.

use std::time::Duration;

use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpClient, SharedHttpConnector};

#[cfg(feature = "tls")]
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

/// `true` if the clients can use TLS.
pub const HAS_TLS: bool = cfg!(feature = "tls");

/// The HTTP client of an SDK client.
pub fn http_client() -> SharedHttpClient {
    #[cfg(feature = "tls")]
    return Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    #[cfg(not(feature = "tls"))]
    Builder::new().build_http()
}

/// Time limits of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Limit for opening a connection, in one attempt. `None` selects the SDK's default, 3.1 seconds.
    pub connect: Option<Duration>,
    /// Limit of one attempt, from the request to the first byte of the response. It includes sending the request's
    /// body. `None` means no limit.
    pub response: Option<Duration>,
    /// Limit of all attempts together, including the pauses between them. `None` means no limit.
    pub operation: Option<Duration>,
}

impl Timeouts {
    /// The timeouts of a service without special needs: 10 seconds to connect, 10 seconds for the first byte.
    pub const COMMON: Self = Self {
        connect: Some(Duration::from_secs(10)),
        response: Some(Duration::from_secs(10)),
        operation: None,
    };

    /// The timeouts of a service for which viewers wait: 10 seconds for the first byte, and the SDK's shorter limit for
    /// opening a connection.
    pub const INTERACTIVE: Self = Self { connect: None, ..Self::COMMON };

    /// The SDK's defaults: 3.1 seconds to connect, no other limit.
    pub const SDK_DEFAULTS: Self = Self { connect: None, response: None, operation: None };
}

/// A connector for requests without the SDK. It keeps connections open for later requests. The caller applies the limit of
/// the whole operation.
pub fn connector(timeouts: Timeouts) -> SharedHttpConnector {
    let mut settings = HttpConnectorSettings::builder();
    settings.set_connect_timeout(timeouts.connect).set_read_timeout(timeouts.response);
    let builder = Connector::builder().connector_settings(settings.build());
    #[cfg(feature = "tls")]
    return SharedHttpConnector::new(builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build());
    #[cfg(not(feature = "tls"))]
    SharedHttpConnector::new(builder.build_http())
}
