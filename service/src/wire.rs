//! HTTP clients for AWS and for issuers of tokens. They use TLS if the Cargo feature `tls` is on. The local stack
//! doesn't need TLS, because it listens on the loopback interface.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};

#[cfg(feature = "tls")]
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

/// `true` if the clients can use TLS.
pub const HAS_TLS: bool = cfg!(feature = "tls");

/// The way that requests take to AWS. Every client of the services has one; a simulation of AWS takes the network's place.
#[derive(Clone, Default)]
pub struct Transport(Option<Connect>);

type Connect = Arc<dyn Fn(Timeouts) -> SharedHttpConnector + Send + Sync>;

impl Transport {
    /// HTTP over the network.
    pub const NETWORK: Self = Self(None);

    /// Another way than the network. `connect` makes a connector, which applies the time limits of opening a connection and of
    /// waiting for a response.
    pub fn other(connect: impl Fn(Timeouts) -> SharedHttpConnector + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(connect)))
    }

    /// The HTTP client of an SDK client.
    pub fn http_client(&self) -> SharedHttpClient {
        let Some(connect) = self.0.clone() else { return network_client() };
        http_client_fn(move |settings, _| {
            let (connect_limit, response) = (settings.connect_timeout(), settings.read_timeout());
            connect(Timeouts { connect: connect_limit, response, operation: None })
        })
    }

    /// A connector for requests without the SDK. It keeps connections open for later requests. The caller applies the limit of
    /// the whole operation.
    pub fn connector(&self, timeouts: Timeouts) -> SharedHttpConnector {
        self.0.as_ref().map_or_else(|| network_connector(timeouts), |connect| connect(timeouts))
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Transport::other" } else { "Transport::NETWORK" })
    }
}

fn network_client() -> SharedHttpClient {
    #[cfg(feature = "tls")]
    return Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    #[cfg(not(feature = "tls"))]
    Builder::new().build_http()
}

fn network_connector(timeouts: Timeouts) -> SharedHttpConnector {
    let mut settings = HttpConnectorSettings::builder();
    settings.set_connect_timeout(timeouts.connect).set_read_timeout(timeouts.response);
    let builder = Connector::builder().connector_settings(settings.build());
    #[cfg(feature = "tls")]
    return SharedHttpConnector::new(builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build());
    #[cfg(not(feature = "tls"))]
    SharedHttpConnector::new(builder.build_http())
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
