//! HTTP clients for AWS and for issuers of tokens. They use TLS if the Cargo feature `tls` is on; the local stack needs none,
//! since it listens on the loopback.

use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpClient};

#[cfg(feature = "tls")]
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

/// The HTTP client of an SDK client.
pub fn http_client() -> SharedHttpClient {
    #[cfg(feature = "tls")]
    return Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    #[cfg(not(feature = "tls"))]
    Builder::new().build_http()
}

/// A connector for requests without the SDK.
pub fn connector(settings: HttpConnectorSettings) -> Connector {
    let builder = Connector::builder().connector_settings(settings);
    #[cfg(feature = "tls")]
    return builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build();
    #[cfg(not(feature = "tls"))]
    builder.build_http()
}
