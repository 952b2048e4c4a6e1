//! The CDN, told to forget.

use aws_credential_types::Credentials;
use aws_sdk_cloudfront::Client;
use aws_sdk_cloudfront::config::{BehaviorVersion, Region};
use aws_sdk_cloudfront::types::{InvalidationBatch, Paths};
use contract::key::Key;
use service::wire::http_client;
use uuid::Uuid;

/// A CloudFront distribution.
#[derive(Clone, Debug)]
pub struct Cdn {
    client: Client,
    distribution: String,
}

/// The CDN doesn't answer or refuses.
#[derive(Debug, thiserror::Error)]
#[error("the CDN doesn't take an invalidation: {0}")]
pub struct CdnError(String);

impl Cdn {
    /// A distribution by its id; `endpoint` names another API than AWS's own.
    pub fn new(distribution: &str, credentials: Credentials, endpoint: Option<&str>) -> Self {
        let mut config = aws_sdk_cloudfront::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            // CloudFront has one API for the world, which is signed for as in this region.
            .region(Region::new("us-east-1"))
            .credentials_provider(credentials)
            .http_client(http_client());
        if let Some(endpoint) = endpoint {
            config = config.endpoint_url(endpoint);
        }
        Self { client: Client::from_conf(config.build()), distribution: distribution.to_owned() }
    }

    /// Invalidates an original and all variants of it, by the one path that covers both: AWS charges by path, and
    /// allows `*` only at the end, so files whose names begin alike are fetched again, too.
    pub async fn invalidate(&self, key: &Key) -> Result<(), CdnError> {
        let refused = |error: &dyn std::fmt::Debug| CdnError(format!("{error:?}"));
        let paths = Paths::builder().quantity(1).items(format!("{}*", key.to_path())).build();
        let batch = InvalidationBatch::builder()
            .paths(paths.map_err(|error| refused(&error))?)
            // An invalidation of a reference that was used before is the one of then.
            .caller_reference(Uuid::new_v4().to_string())
            .build()
            .map_err(|error| refused(&error))?;
        let request = self.client.create_invalidation().distribution_id(&self.distribution);
        request.invalidation_batch(batch).send().await.map(drop).map_err(|error| refused(&error))
    }
}
