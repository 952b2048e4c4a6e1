//! Limits the processor time and the memory of a job. A decoder can't be interrupted, so the process ends itself.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, Signal, getpid, getppid, kill_process, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Time between two looks at the processor time, and so the precision of its limit.
const TICK: Duration = Duration::from_millis(20);

/// Memory that the process takes besides a job: its data, its stacks, and what its allocator keeps.
const OWN_BYTES: u64 = 64 << 20;

/// Limits the job in progress. A second thread looks at the clock, and at whether the program that started this worker
/// still lives. It ends the process with the signal that the system would send, `SIGXCPU`.
#[derive(Clone, Debug)]
pub struct Limiter {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    has_work: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_working: bool,
    budget: Option<Budget>,
}

/// A budget of processor time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Budget {
    left: Duration,
    /// The process's time from which on the budget is used. `None` while it isn't.
    since: Option<Duration>,
}

impl Budget {
    /// What is left at a time of the process. `None` if the budget is exceeded.
    fn left_at(self, now: Duration) -> Option<Duration> {
        self.left.checked_sub(self.since.map_or(Duration::ZERO, |since| now.saturating_sub(since)))
    }
}

impl Limiter {
    /// Starts the second thread. Fails if the system allows none.
    pub(crate) fn start() -> io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let (watched, parent) = (Arc::clone(&shared), getppid());
        std::thread::Builder::new().stack_size(64 << 10).spawn(move || watch(&watched, parent))?;
        Ok(Self { shared })
    }

    /// Does a job under the limits that it sets.
    pub(crate) fn working<T>(&self, job: impl FnOnce() -> T) -> T {
        *self.shared.lock() = State { is_working: true, budget: None };
        self.shared.has_work.notify_one();
        let done = job();
        *self.shared.lock() = State::default();
        done
    }

    /// Allows `budget` of processor time from now on.
    pub fn limit_time(&self, budget: Duration) {
        self.shared.lock().budget = Some(Budget { left: budget, since: Some(processor_time()) });
    }

    /// Stops the use of the budget: what follows depends on no file.
    pub fn pause_time(&self) {
        self.change(|budget, now| Budget { left: budget.left_at(now).unwrap_or_default(), since: None });
    }

    /// Continues to use what is left of the budget.
    pub fn resume_time(&self) {
        self.change(|budget, now| Budget { since: budget.since.or(Some(now)), ..budget });
    }

    fn change(&self, change: impl FnOnce(Budget, Duration) -> Budget) {
        let mut state = self.shared.lock();
        state.budget = state.budget.map(|budget| change(budget, processor_time()));
    }

    /// Allows `bytes` of memory beside what the process itself takes. A larger allocation ends the process.
    pub fn limit_memory(&self, bytes: u64) {
        let limit = Rlimit { current: Some(bytes.saturating_add(OWN_BYTES)), maximum: None };
        // It can only fail if the program itself was started with a lower limit, which then holds.
        let _ = setrlimit(Resource::Data, limit);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn watch(shared: &Shared, parent: Option<Pid>) {
    let mut state = shared.lock();
    loop {
        state = if state.is_working {
            shared.has_work.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0
        } else {
            shared.has_work.wait(state).unwrap_or_else(PoisonError::into_inner)
        };
        let is_exceeded = state.budget.is_some_and(|budget| budget.left_at(processor_time()).is_none());
        if is_exceeded || getppid() != parent {
            // A process may always send itself a signal.
            let _ = kill_process(getpid(), Signal::XCPU);
        }
    }
}

/// The processor time of all threads since the process started.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_used_while_it_counts() {
        let seconds = Duration::from_secs;
        let counting = Budget { left: seconds(2), since: Some(seconds(5)) };
        assert_eq!(counting.left_at(seconds(6)), Some(seconds(1)));
        assert_eq!(counting.left_at(seconds(7)), Some(Duration::ZERO));
        assert_eq!(counting.left_at(seconds(8)), None);
        let paused = Budget { left: seconds(2), since: None };
        assert_eq!(paused.left_at(seconds(90)), Some(seconds(2)));
    }
}
