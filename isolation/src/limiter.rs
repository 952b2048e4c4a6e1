//! Limits the processor time and the memory of a job. A decoder can't be interrupted, so the process ends itself.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, Signal, getpid, getppid, kill_process, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Time between two checks of the processor time. It decides how precise the limit is.
const TICK: Duration = Duration::from_millis(20);

/// Memory that the process takes besides a job: its data, its stacks, and what its allocator keeps.
const OWN_BYTES: u64 = 64 << 20;

/// Limits the job in progress. A second thread checks that the job has processor time left, and that the program that
/// started this worker still runs. If not, it ends the process with the signal that the system would send, `SIGXCPU`.
#[derive(Clone, Debug)]
pub struct Limiter {
    shared: Arc<SharedState>,
}

#[derive(Debug, Default)]
struct SharedState {
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
    /// The processor time since which the budget is being used. `None` while it is paused.
    since: Option<Duration>,
}

impl Budget {
    /// The rest of the budget when the process has used `now` of processor time. `None` if the budget is exceeded.
    fn left_at(self, now: Duration) -> Option<Duration> {
        self.left.checked_sub(self.since.map_or(Duration::ZERO, |since| now.saturating_sub(since)))
    }
}

impl Limiter {
    /// Starts the second thread. Fails if the system allows none.
    pub(crate) fn start() -> io::Result<Self> {
        let shared = Arc::<SharedState>::default();
        let (watched, parent) = (Arc::clone(&shared), getppid());
        std::thread::Builder::new().stack_size(64 << 10).spawn(move || watch(&watched, parent))?;
        Ok(Self { shared })
    }

    /// Runs a job under the limits that the job sets.
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

    /// Pauses the use of the budget, for work whose time doesn't depend on the file.
    pub fn pause_time(&self) {
        self.change(|budget, now| Budget { left: budget.left_at(now).unwrap_or_default(), since: None });
    }

    /// Continues to use the rest of the budget.
    pub fn resume_time(&self) {
        self.change(|budget, now| Budget { since: budget.since.or(Some(now)), ..budget });
    }

    fn change(&self, change: impl FnOnce(Budget, Duration) -> Budget) {
        let mut state = self.shared.lock();
        state.budget = state.budget.map(|budget| change(budget, processor_time()));
    }

    /// Allows `bytes` of memory in addition to that of the process itself. A larger allocation ends the process.
    pub fn limit_memory(&self, bytes: u64) {
        let limit = Rlimit { current: Some(bytes.saturating_add(OWN_BYTES)), maximum: None };
        // This fails only if the program itself was started with a lower limit, which then applies.
        let _ = setrlimit(Resource::Data, limit);
    }
}

impl SharedState {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn watch(shared: &SharedState, parent: Option<Pid>) {
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
    fn a_budget_decreases_with_processor_time_unless_it_is_paused() {
        let seconds = Duration::from_secs;
        let running = Budget { left: seconds(2), since: Some(seconds(5)) };
        assert_eq!(running.left_at(seconds(6)), Some(seconds(1)));
        assert_eq!(running.left_at(seconds(7)), Some(Duration::ZERO));
        assert_eq!(running.left_at(seconds(8)), None);
        let paused = Budget { left: seconds(2), since: None };
        assert_eq!(paused.left_at(seconds(90)), Some(seconds(2)));
    }
}
