//! A process that ends early.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Polls a future a limited number of times, then stops, like a killed process.
pub(crate) struct LimitedPolls<F> {
    future: Pin<Box<F>>,
    polls: usize,
}

impl<F: Future> LimitedPolls<F> {
    pub(crate) fn new(future: F, polls: usize) -> Self {
        Self { future: Box::pin(future), polls }
    }
}

impl<F: Future> Future for LimitedPolls<F> {
    type Output = bool;

    /// `true` if the future completed.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        if self.polls == 0 {
            return Poll::Ready(false);
        }
        self.polls -= 1;
        self.future.as_mut().poll(context).map(|_| true)
    }
}
