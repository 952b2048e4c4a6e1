//! The identity of a claim: one version of one object, transcoded by one policy.

use std::collections::BTreeMap;

use cdn_config::video::VideoPolicy;
use sha2::{Digest, Sha256};

/// Version of the planner. Increase it with every change that affects the files of a video: an event that is delivered
/// again then creates a new job.
const PLANNER: u32 = 2;

/// One version of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceObject {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The version id, or the `ETag` without quotes in a bucket without versioning.
    pub version: String,
    /// The size in bytes.
    pub bytes: u64,
    /// The time at which the object was written, in seconds since 1970.
    pub modified_s: i64,
    /// The `sequencer` of the S3 event; empty if the event has none.
    pub sequencer: String,
    /// The keys of the captions that its metadata names, by language.
    pub captions: BTreeMap<String, String>,
}

/// The id of the claim for an object under a policy.
pub fn claim_id(object: &SourceObject, policy: &VideoPolicy) -> String {
    let mut hash = Sha256::new();
    let planner = PLANNER.to_string();
    for part in [&object.bucket, &object.key, &object.version, &policy.fingerprint(), &planner] {
        // The length in front of each part makes the concatenation unambiguous.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// A `sequencer` in a spelling that sorts as text. AWS compares sequencers as hexadecimal numbers that are padded
/// with zeros on the right.
pub fn normalize_sequencer(sequencer: &str) -> String {
    sequencer.to_ascii_lowercase().trim_end_matches('0').to_owned()
}
