//! Work that a response waits for before it ends, because Lambda freezes the process afterwards. It continues when the viewer
//! disconnects.

use contract::key::Key;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared, ready};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::edge::settling::SETTLING;
use crate::edge::store::Store;

/// The end of the work: `false` if it has failed.
pub(crate) type Completion = Shared<BoxFuture<'static, bool>>;

/// No work.
pub(super) fn done() -> Completion {
    ready(true).boxed().shared()
}

/// Starts work.
pub(super) fn in_background(work: impl Future<Output = bool> + Send + 'static) -> Completion {
    let task = tokio::spawn(work.in_current_span());
    let completion = async move {
        task.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a task beside a response ended early");
            false
        })
    };
    completion.boxed().shared()
}

/// Compares the original of a variant that is sent without being stored with the newest version, if the request began so
/// long ago that an invalidation of the original may be over.
pub(super) fn checked(store: &Store, key: Key, original_etag: String, start: Instant) -> Completion {
    if start.elapsed() < SETTLING / 2 {
        return done();
    }
    let store = store.clone();
    in_background(async move {
        let marked = store.mark_if_outdated(&key, &original_etag).await;
        let marked = marked.inspect_err(|error| {
            tracing::error!(%error, "a variant was sent without a comparison with the newest original");
        });
        marked.is_ok()
    })
}
