//! The transcoding trigger, in front of the local S3 and MediaConvert.

use std::time::Duration;

use aws_credential_types::Credentials;
use cdn_config::video::VideoPolicy;
use contract::key::Area;
use transcode_trigger::edge::clock::Clock;
use transcode_trigger::edge::store::Store;
use transcode_trigger::edge::submit::{SubmitConfig, Submitter};
use transcode_trigger::edge::trigger::Trigger;
use transcode_trigger::inputs::Inputs;

use super::{Addresses, ORIGINALS, REGION, StackError, s3_config};

/// How long a claim stands that a stack has left, as one that was killed does.
const CLAIM_TIME: Duration = Duration::from_secs(15);

/// Each request is tried once: the outbox delivers the event again.
const ATTEMPTS: u32 = 1;

pub(super) fn trigger(
    addresses: &Addresses,
    credentials: &Credentials,
    policy: &VideoPolicy,
) -> Result<Trigger, StackError> {
    let prefix = format!("{}/", Area::Files.segment());
    let inputs = Inputs::new(ORIGINALS, &prefix).map_err(|error| StackError::SetUp(error.to_string()))?;
    let s3 = s3_config(addresses, credentials.clone());
    Ok(Trigger {
        inputs,
        policy: policy.clone(),
        store: Store::new(&s3, ORIGINALS),
        submitter: Submitter::new(&SubmitConfig {
            region: REGION.to_owned(),
            credentials: credentials.clone(),
            endpoint: Some(addresses.mediaconvert.clone()),
            role: "arn:aws:iam::000000000000:role/local".to_owned(),
            queue: None,
            bus: None,
            events_endpoint: None,
            attempts: ATTEMPTS,
        }),
        claim_time: CLAIM_TIME,
        // The outbox delivers until it succeeds.
        max_receives: u32::MAX,
        clock: Clock::system(),
    })
}
