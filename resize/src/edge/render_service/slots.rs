//! Who may work: as many variants are made at once as there are slots, and a short queue waits for them. Whoever
//! comes beyond it is told at once, so that memory follows the queue and not the crowd.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Every slot is taken, and the queue is full or has been waited in for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

/// As many originals are fetched or held for each slot: enough that a slot never waits for S3.
const ORIGINALS_A_SLOT: usize = 4;

/// The slots and the queue before them. First come, first served.
#[derive(Debug)]
pub(crate) struct Slots {
    queue: Arc<Semaphore>,
    originals: Arc<Semaphore>,
    work: Arc<Semaphore>,
    wait: Duration,
}

impl Slots {
    /// `slots` work at once, `queue` wait, each of their two waits for `wait` at most.
    pub(crate) fn new(slots: usize, queue: usize, wait: Duration) -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self {
            queue: semaphore(slots + queue),
            originals: semaphore(slots * ORIGINALS_A_SLOT),
            work: semaphore(slots),
            wait,
        }
    }

    /// The right to fetch an original and to hold it.
    pub(crate) async fn place(&self) -> Result<Place, Busy> {
        let queued = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| Busy)?;
        let original = within(self.wait, &self.originals).await?;
        Ok(Place { permits: [queued, original], work: Arc::clone(&self.work), wait: self.wait })
    }

    /// What is free at this moment.
    pub(crate) fn free(&self) -> Free {
        Free { slots: self.work.available_permits(), places: self.queue.available_permits() }
    }
}

/// What is left of the slots, and of the places to work or wait in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Free {
    pub(crate) slots: usize,
    pub(crate) places: usize,
}

/// A place in the queue, with the right to hold an original.
#[derive(Debug)]
pub(crate) struct Place {
    permits: [OwnedSemaphorePermit; 2],
    work: Arc<Semaphore>,
    wait: Duration,
}

impl Place {
    /// The right to work. The place is kept, since the original is.
    pub(crate) async fn slot(self) -> Result<Slot, Busy> {
        let slot = within(self.wait, &self.work).await?;
        Ok(Slot { _place: self.permits, _slot: slot })
    }
}

/// The right to work, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    _place: [OwnedSemaphorePermit; 2],
    _slot: OwnedSemaphorePermit,
}

/// An error of the semaphore would say that it is closed, which it never is.
async fn within(wait: Duration, semaphore: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Busy> {
    let permit = Arc::clone(semaphore).acquire_owned();
    tokio::time::timeout(wait, permit).await.map_err(|_| Busy)?.map_err(|_| Busy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn beyond_the_queue_the_answer_is_at_once_and_within_it_after_the_wait() {
        let slots = Slots::new(1, 2, Duration::ZERO);
        let working = slots.place().await.unwrap().slot().await.unwrap();
        let (first, second) = (slots.place().await.unwrap(), slots.place().await.unwrap());
        assert!(matches!(slots.place().await, Err(Busy)));
        assert_eq!(slots.free(), Free { slots: 0, places: 0 });
        assert!(matches!(first.slot().await, Err(Busy)));

        drop(working);
        assert!(second.slot().await.is_ok());
        assert_eq!(slots.free(), Free { slots: 1, places: 3 });
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_queue() {
        let slots = Slots::new(1, 1, Duration::from_mins(1));
        let _working = slots.place().await.unwrap().slot().await.unwrap();
        let waiting = slots.place().await.unwrap().slot();
        assert!(matches!(slots.place().await, Err(Busy)));
        drop(waiting);
        assert!(slots.place().await.is_ok());
    }
}
