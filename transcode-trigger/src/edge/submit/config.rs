//! The configuration of `MediaConvert` and EventBridge, and the time limits of both.

use std::time::Duration;

use aws_credential_types::Credentials;
use service::wire::{Timeouts, Transport};

/// Time limits of a call. A probe reads from the file before it answers. All attempts together take less time than the
/// function has for two calls, so that the function records the failure of a call that stalls; and less than the time of
/// a claim, so that a process that takes a claim over finds every job that was submitted for it.
pub const TIMEOUTS: Timeouts = Timeouts {
    connect: Some(Duration::from_secs(10)),
    response: Some(Duration::from_secs(30)),
    operation: Some(Duration::from_mins(1)),
};

/// Upper bound of the first pause between two attempts of a call to EventBridge.
pub(super) const FIRST_PAUSE: Duration = Duration::from_secs(1);

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
    /// Time limits of each call; [`TIMEOUTS`] on AWS.
    pub timeouts: Timeouts,
    /// The way to both.
    pub transport: Transport,
}
