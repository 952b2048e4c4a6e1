//! `?wait=SECONDS`: an answer that is held while an upload is pending, so that clients need no loop of their own.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::error::{Cause, SignError};

/// The name of the parameter.
const WAIT: &str = "wait";

/// The longest wait in seconds. API Gateway and CloudFront end a request after 30 seconds.
const MAX_SECONDS: u64 = 20;

/// The number of requests that one process holds at the same time. Each costs a connection and a timer.
const MAX_WAITERS: usize = 256;

/// The pause before the second read of the state. Each later pause is twice as long as the one before, up to
/// [`LONGEST_PAUSE`]: a wait of 20 seconds reads the state 15 times at most.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause between two reads of the state.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The requests of this process that wait for an upload.
#[derive(Clone, Debug)]
pub struct Waiters(Arc<Semaphore>);

impl Default for Waiters {
    fn default() -> Self {
        Self::at_most(MAX_WAITERS)
    }
}

impl Waiters {
    /// At most `count` requests wait at the same time; 0 lets none wait.
    pub fn at_most(count: usize) -> Self {
        Self(Arc::new(Semaphore::new(count)))
    }

    /// Reads a state until it is no longer pending, for `wait` at most. If too many requests are already waiting, the
    /// result of the first read is returned.
    pub(crate) async fn read_settled<T, E, F>(
        &self,
        wait: Duration,
        read: impl Fn() -> F,
        is_pending: impl Fn(&T) -> bool,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        let mut latest = read().await?;
        let Ok(_slot) = self.0.try_acquire() else { return Ok(latest) };
        let mut end = pin!(sleep(wait));
        let (mut pause, mut is_over) = (FIRST_PAUSE, wait.is_zero());
        while is_pending(&latest) && !is_over {
            tokio::select! {
                () = &mut end => is_over = true,
                () = sleep(pause) => {}
            }
            pause = (2 * pause).min(LONGEST_PAUSE);
            latest = read().await?;
        }
        Ok(latest)
    }
}

/// The wait in a query: zero if the query doesn't have it. Other parameters are ignored.
pub(crate) fn wait_of(query: &[(String, String)]) -> Result<Duration, SignError> {
    let mut values = query.iter().filter(|(name, _)| name == WAIT).map(|(_, value)| value);
    let error = |sentence| SignError::at(WAIT, Cause::Invalid(sentence));
    let Some(value) = values.next() else { return Ok(Duration::ZERO) };
    if values.next().is_some() {
        return Err(error("it is given twice"));
    }
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse() {
        Ok(seconds) if is_number && seconds <= MAX_SECONDS => Ok(Duration::from_secs(seconds)),
        _ => Err(error("it must be a whole number of seconds from 0 to 20")),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::convert::Infallible;
    use std::future::ready;

    use super::*;
    use crate::arrival::state::UploadState;

    #[test]
    fn a_wait_is_a_whole_number_of_seconds_up_to_twenty() {
        let check = |query: &[(&str, &str)], expected: Result<u64, &str>| {
            let pairs: Vec<_> =
                query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let wait = wait_of(&pairs).map(|wait| wait.as_secs()).map_err(|error| error.to_string());
            assert_eq!(wait, expected.map_err(str::to_owned), "{query:?}");
        };
        check(&[], Ok(0));
        check(&[("cache", "no")], Ok(0));
        check(&[("wait", "0")], Ok(0));
        check(&[("wait", "20"), ("cache", "no")], Ok(20));
        for bad in ["21", "-1", "+1", "1.5", "", " 1", "x", "99999999999999999999"] {
            check(&[("wait", bad)], Err("wait: it must be a whole number of seconds from 0 to 20"));
        }
        check(&[("wait", "1"), ("wait", "1")], Err("wait: it is given twice"));
    }

    /// The result of a wait for an upload that is clean at the read with number `clean_at`, and the number of reads.
    async fn settled(waiters: &Waiters, wait: Duration, clean_at: u32) -> (Option<UploadState>, u32) {
        let reads = Cell::new(0);
        let read = || {
            reads.set(reads.get() + 1);
            let state = if reads.get() < clean_at { UploadState::Pending } else { UploadState::Clean(None) };
            ready(Ok::<_, Infallible>(Some(state)))
        };
        let is_pending = |state: &Option<UploadState>| *state == Some(UploadState::Pending);
        let Ok(state) = waiters.read_settled(wait, read, is_pending).await;
        (state, reads.get())
    }

    #[tokio::test]
    async fn an_answer_is_held_until_the_upload_is_no_longer_pending() {
        let waiters = Waiters::default();
        let clean = Some(UploadState::Clean(None));
        let long = Duration::from_secs(20);
        assert_eq!(settled(&waiters, long, 1).await, (clean.clone(), 1));
        assert_eq!(settled(&waiters, long, 3).await, (clean, 3));
        assert_eq!(settled(&waiters, Duration::ZERO, 2).await, (Some(UploadState::Pending), 1));
        let (state, reads) = settled(&waiters, Duration::from_millis(60), u32::MAX).await;
        assert_eq!(state, Some(UploadState::Pending));
        assert!((2..=3).contains(&reads), "{reads}");
    }

    #[tokio::test]
    async fn a_request_beyond_the_limit_of_waiters_is_answered_at_once() {
        let waiters = Waiters::at_most(0);
        let (state, reads) = settled(&waiters, Duration::from_secs(20), 2).await;
        assert_eq!((state, reads), (Some(UploadState::Pending), 1));
    }
}
