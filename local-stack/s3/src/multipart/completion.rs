//! The completion of a multipart upload: the list of parts, and its checks.

use s3s::crypto::{Checksum as _, Md5};

use crate::conditions::WriteConditions;
use crate::error::ClientError;
use crate::record::PartRecord;

/// A part in the list of the request that completes an upload.
#[derive(Clone, Debug)]
pub(crate) struct CompletionPart {
    pub(crate) number: u16,
    pub(crate) etag: String,
    pub(crate) checksum: Option<String>,
}

/// The request that completes an upload.
#[derive(Debug)]
pub(crate) struct CompletionRequest {
    pub(crate) upload_id: String,
    pub(crate) parts: Vec<CompletionPart>,
    /// The expected size of the object, in bytes.
    pub(crate) size: Option<u64>,
    /// The expected checksum of the object.
    pub(crate) checksum: Option<String>,
    pub(crate) conditions: WriteConditions,
}

/// Checks the list of parts against the uploaded parts. Returns the records of the listed parts.
pub(super) fn listed_parts(
    completion: &CompletionRequest,
    uploaded: &[(u16, PartRecord)],
    min: u64,
) -> Result<Vec<PartRecord>, ClientError> {
    if completion.parts.is_empty() {
        return Err(ClientError::MalformedXml("the list of parts is empty"));
    }
    if !completion.parts.is_sorted_by(|one, next| one.number < next.number) {
        return Err(ClientError::InvalidPartOrder);
    }
    let mut parts = Vec::new();
    for listed in &completion.parts {
        let found = uploaded.iter().find(|(number, _)| *number == listed.number).map(|(_, part)| part);
        let part =
            found.filter(|part| part.etag == listed.etag).ok_or(ClientError::InvalidPart(listed.number))?;
        let checksum = part.checksum.as_ref().map(|checksum| &checksum.value);
        if listed.checksum.is_some() && listed.checksum.as_ref() != checksum {
            return Err(ClientError::InvalidPart(listed.number));
        }
        parts.push(part.clone());
    }
    let all_but_last = parts.iter().rev().skip(1);
    if all_but_last.clone().any(|part| part.size < min) {
        return Err(ClientError::EntityTooSmall { min_bytes: min });
    }
    let size: u64 = parts.iter().map(|part| part.size).sum();
    if let Some(claimed) = completion.size.filter(|claimed| *claimed != size) {
        return Err(ClientError::InvalidRequest(format!(
            "x-amz-mp-object-size says {claimed} bytes and the parts have {size}"
        )));
    }
    Ok(parts)
}

/// The `ETag` of an object from parts: the MD5 of the parts' MD5s, and the number of parts.
pub(super) fn multipart_etag(parts: &[PartRecord]) -> String {
    let mut hasher = Md5::new();
    for part in parts {
        hasher.update(&hex::decode(&part.etag).unwrap_or_default());
    }
    format!("{}-{}", hex::encode(hasher.finalize()), parts.len())
}
