//! Settings of a stack.

use std::path::PathBuf;

use cdn_config::policy::Policy;
use local_media_convert::{EventDelivery, Tools};
use upload_signer::arrival::scan::Scanner;
use upload_signer::signing::policy::{S3_MAX_BYTES, UploadPolicy};
use upload_signer::webhook::endpoint::Endpoint;

/// Settings of a stack.
#[derive(Clone, Debug)]
pub struct Options {
    /// The edge's port, 0 to 65533. S3 takes the next port and `MediaConvert` the one after. 0 takes any free ports.
    pub port: u16,
    /// The folder of all data.
    pub data: PathBuf,
    /// The operator's policy.
    pub policy: Policy,
    /// The file of the policy. The stack applies changes of it.
    pub policy_file: Option<PathBuf>,
    /// The rules for uploads.
    pub uploads: UploadPolicy,
    /// The scanner that checks uploads before they are served.
    pub scanner: Option<Scanner>,
    /// The receiver of messages about uploads and videos.
    pub webhook: Option<Endpoint>,
    /// The programs that transcode.
    pub tools: Tools,
    /// The order and number of the events of jobs.
    pub event_delivery: EventDelivery,
    /// `true` to decode files other than JPEG and PNG in workers of this program.
    pub has_workers: bool,
    /// `true` to keep a library of files.
    pub has_library: bool,
}

/// The default rules for uploads to a stack. They allow files of the size of a film; the signer's default limit, which
/// deployments use, is lower.
pub fn default_uploads() -> UploadPolicy {
    UploadPolicy { max_bytes: S3_MAX_BYTES, ..UploadPolicy::default() }
}
