//! Measures the duration of each step and checks the deadline.

use std::fmt::Debug;
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
    /// Every step.
    pub const ALL: [Self; 4] = [Self::Plan, Self::Decode, Self::Resize, Self::Encode];

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

/// Observes a rendering, to limit the resources that it uses.
pub trait Observer: Debug {
    /// The plan is complete. It predicts that the rest of the rendering takes at most `peak_bytes` of memory, including
    /// the source.
    fn planned(&self, peak_bytes: u64);

    /// A step is complete. The step after a plan, and after each encoded frame of an animation, decodes the source.
    fn completed(&self, step: Step);
}

/// Measures steps with a clock that is a parameter.
#[derive(Debug)]
pub struct Stopwatch {
    now: fn() -> Instant,
    deadline: Instant,
    last: Instant,
    laps: Vec<(Step, Duration)>,
    is_abandoned: Arc<AtomicBool>,
    observer: Option<Box<dyn Observer>>,
}

impl Stopwatch {
    /// Starts the measurement. The deadline is `allowed` from now.
    pub fn start(now: fn() -> Instant, allowed: Duration) -> Self {
        let start = now();
        let (laps, is_abandoned) = (Vec::with_capacity(4), Arc::default());
        Self { now, deadline: start + allowed, last: start, laps, is_abandoned, observer: None }
    }

    /// Adds a flag that stops the work as the deadline does. The caller sets the flag when no request waits for the
    /// result any more.
    #[must_use]
    pub fn with_abandon_flag(self, is_abandoned: Arc<AtomicBool>) -> Self {
        Self { is_abandoned, ..self }
    }

    /// Adds an observer of the steps.
    #[must_use]
    pub fn observed_by(self, observer: impl Observer + 'static) -> Self {
        Self { observer: Some(Box::new(observer)), ..self }
    }

    /// Fails if the deadline has passed or the flag is set.
    pub fn check(&self) -> Result<(), Error> {
        self.check_at((self.now)())
    }

    /// Ends the step of a plan that takes at most `peak_bytes`. Fails as [`Self::lap`] does.
    pub fn planned(&mut self, peak_bytes: u64) -> Result<(), Error> {
        if let Some(observer) = &self.observer {
            observer.planned(peak_bytes);
        }
        self.lap(Step::Plan)
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
        if let Some(observer) = &self.observer {
            observer.completed(step);
        }
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
