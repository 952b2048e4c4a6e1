//! What speaks HTTP to AWS and to issuers of tokens: over TLS where that is built in. On one machine both are spoken
//! to in the clear, on the loopback.

use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpClient};

#[cfg(feature = "tls")]
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

/// For a client of the SDK.
pub fn http_client() -> SharedHttpClient {
    #[cfg(feature = "tls")]
    return Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    #[cfg(not(feature = "tls"))]
    Builder::new().build_http()
}

/// For a request of our own.
pub fn connector(settings: HttpConnectorSettings) -> Connector {
    let builder = Connector::builder().connector_settings(settings);
    #[cfg(feature = "tls")]
    return builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build();
    #[cfg(not(feature = "tls"))]
    builder.build_http()
}
