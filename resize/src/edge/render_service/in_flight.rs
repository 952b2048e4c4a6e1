//! Shares work between requests for the same result: the first request starts the work, later ones join it, and it is
//! dropped when no request waits for it any more.

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::{Mutex, PoisonError};

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared, WeakShared};

/// The work in progress, by name.
pub(super) struct InFlight<T: Clone> {
    by_name: Mutex<HashMap<String, WeakShared<BoxFuture<'static, T>>>>,
}

impl<T: Clone> InFlight<T> {
    pub(super) fn new() -> Self {
        Self { by_name: Mutex::new(HashMap::new()) }
    }

    /// The work of this name that is in progress, or new work from `start`.
    pub(super) fn join(
        &self,
        name: &str,
        start: impl FnOnce() -> BoxFuture<'static, T>,
    ) -> Shared<BoxFuture<'static, T>> {
        let mut by_name = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(work) = by_name.get(name).and_then(WeakShared::upgrade) {
            return work;
        }
        by_name.retain(|_, work| work.upgrade().is_some());
        let work = start().shared();
        if let Some(weak) = work.downgrade() {
            by_name.insert(name.to_owned(), weak);
        }
        work
    }

    /// Keeps later requests from joining work whose name begins with `prefix`. Requests that wait for it already still
    /// get its result.
    pub(super) fn forget(&self, prefix: &str) {
        let mut by_name = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        by_name.retain(|name, _| !name.starts_with(prefix));
    }
}

impl<T: Clone> Debug for InFlight<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("InFlight").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Work that counts how often it was started and how often it was completed.
    fn counted(counts: &Arc<[AtomicUsize; 2]>) -> BoxFuture<'static, usize> {
        let counts = Arc::clone(counts);
        async move {
            counts[0].fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            counts[1].fetch_add(1, Ordering::SeqCst)
        }
        .boxed()
    }

    #[tokio::test]
    async fn work_for_many_concurrent_requests_is_done_once() {
        let (in_flight, counts) = (InFlight::new(), Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]));
        let all = (0..20).map(|_| in_flight.join("a", || counted(&counts)));
        let results = futures::future::join_all(all.collect::<Vec<_>>()).await;
        assert_eq!(results, [0; 20]);
        assert_eq!(in_flight.join("a", || counted(&counts)).await, 1, "completed work isn't joined");
    }

    #[tokio::test]
    async fn work_that_no_request_waits_for_is_dropped() {
        let (in_flight, counts) = (InFlight::new(), Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]));
        let mut dropped = in_flight.join("a", || counted(&counts));
        assert!(futures::poll!(&mut dropped).is_pending());
        drop(dropped);
        assert_eq!(in_flight.join("a", || counted(&counts)).await, 0);
        assert_eq!(counts[0].load(Ordering::SeqCst), 2, "started again");
    }

    #[tokio::test]
    async fn forgotten_work_is_completed_for_its_requests_and_not_joined() {
        let (in_flight, counts) = (InFlight::new(), Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]));
        let mut old = in_flight.join("files/a/1", || counted(&counts));
        assert!(futures::poll!(&mut old).is_pending());
        in_flight.forget("files/a/");
        assert_eq!(in_flight.join("files/a/1", || counted(&counts)).await, 0);
        assert_eq!(old.await, 1);
    }
}
