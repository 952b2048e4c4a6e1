//! The transcoding trigger, in front of the local S3 and MediaConvert.

use std::time::Duration;

use aws_credential_types::Credentials;
use cdn_config::video::VideoPolicy;
use contract::key::Area;
use transcode_trigger::handler::{Clock, Trigger};
use transcode_trigger::places::Places;
use transcode_trigger::store::{Store, StoreConfig};
use transcode_trigger::submit::{SubmitConfig, Submitter};

use super::{Addresses, ORIGINALS, REGION, StackError};

/// How long a claim stands that a stack has left, as one that was killed does.
const CLAIM_TIME: Duration = Duration::from_secs(15);

/// Each request is tried once: the outbox delivers the event again.
const ATTEMPTS: u32 = 1;

pub(super) fn trigger(
    addresses: &Addresses,
    credentials: &Credentials,
    policy: &VideoPolicy,
) -> Result<Trigger, StackError> {
    let inputs = format!("{}/", Area::Files.segment());
    let places = Places::new(ORIGINALS, &inputs).map_err(|error| StackError::SetUp(error.to_string()))?;
    Ok(Trigger {
        places,
        policy: policy.clone(),
        store: Store::new(&StoreConfig {
            endpoint: Some(addresses.s3.clone()),
            region: REGION.to_owned(),
            credentials: credentials.clone(),
            bucket: ORIGINALS.to_owned(),
        }),
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
