//! The durations of the steps that rendered a variant.

use std::fmt::Write as _;
use std::time::Duration;

use crate::stopwatch::Step;

/// The durations of the fetch and of each step of the pipeline.
#[derive(Clone, Debug)]
pub(crate) struct Timings {
    /// Fetching the original from S3.
    pub(crate) fetch: Duration,
    /// The pipeline's steps in their order; empty for a JSON document.
    pub(crate) steps: Vec<(Step, Duration)>,
}

impl Timings {
    /// The value of `Server-Timing`, in milliseconds.
    pub(crate) fn header(&self) -> String {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        let mut header = format!("fetch;dur={:.1}", milliseconds(self.fetch));
        for (step, time) in &self.steps {
            let _ = write!(header, ", {};dur={:.1}", step.name(), milliseconds(*time));
        }
        header
    }
}
