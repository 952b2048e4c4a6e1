//! Measures the duration of each step and checks the deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::Error;

/// A step of the pipeline, as `Server-Timing` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Reading the header and planning.
    Plan,
    /// Decoding source bytes to pixels.
    Decode,
    /// Changing pixels: size, colour, orientation, background.
    Resize,
    /// Encoding pixels to the variant's bytes.
    Encode,
}

impl Step {
    /// The name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Decode => "decode",
            Self::Resize => "resize",
            Self::Encode => "encode",
        }
    }
}

/// Measures steps with a clock that is a parameter.
#[derive(Debug)]
pub struct Stopwatch {
    now: fn() -> Instant,
    deadline: Instant,
    last: Instant,
    laps: Vec<(Step, Duration)>,
    is_abandoned: Arc<AtomicBool>,
}

impl Stopwatch {
    /// Starts the measurement. The deadline is `allowed` from now.
    pub fn start(now: fn() -> Instant, allowed: Duration) -> Self {
        let start = now();
        let (laps, is_abandoned) = (Vec::with_capacity(4), Arc::default());
        Self { now, deadline: start + allowed, last: start, laps, is_abandoned }
    }

    /// Adds a flag that stops the work as the deadline does. It is set when no request waits for the result any more.
    #[must_use]
    pub fn unless(self, is_abandoned: Arc<AtomicBool>) -> Self {
        Self { is_abandoned, ..self }
    }

    /// Fails if the deadline has passed or the flag is set.
    pub fn check(&self) -> Result<(), Error> {
        self.check_at((self.now)())
    }

    /// Ends a step and adds its duration to earlier ones of the same step. Fails if the deadline has passed or the flag
    /// is set.
    pub fn lap(&mut self, step: Step) -> Result<(), Error> {
        let now = (self.now)();
        let took = now - self.last;
        match self.laps.iter_mut().find(|(noted, _)| *noted == step) {
            Some((_, time)) => *time += took,
            None => self.laps.push((step, took)),
        }
        self.last = now;
        self.check_at(now)
    }

    /// The completed steps with their durations.
    pub fn into_laps(self) -> Vec<(Step, Duration)> {
        self.laps
    }

    fn check_at(&self, now: Instant) -> Result<(), Error> {
        if self.is_abandoned.load(Ordering::Relaxed) {
            return Err(Error::Abandoned);
        }
        if now > self.deadline { Err(Error::DeadlineExceeded) } else { Ok(()) }
    }
}
