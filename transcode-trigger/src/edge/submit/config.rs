//! The configuration of `MediaConvert` and EventBridge, and the time limits of both.

use std::time::Duration;

use aws_credential_types::Credentials;

/// Limit for opening a connection.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Limit of one attempt, up to the first byte of the response. A probe reads from the file before it answers.
pub(super) const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// Limit of all attempts together. It is shorter than the time of a claim, so a process that takes a claim over finds
/// every job that was submitted for it.
pub(super) const OPERATION_TIMEOUT: Duration = Duration::from_mins(1);

/// Configuration of `MediaConvert` and EventBridge.
#[derive(Clone, Debug)]
pub struct SubmitConfig {
    /// The region.
    pub region: String,
    /// The credentials. They need `mediaconvert:CreateJob`, `Probe`, `SearchJobs` and `ListJobs`, `iam:PassRole` for the
    /// role, and `events:PutEvents` if there is an event bus.
    pub credentials: Credentials,
    /// The URL of an endpoint that replaces the region's `MediaConvert`.
    pub endpoint: Option<String>,
    /// The ARN of the role with which `MediaConvert` reads and writes.
    pub role: String,
    /// The ARN of the queue. `None` selects the account's default queue.
    pub queue: Option<String>,
    /// The event bus that gets the results of videos.
    pub bus: Option<String>,
    /// The URL of an endpoint that replaces the region's EventBridge.
    pub events_endpoint: Option<String>,
    /// Attempts for each request, at least 1. The pauses between them grow.
    pub attempts: u32,
}
