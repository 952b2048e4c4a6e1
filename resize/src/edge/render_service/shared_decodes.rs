//! Decodes a JPEG once for the variants of it that are rendered at about the same time, as those of a page with `srcset` are.
//!
//! Each rendering says how it will decode the file ([`SharedDecodes::want`]) and waits for its [turn](Want::turn). The first one decodes
//! the file for all that have come until then; the others find their planes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jpeg::{Header, Options, Planes};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::slots::{Busy, acquire_within};
use crate::source::file::SharedDecode;

/// The most memory in KiB that planes take until their renderings use them.
const BUDGET_KIB: usize = 64 * 1024;

/// The memory that planes may take, in KiB. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct PlaneBudget(Arc<Semaphore>);

impl PlaneBudget {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(BUDGET_KIB)))
    }

    fn take(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let kib = u32::try_from(bytes.div_ceil(1024)).ok()?;
        Arc::clone(&self.0).try_acquire_many_owned(kib).ok()
    }
}

/// The decodes of one original.
#[derive(Debug)]
pub(super) struct SharedDecodes {
    bytes: Bytes,
    budget: PlaneBudget,
    entries: Mutex<Vec<Entry>>,
    /// The right to decode the file.
    turn: Arc<Semaphore>,
}

/// The planes that renderings want.
#[derive(Debug)]
struct Entry {
    options: Options,
    /// The number of renderings that want them.
    wants: usize,
    /// `None` until the file is decoded.
    planes: Option<Planes>,
    _memory: OwnedSemaphorePermit,
}

/// The planes that one rendering wants. They are dropped with the last that wants them.
#[derive(Debug)]
pub(super) struct Want {
    decodes: Arc<SharedDecodes>,
    options: Options,
    /// The right to decode the file. It is given back as soon as the planes are there.
    turn: Mutex<Option<OwnedSemaphorePermit>>,
}

impl SharedDecodes {
    pub(super) fn new(bytes: Bytes, budget: PlaneBudget) -> Self {
        Self { bytes, budget, entries: Mutex::new(Vec::new()), turn: Arc::new(Semaphore::new(1)) }
    }

    /// Wants planes. `None` if there is no memory for them, so that the rendering has to decode the file alone.
    pub(super) fn want(self: &Arc<Self>, header: &Header, options: Options) -> Option<Want> {
        let mut entries = self.entries();
        if let Some(entry) = entries.iter_mut().find(|entry| entry.options == options) {
            entry.wants += 1;
        } else {
            let memory = self.budget.take(header.plane_memory(options.scales))?;
            entries.push(Entry { options, wants: 1, planes: None, _memory: memory });
        }
        Some(Want { decodes: Arc::clone(self), options, turn: Mutex::new(None) })
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        locked(&self.entries)
    }

    /// The planes, if they are there. The last rendering that wants them gets them without a copy.
    fn ready(&self, options: Options) -> Option<Planes> {
        let mut entries = self.entries();
        let entry = entries.iter_mut().find(|entry| entry.options == options)?;
        if entry.wants > 1 { entry.planes.clone() } else { entry.planes.take() }
    }

    fn is_ready(&self, options: Options) -> bool {
        self.entries().iter().any(|entry| entry.options == options && entry.planes.is_some())
    }

    /// Decodes the file for all that is wanted and not there. A damaged file is left to each rendering, since its planes depend on the
    /// scales at which it is read.
    fn decode_all(&self, header: &Header, keep_going: &mut dyn FnMut() -> bool) {
        let missing = |entry: &&Entry| entry.planes.is_none();
        let mut targets: Vec<(Options, Planes)> =
            self.entries().iter().filter(missing).map(|entry| (entry.options, Planes::default())).collect();
        if targets.len() < 2 {
            return;
        }
        let decoded = jpeg::decode_scales(header, &self.bytes, &mut targets, keep_going);
        if !decoded.is_ok_and(|damage| damage.is_none()) {
            return;
        }
        let mut entries = self.entries();
        for (options, planes) in targets {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.options == options) {
                entry.planes = Some(planes);
            }
        }
    }
}

impl Want {
    /// The file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.decodes.bytes
    }

    /// Waits at most `wait` until the planes are there, or until this rendering is the one that decodes the file.
    pub(super) async fn turn(&self, wait: Duration) -> Result<(), Busy> {
        let turn = acquire_within(wait, &self.decodes.turn).await?;
        if !self.decodes.is_ready(self.options) {
            *locked(&self.turn) = Some(turn);
            // Others that waited for the same fetch want their planes now.
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}

impl SharedDecode for Want {
    fn planes(
        &self,
        header: &Header,
        options: Options,
        keep_going: &mut dyn FnMut() -> bool,
    ) -> Option<Planes> {
        if options != self.options {
            return None;
        }
        let turn = locked(&self.turn).take();
        if turn.is_some() {
            self.decodes.decode_all(header, keep_going);
        }
        self.decodes.ready(options)
    }
}

impl Drop for Want {
    fn drop(&mut self) {
        let mut entries = self.decodes.entries();
        if let Some(entry) = entries.iter_mut().find(|entry| entry.options == self.options) {
            entry.wants -= 1;
        }
        entries.retain(|entry| entry.wants > 0);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
