//! A seeded scheduler: every call waits for a time that the seed decides, so that flows that run at once meet in another order
//! for each seed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use super::process::Process;

/// The longest delay of a call.
const LONGEST_MS: u64 = 400;

/// The delays of a seed. The delay of a call follows from the seed, the operation and the number of earlier calls of it, so the
/// same seed makes the same order.
#[derive(Clone, Debug)]
pub(crate) struct Delays {
    seed: u64,
    counts: HashMap<(Process, String), u64>,
}

impl Delays {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, counts: HashMap::new() }
    }

    /// The delay of the next call of an operation.
    pub(crate) fn next(&mut self, from: Process, operation: &str) -> Duration {
        let count = self.counts.entry((from, operation.to_owned())).or_default();
        *count += 1;
        let mut hasher = DefaultHasher::new();
        (self.seed, from, operation, *count).hash(&mut hasher);
        Duration::from_millis(hasher.finish() % LONGEST_MS)
    }
}
