//! Takes in a body: writes it to a file, checks it against what the request says, makes it durable.

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use s3s::{StdError, TrailingHeaders};
use tokio::io::AsyncWriteExt as _;

use super::blob::{Blobs, NewBlob};
use super::checksum::{Algorithm, Digest, Hasher};
use super::error::{Refusal, StoreError};

/// The most bytes of one upload or part: 5 GiB.
pub(crate) const MOST_BYTES: u64 = 5 << 30;

/// What a request says of its body.
#[derive(Default)]
pub(crate) struct Expected {
    /// The bytes that are announced.
    pub(crate) length: Option<u64>,
    /// The most bytes that are taken, at most [`MOST_BYTES`].
    pub(crate) most: Option<u64>,
    /// Its MD5.
    pub(crate) md5: Option<[u8; 16]>,
    /// Its checksum.
    pub(crate) checksum: Option<(Algorithm, Claim)>,
}

/// Where the value to compare a checksum with comes from.
pub(crate) enum Claim {
    /// The request's headers.
    Value(String),
    /// The trailers that follow the body.
    Trailer(TrailingHeaders),
    /// Nowhere: it is only computed.
    None,
}

/// A body that is whole, checked and durable, and that no record names yet.
pub(crate) struct Received {
    pub(crate) blob: NewBlob,
    pub(crate) digest: Digest,
}

/// Takes in a body.
pub(crate) async fn receive<S>(blobs: &Blobs, mut body: S, expected: Expected) -> Result<Received, StoreError>
where
    S: Stream<Item = Result<Bytes, StdError>> + Unpin,
{
    let most = expected.most.unwrap_or(MOST_BYTES).min(MOST_BYTES);
    if expected.length.is_some_and(|length| length > most) {
        return Err(Refusal::EntityTooLarge { most }.into());
    }
    let creating = blobs.clone();
    let (blob, file) = tokio::task::spawn_blocking(move || creating.create()).await??;
    let mut file = tokio::fs::File::from_std(file);
    let mut hasher = Hasher::new(expected.checksum.as_ref().map(|(algorithm, _)| *algorithm));
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| broken_body(&error))?;
        hasher.update(&chunk);
        if hasher.size() > most {
            return Err(Refusal::EntityTooLarge { most }.into());
        }
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    let digest = hasher.finish();
    check(&digest, &expected)?;
    let file = file.into_std().await;
    let syncing = blobs.clone();
    tokio::task::spawn_blocking(move || syncing.sync(&file)).await??;
    Ok(Received { blob, digest })
}

fn check(digest: &Digest, expected: &Expected) -> Result<(), Refusal> {
    if expected.length.is_some_and(|length| length != digest.size) {
        return Err(Refusal::IncompleteBody);
    }
    if expected.md5.is_some_and(|md5| md5 != digest.md5) {
        return Err(Refusal::BadDigest("Content-MD5"));
    }
    let Some((algorithm, claim)) = &expected.checksum else { return Ok(()) };
    let claimed = match claim {
        Claim::None => return Ok(()),
        Claim::Value(value) => value.clone(),
        Claim::Trailer(trailers) => trailers
            .read(|headers| headers.get(algorithm.header())?.to_str().ok().map(str::to_owned))
            .flatten()
            .ok_or_else(|| {
                Refusal::InvalidRequest(format!("the trailer {} is missing", algorithm.header()))
            })?,
    };
    algorithm.check_form(&claimed)?;
    if digest.checksum.as_ref().is_none_or(|checksum| checksum.value != claimed) {
        return Err(Refusal::BadDigest(algorithm.name()));
    }
    Ok(())
}

/// The refusal for a body that can't be read to its end. The protocol's streams keep their errors' types to
/// themselves, so their text has to tell them apart.
fn broken_body(error: &StdError) -> Refusal {
    let text = error.to_string();
    if text.contains("Sha256Mismatch") {
        Refusal::PayloadHash
    } else if text.contains("SignatureMismatch") {
        Refusal::ChunkSignature
    } else {
        tracing::debug!(%error, "a body ended early");
        Refusal::IncompleteBody
    }
}
