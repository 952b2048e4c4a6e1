//! The parts of a trigger.

use std::time::Duration;

use cdn_config::video::VideoPolicy;

use super::clock::Clock;
use super::store::Store;
use super::submit::Submitter;
use crate::inputs::Inputs;

/// A trigger: it creates the jobs of videos and follows them.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// The videos to transcode.
    pub inputs: Inputs,
    /// The operator's policy for outputs and cost.
    pub policy: VideoPolicy,
    /// The bucket.
    pub store: Store,
    /// `MediaConvert` and EventBridge.
    pub submitter: Submitter,
    /// The time after which a claim expires if its process does not change it.
    pub claim_time: Duration,
    /// The number of deliveries after which the queue moves a message to the dead letters.
    pub max_receives: u32,
    /// The clock.
    pub clock: Clock,
}

impl Trigger {
    /// The current time, in milliseconds since 1970.
    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The time at which a claim that is written now expires, in milliseconds since 1970.
    pub(super) fn busy_until_ms(&self) -> i64 {
        self.now_ms().saturating_add(i64::try_from(self.claim_time.as_millis()).unwrap_or(i64::MAX))
    }
}
