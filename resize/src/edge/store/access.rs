//! The check that S3 accepts the requests of this service.

use std::sync::Arc;
use std::time::Duration;

use bucket::{Bucket, BucketError};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The time for which a result is used again, so that frequent probes and many concurrent requests cost little.
const LIFETIME: Duration = Duration::from_secs(5);

/// The maximum time of a check.
const LIMIT: Duration = Duration::from_secs(3);

/// S3 doesn't accept the requests of this service. The text is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// S3 refuses the credentials, has no such bucket, or fails.
    #[error("bucket '{bucket}': {cause}")]
    Bucket {
        /// The bucket's name.
        bucket: String,
        /// The error, with advice for the operator.
        cause: String,
    },
    /// S3 doesn't answer in time.
    #[error("the storage doesn't answer within {} s", LIMIT.as_secs())]
    Late,
}

/// Checks that S3 accepts requests for some buckets. Clones share their results.
#[derive(Clone, Debug)]
pub struct AccessCheck {
    buckets: Vec<Bucket>,
    last: Arc<Mutex<Option<LastCheck>>>,
}

/// The result of the last check, and its time.
#[derive(Debug)]
struct LastCheck {
    time: Instant,
    result: Result<(), AccessError>,
}

impl AccessCheck {
    /// A check of these buckets. Sends no request.
    pub fn new(buckets: Vec<Bucket>) -> Self {
        Self { buckets, last: Arc::default() }
    }

    /// Sends a request for each bucket, or returns an earlier result that is at most five seconds old. Returns after
    /// three seconds at the latest. A failure is logged.
    pub async fn result(&self) -> Result<(), AccessError> {
        // The lock is held during the requests to S3, so that later callers wait for the same result.
        let mut last = self.last.lock().await;
        if let Some(checked) = &*last
            && checked.time.elapsed() < LIFETIME
        {
            return checked.result.clone();
        }
        let result = tokio::time::timeout(LIMIT, self.ask()).await.unwrap_or(Err(AccessError::Late));
        if let Err(error) = &result {
            tracing::error!(%error, "the storage can't be used");
        }
        *last = Some(LastCheck { time: Instant::now(), result: result.clone() });
        result
    }

    async fn ask(&self) -> Result<(), AccessError> {
        for bucket in &self.buckets {
            bucket.check_access().await.map_err(|error: BucketError| AccessError::Bucket {
                bucket: bucket.name().to_owned(),
                cause: error.to_string(),
            })?;
        }
        Ok(())
    }
}
