//! Receives a body: writes it to a file, checks it against the request and makes it durable.

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use s3s::{StdError, TrailingHeaders};
use tokio::io::AsyncWriteExt as _;

use super::blob::{Blobs, NewBlob};
use super::checksum::{Algorithm, Digest, Hasher};
use super::error::{ClientError, StoreError};

/// Maximum size of an upload or a part, in bytes: 5 GiB.
pub(crate) const MAX_BYTES: u64 = 5 << 30;

/// The properties of a body that its request announces.
#[derive(Default)]
pub(crate) struct BodyExpectation {
    /// Its length, in bytes.
    pub(crate) length: Option<u64>,
    /// Maximum length, in bytes, at most [`MAX_BYTES`].
    pub(crate) max_bytes: Option<u64>,
    /// Its MD5.
    pub(crate) md5: Option<[u8; 16]>,
    /// Its checksum.
    pub(crate) checksum: Option<(Algorithm, ChecksumSource)>,
}

/// The source of the value that a checksum must have.
pub(crate) enum ChecksumSource {
    /// This value of the request's headers.
    Header(String),
    /// The trailers that follow the body.
    Trailer(TrailingHeaders),
    /// No source: the checksum is computed, but not compared.
    ComputeOnly,
}

/// A complete, checked and durable content that no record names yet.
pub(crate) struct NewContent {
    pub(crate) blob: NewBlob,
    pub(crate) digest: Digest,
}

/// Receives a body.
pub(crate) async fn receive<S>(
    blobs: &Blobs,
    mut body: S,
    expected: BodyExpectation,
) -> Result<NewContent, StoreError>
where
    S: Stream<Item = Result<Bytes, StdError>> + Unpin,
{
    let max_bytes = expected.max_bytes.unwrap_or(MAX_BYTES).min(MAX_BYTES);
    if expected.length.is_some_and(|length| length > max_bytes) {
        return Err(ClientError::EntityTooLarge { max_bytes }.into());
    }
    let creating = blobs.clone();
    let (blob, file) = tokio::task::spawn_blocking(move || creating.create()).await??;
    let mut file = tokio::fs::File::from_std(file);
    let mut hasher = Hasher::new(expected.checksum.as_ref().map(|(algorithm, _)| *algorithm));
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| broken_body(&error))?;
        hasher.update(&chunk);
        if hasher.size() > max_bytes {
            return Err(ClientError::EntityTooLarge { max_bytes }.into());
        }
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    let digest = hasher.finish();
    check(&digest, &expected)?;
    let file = file.into_std().await;
    let syncing = blobs.clone();
    tokio::task::spawn_blocking(move || syncing.sync(&file)).await??;
    Ok(NewContent { blob, digest })
}

fn check(digest: &Digest, expected: &BodyExpectation) -> Result<(), ClientError> {
    if expected.length.is_some_and(|length| length != digest.size) {
        return Err(ClientError::IncompleteBody);
    }
    if expected.md5.is_some_and(|md5| md5 != digest.md5) {
        return Err(ClientError::BadDigest("Content-MD5"));
    }
    let Some((algorithm, source)) = &expected.checksum else { return Ok(()) };
    let announced = match source {
        ChecksumSource::ComputeOnly => return Ok(()),
        ChecksumSource::Header(value) => value.clone(),
        ChecksumSource::Trailer(trailers) => trailers
            .read(|headers| headers.get(algorithm.header())?.to_str().ok().map(str::to_owned))
            .flatten()
            .ok_or_else(|| {
                ClientError::InvalidRequest(format!("the trailer {} is missing", algorithm.header()))
            })?,
    };
    algorithm.check_form(&announced)?;
    if digest.checksum.as_ref().is_none_or(|checksum| checksum.value != announced) {
        return Err(ClientError::BadDigest(algorithm.name()));
    }
    Ok(())
}

/// The error for a body that can't be read to its end. The types of the errors of `s3s` are private, so this compares
/// their texts.
fn broken_body(error: &StdError) -> ClientError {
    let text = error.to_string();
    if text.contains("Sha256Mismatch") {
        ClientError::PayloadHash
    } else if text.contains("SignatureMismatch") {
        ClientError::ChunkSignature
    } else {
        tracing::debug!(%error, "a body ended early");
        ClientError::IncompleteBody
    }
}
