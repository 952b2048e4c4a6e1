//! Work that several ask for at the same time is done once: the first starts it, the others join it, and when all
//! of them have gone away it is dropped.

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::{Mutex, PoisonError};

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared, WeakShared};

/// Work under way, shared by who waits for it.
pub(crate) type Flight<T> = Shared<BoxFuture<'static, T>>;

/// All work under way, by name.
pub(crate) struct Flights<T: Clone> {
    under_way: Mutex<HashMap<String, WeakShared<BoxFuture<'static, T>>>>,
}

impl<T: Clone> Flights<T> {
    pub(crate) fn new() -> Self {
        Self { under_way: Mutex::new(HashMap::new()) }
    }

    /// The work of this name that is under way, or the one that `start` begins.
    pub(crate) fn join(&self, name: &str, start: impl FnOnce() -> BoxFuture<'static, T>) -> Flight<T> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = under_way.get(name).and_then(WeakShared::upgrade) {
            return flight;
        }
        under_way.retain(|_, flight| flight.upgrade().is_some());
        let flight = start().shared();
        if let Some(weak) = flight.downgrade() {
            under_way.insert(name.to_owned(), weak);
        }
        flight
    }

    /// Nobody joins what is under way below a prefix any more. Who waits for it gets it.
    pub(crate) fn forget(&self, prefix: &str) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|name, _| !name.starts_with(prefix));
    }
}

impl<T: Clone> Debug for Flights<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Work that counts how often it was begun and how often it was ended.
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
    async fn what_many_ask_for_at_once_is_done_once() {
        let (flights, counts) = (Flights::new(), Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]));
        let all = (0..20).map(|_| flights.join("a", || counted(&counts)));
        let results = futures::future::join_all(all.collect::<Vec<_>>()).await;
        assert_eq!(results, [0; 20]);
        assert_eq!(flights.join("a", || counted(&counts)).await, 1, "ended work isn't joined");
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_is_dropped() {
        let (flights, counts) = (Flights::new(), Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]));
        let mut left = flights.join("a", || counted(&counts));
        assert!(futures::poll!(&mut left).is_pending());
        drop(left);
        assert_eq!(flights.join("a", || counted(&counts)).await, 0);
        assert_eq!(counts[0].load(Ordering::SeqCst), 2, "begun again");
    }

    #[tokio::test]
    async fn forgotten_work_is_ended_for_who_waits_and_not_joined() {
        let (flights, counts) = (Flights::new(), Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]));
        let mut old = flights.join("files/a/1", || counted(&counts));
        assert!(futures::poll!(&mut old).is_pending());
        flights.forget("files/a/");
        assert_eq!(flights.join("files/a/1", || counted(&counts)).await, 0);
        assert_eq!(old.await, 1);
    }
}
