//! The grant of a multipart upload.

use std::time::Duration;

use jiff::Timestamp;

use crate::error::SignError;
use crate::signing::grant::{Grant, expiry};
use crate::signing::policy::UploadPolicy;
use crate::signing::request::UploadRequest;
use crate::signing::signer::Signer;

/// Lifetime of a multipart upload. The bucket removes the parts of an unfinished upload after the same time.
const LIFETIME: Duration = Duration::from_hours(24);

/// Grants a multipart upload for a day. The client's parts are signed one by one.
pub fn grant_multipart(signer: &Signer, request: UploadRequest, now: Timestamp) -> Result<Grant, SignError> {
    let policy = UploadPolicy { lifetime: LIFETIME, ..signer.policy.clone() };
    let expires = expiry(now, &policy, None)?;
    let grant = Grant::new(request, &signer.policy, (signer.new_id)(now), expires)?;
    Ok(Grant { bytes: *grant.bytes.start()..=signer.policy.multipart_byte_limit(), ..grant })
}
