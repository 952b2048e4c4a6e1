//! The transcoding trigger in front of the local S3 and `MediaConvert`.

use std::time::Duration;

use bucket::Transport;
use cdn_config::video::VideoPolicy;
use local_events::put_events::BUS;
use local_s3::Principal;
use service::env;
use transcode_trigger::edge::clock::Clock;
use transcode_trigger::edge::store::Store;
use transcode_trigger::edge::submit::{SubmitConfig, Submitter, TIMEOUTS};
use transcode_trigger::edge::trigger::Trigger;
use transcode_trigger::inputs::Inputs;

use super::addresses::Addresses;
use super::error::StackError;
use super::names::{ORIGINALS, REGION};
use super::principals::transcoder_arn;

/// The time after which another process may take over the claim of a stack that was killed.
const CLAIM_TIME: Duration = Duration::from_secs(15);

/// Each request is tried once: the event bus delivers the event again.
const ATTEMPTS: u32 = 1;

/// The trigger.
pub(super) fn trigger(
    addresses: &Addresses,
    principal: &Principal,
    policy: &VideoPolicy,
) -> Result<Trigger, StackError> {
    let inputs =
        Inputs::new(ORIGINALS, env::VIDEO_INPUTS.default.unwrap_or_default()).map_err(StackError::set_up)?;
    Ok(Trigger {
        inputs,
        policy: policy.clone(),
        store: Store::new(&addresses.s3_config(principal), ORIGINALS),
        submitter: Submitter::new(&SubmitConfig {
            region: REGION.to_owned(),
            credentials: principal.credentials.clone(),
            endpoint: Some(addresses.mediaconvert.clone()),
            role: transcoder_arn(),
            queue: None,
            bus: Some(BUS.to_owned()),
            events_endpoint: Some(addresses.mediaconvert.clone()),
            attempts: ATTEMPTS,
            timeouts: TIMEOUTS,
            transport: Transport::NETWORK,
        }),
        claim_time: CLAIM_TIME,
        // The event bus delivers an event until it is handled.
        max_receives: u32::MAX,
        clock: Clock::system(),
    })
}
