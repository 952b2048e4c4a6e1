//! Signals to a blocking task that its result isn't needed any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sets its flag when it is dropped. A future holds it while it waits for a blocking task, which outlives the future and
/// reads the flag.
#[derive(Debug, Default)]
pub(super) struct AbandonmentGuard(Arc<AtomicBool>);

impl AbandonmentGuard {
    /// The flag, for the blocking task.
    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

impl Drop for AbandonmentGuard {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
