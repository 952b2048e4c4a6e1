//! Limits concurrent work: each slot renders one variant at a time, and a short queue waits for the slots. Requests
//! beyond the queue fail at once, so that memory use depends on the queue and not on the number of requests.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Every slot is busy, and the queue is full or the request has waited too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

/// Number of originals for each slot that may be fetched or held in memory. It is so large that a slot never waits for
/// S3.
const ORIGINALS_PER_SLOT: usize = 4;

/// The slots in which a variant is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slots {
    /// The slots of this process.
    Here,
    /// The slots of the workers. They are separate, so that no JPEG waits for a slow file in a worker.
    Workers,
}

/// The slots and the queue for them, in the order of arrival. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct RenderSlots {
    queue: Arc<Semaphore>,
    originals: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    workers: Arc<Semaphore>,
    wait: Duration,
}

impl RenderSlots {
    /// `slots` requests render in this process, the same number in workers, and `queue` requests wait. Each of their
    /// two waits lasts at most `wait`.
    pub(crate) fn new(slots: usize, queue: usize, wait: Duration) -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self {
            queue: semaphore(slots + queue),
            originals: semaphore(slots * ORIGINALS_PER_SLOT),
            slots: semaphore(slots),
            workers: semaphore(slots),
            wait,
        }
    }

    /// Waits until an original may be fetched. Fails at once if the queue is full.
    pub(crate) async fn fetch_permit(&self) -> Result<FetchPermit, Busy> {
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| Busy)?;
        let original = acquire_within(self.wait, &self.originals).await?;
        let (slots, workers) = (Arc::clone(&self.slots), Arc::clone(&self.workers));
        Ok(FetchPermit { permits: [place, original], slots, workers, wait: self.wait })
    }

    /// The free capacity at this moment.
    pub(crate) fn free(&self) -> FreeCapacity {
        FreeCapacity { slots: self.slots.available_permits(), places: self.queue.available_permits() }
    }
}

/// The numbers of free slots and of further requests that would be accepted, to render or to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FreeCapacity {
    pub(crate) slots: usize,
    pub(crate) places: usize,
}

/// A place in the queue with the right to fetch an original and to hold it in memory.
#[derive(Debug)]
pub(crate) struct FetchPermit {
    permits: [OwnedSemaphorePermit; 2],
    slots: Arc<Semaphore>,
    workers: Arc<Semaphore>,
    wait: Duration,
}

impl FetchPermit {
    /// Waits for a slot. The place in the queue stays occupied, because the original stays in memory.
    pub(crate) async fn render_permit(self, slots: Slots) -> Result<RenderPermit, Busy> {
        let slots = match slots {
            Slots::Here => &self.slots,
            Slots::Workers => &self.workers,
        };
        let slot = acquire_within(self.wait, slots).await?;
        Ok(RenderPermit { _fetch: self.permits, _slot: slot })
    }
}

/// The right to render a variant. Dropping it frees the slot and the place in the queue.
#[derive(Debug)]
pub(crate) struct RenderPermit {
    _fetch: [OwnedSemaphorePermit; 2],
    _slot: OwnedSemaphorePermit,
}

/// Acquires a permit. The semaphore's own error means that it is closed, and these semaphores never are.
pub(super) async fn acquire_within(
    wait: Duration,
    semaphore: &Arc<Semaphore>,
) -> Result<OwnedSemaphorePermit, Busy> {
    let permit = Arc::clone(semaphore).acquire_owned();
    tokio::time::timeout(wait, permit).await.map_err(|_| Busy)?.map_err(|_| Busy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_beyond_the_queue_fails_at_once_and_one_within_it_after_the_wait() {
        let slots = RenderSlots::new(1, 2, Duration::ZERO);
        let rendering = slots.fetch_permit().await.unwrap().render_permit(Slots::Here).await.unwrap();
        let (first, second) = (slots.fetch_permit().await.unwrap(), slots.fetch_permit().await.unwrap());
        assert!(matches!(slots.fetch_permit().await, Err(Busy)));
        assert_eq!(slots.free(), FreeCapacity { slots: 0, places: 0 });
        assert!(matches!(first.render_permit(Slots::Here).await, Err(Busy)));

        drop(rendering);
        assert!(second.render_permit(Slots::Here).await.is_ok());
        assert_eq!(slots.free(), FreeCapacity { slots: 1, places: 3 });
    }

    #[tokio::test]
    async fn work_in_a_worker_occupies_no_slot_of_this_process() {
        let slots = RenderSlots::new(1, 2, Duration::ZERO);
        let permit = async |place| slots.fetch_permit().await.unwrap().render_permit(place).await;
        let _drawing = permit(Slots::Workers).await.unwrap();
        assert!(permit(Slots::Here).await.is_ok());
        assert!(matches!(permit(Slots::Workers).await, Err(Busy)));
    }

    #[tokio::test]
    async fn a_dropped_request_leaves_the_queue() {
        let slots = RenderSlots::new(1, 1, Duration::from_mins(1));
        let _rendering = slots.fetch_permit().await.unwrap().render_permit(Slots::Here).await.unwrap();
        let waiting = slots.fetch_permit().await.unwrap().render_permit(Slots::Here);
        assert!(matches!(slots.fetch_permit().await, Err(Busy)));
        drop(waiting);
        assert!(slots.fetch_permit().await.is_ok());
    }
}
