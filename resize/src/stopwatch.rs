//! How long each step took, and whether there is time for the next.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::Error;

/// A step of the pipeline, as `Server-Timing` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Reading the header and deciding.
    Plan,
    /// Source bytes to pixels.
    Decode,
    /// Pixels to pixels: size, colour, orientation, background.
    Resize,
    /// Pixels to the variant's bytes.
    Encode,
}

impl Step {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Decode => "decode",
            Self::Resize => "resize",
            Self::Encode => "encode",
        }
    }
}

/// Measures steps with the clock that it is given.
#[derive(Debug)]
pub struct Stopwatch {
    now: fn() -> Instant,
    deadline: Instant,
    last: Instant,
    laps: Vec<(Step, Duration)>,
    is_abandoned: Arc<AtomicBool>,
}

impl Stopwatch {
    /// Starts now and allows `allowed` in all.
    pub fn start(now: fn() -> Instant, allowed: Duration) -> Self {
        let start = now();
        let (laps, is_abandoned) = (Vec::with_capacity(4), Arc::default());
        Self { now, deadline: start + allowed, last: start, laps, is_abandoned }
    }

    /// The same, which also ends when the flag is set: nobody waits for the result any more.
    #[must_use]
    pub fn unless(self, is_abandoned: Arc<AtomicBool>) -> Self {
        Self { is_abandoned, ..self }
    }

    /// Fails where the time allowed is over or nobody waits any more.
    pub fn check(&self) -> Result<(), Error> {
        self.check_at((self.now)())
    }

    /// Ends a step: notes its time, added up where it is done again, and fails where the time allowed is over or
    /// nobody waits any more.
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

    /// The steps that ended, with their times.
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
