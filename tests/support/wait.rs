//! Waits with a deadline, so that a test fails, and doesn't hang, if a state is never reached.

use std::fmt::Display;
use std::future::Future;
use std::time::{Duration, Instant};

/// The deadline of every wait. A passing test needs a fraction of it, even on a busy machine.
const DEADLINE: Duration = Duration::from_mins(4);

/// The pause between two attempts.
const POLL: Duration = Duration::from_millis(20);

/// Repeats `attempt` until it succeeds, and returns its value. At the deadline the test fails with the awaited state and
/// the error of the last attempt.
pub(crate) async fn for_value<T, E: Display>(
    awaited: &str,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        match attempt().await {
            Ok(value) => return value,
            Err(last) => assert!(Instant::now() < deadline, "waited {DEADLINE:?} for {awaited}: {last}"),
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Repeats `condition` until it is true. At the deadline the test fails with the awaited state.
pub(crate) async fn until(awaited: &str, mut condition: impl AsyncFnMut() -> bool) {
    for_value(awaited, async || if condition().await { Ok(()) } else { Err("not yet") }).await;
}

/// Waits for a future. At the deadline the test fails with the awaited event.
pub(crate) async fn within<F: Future>(awaited: &str, future: F) -> F::Output {
    tokio::time::timeout(DEADLINE, future)
        .await
        .unwrap_or_else(|_| panic!("waited {DEADLINE:?} for {awaited}"))
}
