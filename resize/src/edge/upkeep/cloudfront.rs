//! Invalidates the copies in a CloudFront distribution.

use std::time::Duration;

use aws_credential_types::Credentials;
use contract::key::Key;
use service::aws_api::{AwsApi, CallError, Timeouts};
use uuid::Uuid;

/// URL of CloudFront's API, which is one for all regions.
const ENDPOINT: &str = "https://cloudfront.amazonaws.com";

/// Region that CloudFront's requests are signed for.
const REGION: &str = "us-east-1";

/// Time limits of an invalidation: well below the two minutes after which the deployment ends the function.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    read: Duration::from_secs(15),
    operation: Duration::from_secs(45),
};

/// Attempts of one invalidation, as in the SDK's standard mode.
const ATTEMPTS: u32 = 3;

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
    /// A distribution by its id. `endpoint` is the URL of another API than AWS's own.
    pub fn new(distribution: &str, credentials: Credentials, endpoint: Option<&str>) -> Self {
        let api = AwsApi {
            service: "cloudfront",
            region: REGION.to_owned(),
            endpoint: endpoint.unwrap_or(ENDPOINT).to_owned(),
            credentials,
            attempts: ATTEMPTS,
            timeouts: TIMEOUTS,
        };
        Self { api, distribution: distribution.to_owned() }
    }

    /// Invalidates an original and all its variants by the one path that covers both: AWS charges by path. `*` is
    /// allowed only at the end, so files whose names begin with the same text are invalidated, too.
    pub async fn invalidate(&self, key: &Key) -> Result<(), CdnError> {
        let path = format!("/2020-05-31/distribution/{}/invalidation", self.distribution);
        let body = invalidation_batch(&format!("{}*", key.to_path()), &Uuid::new_v4().to_string());
        self.api.post(&path, &[("content-type", "application/xml")], &body).await?;
        Ok(())
    }
}

/// The body of `CreateInvalidation`. A path is percent-encoded, so it has no character that XML would escape. A reference
/// that was used before would return the earlier invalidation instead of making a new one.
fn invalidation_batch(path: &str, reference: &str) -> String {
    format!(
        "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>1</Quantity>\
         <Items><Path>{path}</Path></Items></Paths><CallerReference>{reference}</CallerReference></InvalidationBatch>"
    )
}
