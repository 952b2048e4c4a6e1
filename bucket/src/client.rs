//! The AWS SDK's client, configured once for all services.

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation};
use service::env::{self, EnvError};
use service::wire::{Timeouts, Transport};

/// The S3 that a service uses, and the credentials of the service.
#[derive(Clone, Debug)]
pub struct S3Config {
    /// The URL of an S3-compatible server, addressed by path (`<endpoint>/<bucket>/<key>`). `None` selects the region's
    /// own S3, addressed by host name.
    pub endpoint: Option<String>,
    /// The region of the buckets, such as `eu-central-1`.
    pub region: String,
    /// The credentials that sign each request.
    pub credentials: Credentials,
    /// The way to S3.
    pub transport: Transport,
}

impl S3Config {
    /// Reads `TINTYPE_S3_ENDPOINT`, `AWS_REGION` and the credentials from the environment. Fails if a variable
    /// without a default is missing, or if one is not UTF-8.
    pub fn from_env() -> Result<Self, EnvError> {
        Ok(Self {
            endpoint: env::optional(env::S3_ENDPOINT)?,
            region: env::read(env::AWS_REGION)?,
            credentials: env::credentials()?,
            transport: Transport::NETWORK,
        })
    }
}

/// Builds a client. A request is tried up to three times (the SDK's standard retry mode). Checksums are sent and
/// checked only where S3 demands them.
pub fn client(config: &S3Config, timeouts: Timeouts) -> Client {
    let Timeouts { connect, response, operation } = timeouts;
    let mut timeouts = TimeoutConfig::builder();
    timeouts.set_connect_timeout(connect).set_read_timeout(response).set_operation_timeout(operation);
    let mut builder = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(config.region.clone()))
        .credentials_provider(config.credentials.clone())
        .timeout_config(timeouts.build())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .http_client(config.transport.http_client());
    if let Some(endpoint) = &config.endpoint {
        builder = builder.endpoint_url(endpoint).force_path_style(true);
    }
    Client::from_conf(builder.build())
}
