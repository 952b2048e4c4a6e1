//! A request's body that can be read to its end after it was dropped.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};

/// The most bytes that are read only to be thrown away.
const MOST_BYTES: usize = 1 << 28;
/// The longest that this may take.
const LONGEST: Duration = Duration::from_secs(10);

/// A body that its clones share.
#[derive(Clone)]
pub(crate) struct Tap(Arc<Mutex<Body>>);

impl Tap {
    pub(crate) fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(body)))
    }

    /// Reads what is left and throws it away, within limits.
    pub(crate) async fn drain(&mut self) {
        let reading = async {
            let mut bytes = 0;
            while bytes < MOST_BYTES
                && let Some(Ok(frame)) = self.frame().await
            {
                bytes += frame.data_ref().map_or(0, Bytes::len);
            }
        };
        if tokio::time::timeout(LONGEST, reading).await.is_err() {
            tracing::debug!("a refused body was too slow to be read to its end");
        }
    }
}

impl HttpBody for Tap {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}
