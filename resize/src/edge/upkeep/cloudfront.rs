//! Invalidates the copies in a CloudFront distribution.

use std::time::Duration;

use aws_credential_types::Credentials;
use contract::caching::cache_tag;
use contract::key::Key;
use service::aws_api::{AwsApi, CallError, Retries};
use service::wire::{Timeouts, Transport};
use uuid::Uuid;

/// URL of CloudFront's API, which is the same for all regions.
const ENDPOINT: &str = "https://cloudfront.amazonaws.com";

/// The region in the signatures of requests to CloudFront.
const REGION: &str = "us-east-1";

/// Time limits of an invalidation. The deployment gives the function half a minute more, so that a message whose
/// invalidation doesn't succeed in time is reported as failed and delivered again.
pub const TIMEOUTS: Timeouts = Timeouts {
    connect: Some(Duration::from_secs(5)),
    response: Some(Duration::from_secs(15)),
    operation: Some(Duration::from_secs(90)),
};

/// Attempts of one invalidation: as many as fit into its time. CloudFront limits the number of invalidations in progress,
/// and finishes one within about a minute.
const RETRIES: Retries = Retries { attempts: 16, first_pause: Duration::from_secs(1) };

/// A CloudFront distribution.
#[derive(Clone, Debug)]
pub struct Cdn {
    api: AwsApi,
    distribution: String,
}

/// CloudFront doesn't answer or refuses an invalidation.
#[derive(Debug, thiserror::Error)]
#[error("the CDN refused an invalidation or didn't answer: {0}")]
pub struct CdnError(#[from] CallError);

impl Cdn {
    /// A distribution by its id. `endpoint` is the URL of an API that replaces the one of AWS.
    pub fn new(distribution: &str, credentials: Credentials, endpoint: Option<&str>) -> Self {
        let endpoint = endpoint.unwrap_or(ENDPOINT);
        let api = AwsApi::new("cloudfront", REGION, endpoint, credentials, RETRIES, TIMEOUTS);
        Self { api, distribution: distribution.to_owned() }
    }

    /// The same distribution by another transport.
    #[must_use]
    pub fn with_transport(mut self, transport: &Transport) -> Self {
        self.api = self.api.with_transport(transport);
        self
    }

    /// The same distribution, with another maximum of the first pause between two attempts.
    #[must_use]
    pub fn with_first_pause(mut self, first_pause: Duration) -> Self {
        self.api = self.api.with_first_pause(first_pause);
        self
    }

    /// Invalidates an original by its path, and its variants by their cache tag. A path with `*` would cover both, but
    /// CloudFront permits only 15 paths with a wildcard in progress, and 3,000 other items. While there are too many,
    /// the call waits and tries again.
    pub async fn invalidate(&self, key: &Key) -> Result<(), CdnError> {
        self.create_invalidation(&[path_item(key), format!("#{}", cache_tag(key))]).await
    }

    /// Invalidates everything below a folder, by one path with a star: objects that a job has written have no cache tag.
    pub async fn invalidate_folder(&self, folder: &Key) -> Result<(), CdnError> {
        self.create_invalidation(&[format!("{}/*", path_item(folder))]).await
    }

    async fn create_invalidation(&self, items: &[String]) -> Result<(), CdnError> {
        let path = format!("/2020-05-31/distribution/{}/invalidation", self.distribution);
        let body = invalidation_batch(items, &Uuid::new_v4().to_string());
        self.api.post(&path, &[("content-type", "application/xml")], &body).await?;
        Ok(())
    }
}

/// The path of an original as an item of an invalidation, in which a star would be a wildcard.
fn path_item(key: &Key) -> String {
    key.to_path().replace('*', "%2A")
}

/// The body of `CreateInvalidation`. Paths and tags are encoded, so they have no character that XML would escape. A
/// reference that was used before would return the earlier invalidation instead of making a new one.
fn invalidation_batch(items: &[String], reference: &str) -> String {
    let paths = items.join("</Path><Path>");
    format!(
        "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>{}</Quantity>\
         <Items><Path>{paths}</Path></Items></Paths><CallerReference>{reference}</CallerReference></InvalidationBatch>",
        items.len()
    )
}
