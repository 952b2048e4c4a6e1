//! An original on its way from S3: one request for its beginning, and further ones at once for the rest of a long file.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bucket::{Bucket, BucketError, ByteStream, ErrorKind};
use bytes::{Bytes, BytesMut};
use contract::key::Key;
use contract::limits::Limits;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::Store;
use super::error::StoreError;
use super::originals::Original;
use crate::error::Error;
use crate::source::admission::admit_bytes;
use crate::source::arriving::Arriving;
use crate::source::jpeg_segments::is_progressive;

/// Bytes of the first request. Nearly all originals are shorter: a further request has to save 14 ms of a whole processor to be
/// worth its price, which it doesn't for shorter ones (docs/decisions/064-originals-in-parts.md).
const FIRST_BYTES: usize = 8 << 20;

/// Number of further requests for a long original, each for a part of the same length and of at least [`LEAST_PART`] bytes. A
/// function's network carries about three connections of S3's speed.
const MOST_PARTS: usize = 2;

/// Bytes for which a further request pays.
const LEAST_PART: usize = 1 << 20;

/// Bytes in which the header of a JPEG is searched.
const HEAD_BYTES: usize = 64 << 10;

/// Bytes after which a longer header is given up: the file is then decoded when it is there.
const MOST_HEAD_BYTES: usize = 1 << 20;

/// An original whose first bytes have arrived. Dropping it ends its requests.
#[derive(Debug)]
pub(crate) struct Transfer {
    /// A strong entity tag with its quotes.
    pub(crate) etag: String,
    length: usize,
    head: BytesMut,
    parts: VecDeque<Part>,
    requests: Requests,
}

/// The requests of a transfer. They end when this value is dropped.
#[derive(Debug)]
pub(crate) struct Requests {
    tasks: JoinSet<()>,
    failure: Failure,
}

/// The first failure of a request for a part.
type Failure = Arc<Mutex<Option<StoreError>>>;

/// A part of the file, after those before it.
#[derive(Debug)]
struct Part {
    /// Starts a request that waits until its part is needed.
    start: Option<oneshot::Sender<()>>,
    chunks: UnboundedReceiver<Bytes>,
    /// Number of bytes that have not arrived yet.
    left: usize,
}

impl Store {
    /// Begins to read an original. Fails before its content is read if its length exceeds the limit.
    pub(crate) async fn transfer(&self, key: &Key, limits: &Limits) -> Result<Transfer, StoreError> {
        let range = format!("bytes=0-{}", FIRST_BYTES - 1);
        let first = self.originals.get(key.as_str()).range(range).send().await.map_err(BucketError::from);
        let first = first.map_err(|error| match error.kind() {
            // An empty file has no range.
            ErrorKind::RangeNotSatisfiable => Error::Empty.into(),
            ErrorKind::Refused
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::PreconditionFailed
            | ErrorKind::Other => StoreError::from(error),
        })?;
        let sent = first.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0);
        let whole = first.content_range().and_then(|range| range.rsplit('/').next()?.parse().ok());
        let length = whole.unwrap_or(sent);
        admit_bytes(limits, length)?;
        let (length, etag) = (length as usize, first.e_tag().unwrap_or_default().to_owned());

        let mut body = first.body;
        let mut head = BytesMut::with_capacity(HEAD_BYTES);
        while head.len() < length.min(HEAD_BYTES)
            && let Some(chunk) = body.next().await
        {
            head.extend_from_slice(&chunk.map_err(BucketError::from)?);
        }
        let first_bytes = length.min(sent as usize);
        let mut transfer = Transfer { etag, length, head, parts: VecDeque::new(), requests: Requests::new() };
        transfer.read_first(body, first_bytes);
        transfer.request_rest(&self.originals, key, first_bytes);
        Ok(transfer)
    }
}

impl Transfer {
    /// Reads the rest of the first request's body.
    fn read_first(&mut self, body: ByteStream, first_bytes: usize) {
        let (sender, chunks) = unbounded_channel();
        let failure = Arc::clone(&self.requests.failure);
        self.requests.tasks.spawn(async move {
            if let Err(error) = forward(body, &sender).await {
                note(&failure, StoreError::Unavailable(error));
            }
        });
        let left = first_bytes.saturating_sub(self.head.len());
        self.parts.push_back(Part { start: None, chunks, left });
    }

    /// Requests the bytes from `start` on. The decoder of a progressive JPEG may not need them, so their request waits for it.
    fn request_rest(&mut self, originals: &Bucket, key: &Key, mut start: usize) {
        let is_lazy = is_progressive(&self.head);
        let rest = self.length.saturating_sub(start);
        let parts = if is_lazy { 1 } else { (rest / LEAST_PART).clamp(1, MOST_PARTS) };
        for number in 0..parts {
            let end = self.length - rest * (parts - 1 - number) / parts;
            if start >= end {
                continue;
            }
            let (sender, chunks) = unbounded_channel();
            let (start_request, is_needed) = oneshot::channel();
            let range = format!("bytes={start}-{}", end - 1);
            let request = originals.get(key.as_str()).range(range).if_match(&self.etag);
            let failure = Arc::clone(&self.requests.failure);
            self.requests.tasks.spawn(async move {
                if is_lazy && is_needed.await.is_err() {
                    return;
                }
                let answer = request.send().await.map_err(BucketError::from);
                let read = match answer {
                    Ok(object) => forward(object.body, &sender).await,
                    Err(error) => Err(error),
                };
                if let Err(error) = read {
                    note(&failure, failure_of_part(error));
                }
            });
            let start_of_part = is_lazy.then_some(start_request);
            self.parts.push_back(Part { start: start_of_part, chunks, left: end - start });
            start = end;
        }
    }

    /// The first bytes, as many as have arrived and were received.
    pub(crate) fn arrived(&self) -> &[u8] {
        &self.head
    }

    /// The length of the whole file in bytes.
    pub(crate) const fn length(&self) -> u64 {
        self.length as u64
    }

    /// Waits for more of the first request's bytes. `false` if there are none, or if [`MOST_HEAD_BYTES`] have arrived.
    pub(crate) async fn receive(&mut self) -> bool {
        let Some(first) = self.parts.front_mut().filter(|_| self.head.len() < MOST_HEAD_BYTES) else {
            return false;
        };
        let Some(chunk) = first.chunks.recv().await else { return false };
        let Some(left) = first.left.checked_sub(chunk.len()) else { return false };
        first.left = left;
        self.head.extend_from_slice(&chunk);
        true
    }

    /// Waits for the whole original.
    pub(crate) async fn whole(mut self) -> Result<Original, StoreError> {
        let mut bytes = BytesMut::with_capacity(self.length);
        bytes.extend_from_slice(&self.head);
        for part in &mut self.parts {
            part.request();
            while let Some(chunk) = part.chunks.recv().await {
                part.left = part.left.checked_sub(chunk.len()).ok_or(StoreError::Replaced)?;
                bytes.extend_from_slice(&chunk);
            }
            if part.left > 0 {
                return Err(self.requests.failure());
            }
        }
        Ok(Original { bytes: bytes.freeze(), etag: self.etag })
    }

    /// The file for a decoder that reads it while it arrives, on a thread that may wait, and the requests, which have to live
    /// as long. The transfer itself if the file isn't such a JPEG, or if its header is too long.
    pub(crate) async fn arriving(mut self) -> Result<(Arriving, Requests), Self> {
        if !self.head.starts_with(&[0xff, 0xd8]) {
            return Err(self);
        }
        while jpeg::Header::read(&self.head).is_err() {
            if !self.receive().await {
                return Err(self);
            }
        }
        let (mut parts, requests) = (self.parts, self.requests);
        let rest = move |bytes: &mut Vec<u8>| read_next(&mut parts, bytes);
        Ok((Arriving::new(self.head.to_vec(), self.length, rest), requests))
    }
}

impl Part {
    /// Starts the part's request if it waits.
    fn request(&mut self) {
        if let Some(start) = self.start.take() {
            let _ = start.send(());
        }
    }
}

impl Requests {
    fn new() -> Self {
        Self { tasks: JoinSet::new(), failure: Failure::default() }
    }

    /// The reason why a part has not arrived.
    pub(crate) fn failure(&self) -> StoreError {
        let noted = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        noted.unwrap_or(StoreError::Replaced)
    }
}

/// Appends the next bytes of the file. `false` at its end, and if a part doesn't arrive.
fn read_next(parts: &mut VecDeque<Part>, bytes: &mut Vec<u8>) -> bool {
    while let Some(part) = parts.front_mut() {
        part.request();
        match part.chunks.blocking_recv() {
            Some(chunk) => {
                let Some(left) = part.left.checked_sub(chunk.len()) else { return false };
                part.left = left;
                bytes.extend_from_slice(&chunk);
                return true;
            }
            None if part.left > 0 => return false,
            None => parts.pop_front(),
        };
    }
    false
}

/// Passes a body on, as long as somebody wants it.
async fn forward(mut body: ByteStream, chunks: &UnboundedSender<Bytes>) -> Result<(), BucketError> {
    while let Some(chunk) = body.next().await {
        if chunks.send(chunk?).is_err() {
            break;
        }
    }
    Ok(())
}

/// The failure of a request for a part: the entity tag differs, or the object isn't there any more, if it was replaced or
/// removed since the first request.
fn failure_of_part(error: BucketError) -> StoreError {
    match error.kind() {
        ErrorKind::PreconditionFailed
        | ErrorKind::NotFound
        | ErrorKind::Forbidden
        | ErrorKind::RangeNotSatisfiable => StoreError::Replaced,
        ErrorKind::Refused | ErrorKind::Conflict | ErrorKind::Other => StoreError::Unavailable(error),
    }
}

fn note(failure: &Failure, error: StoreError) {
    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
}
