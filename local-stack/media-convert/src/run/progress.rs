//! The progress of a run.

use std::sync::atomic::{AtomicU8, Ordering};

/// The phase of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Probing,
    Transcoding,
    Uploading,
}

impl Phase {
    /// All phases in their order.
    pub(crate) const ALL: [Self; 3] = [Self::Probing, Self::Transcoding, Self::Uploading];

    /// The name in the protocol.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Probing => "PROBING",
            Self::Transcoding => "TRANSCODING",
            Self::Uploading => "UPLOADING",
        }
    }
}

/// The progress of a run. The run writes it while other tasks read it.
#[derive(Debug)]
pub(crate) struct Progress {
    phase: AtomicU8,
    percent: AtomicU8,
}

impl Progress {
    pub(crate) const fn new() -> Self {
        Self { phase: AtomicU8::new(Phase::Probing as u8), percent: AtomicU8::new(0) }
    }

    /// The phase and the percentage of the whole job, 0 to 99.
    pub(crate) fn get(&self) -> (Phase, u8) {
        let phase = self.phase.load(Ordering::Relaxed);
        let phase = Phase::ALL.into_iter().find(|candidate| *candidate as u8 == phase);
        (phase.unwrap_or(Phase::Probing), self.percent.load(Ordering::Relaxed))
    }

    /// Sets the phase, and the percentage unless it would fall: ffmpeg reports the times of several outputs out of order.
    pub(super) fn set(&self, phase: Phase, percent: f64) {
        self.phase.store(phase as u8, Ordering::Relaxed);
        self.percent.fetch_max(percent.clamp(0.0, 99.0) as u8, Ordering::Relaxed);
    }
}
