//! The URL that sends one part.

use jiff::Timestamp;
use percent_encoding::utf8_percent_encode;

use crate::error::SignError;
use crate::parts::upload_id::MultipartUpload;
use crate::signing::bucket_endpoint::ESCAPED;
use crate::signing::grant::expiry;
use crate::signing::presigned_put::presigned_put;
use crate::signing::signer::Signer;
use crate::signing::sigv4::Scope;

/// The URL that puts a part of an upload, and the expiry of the URL, which is never after the expiry of the upload.
pub fn part_url(
    signer: &Signer,
    upload: &MultipartUpload,
    part: u32,
    now: Timestamp,
) -> Result<(String, Timestamp), SignError> {
    let end = signer.credentials_end()?.map_or(upload.expires, |end| end.min(upload.expires));
    let expires = expiry(now, &signer.policy, Some(end))?;
    let object_url = signer.bucket.object_url(upload.key.as_str());
    let url = presigned_part(&object_url, &upload.s3_id, part, expires, &signer.scope(now))?;
    Ok((url, expires))
}

/// The URL that puts a part, for an upload id of S3. `expires` is after the time of signing.
pub fn presigned_part(
    object_url: &str,
    s3_upload_id: &str,
    part: u32,
    expires: Timestamp,
    scope: &Scope<'_>,
) -> Result<String, SignError> {
    let id = utf8_percent_encode(s3_upload_id, &ESCAPED);
    presigned_put(&format!("{object_url}?uploadId={id}&partNumber={part}"), &[], expires, scope)
}
