//! Reasons why a file gets no plan.

use super::cost::Cost;
use super::rendition::MIN_SIDE;
use crate::source::Size;

/// Reason why no job is created for a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The file has neither a video nor an audio track.
    #[error("the file has neither video nor sound")]
    NoTracks,
    /// A side is too short to encode.
    #[error("the picture is {}×{} pixels; each side must have at least {MIN_SIDE}", .0.width, .0.height)]
    TooSmall(Size),
    /// The video is longer than the policy allows.
    #[error("the video is {minutes} minutes long; at most {max_minutes} are accepted")]
    TooLong {
        /// The duration in minutes, rounded up.
        minutes: u64,
        /// The policy's limit in minutes.
        max_minutes: u32,
    },
    /// The job would cost more than the policy allows.
    #[error("transcoding would cost about {:.2} US dollars; at most {:.2} are spent on a video", .cost.dollars(), f64::from(*.max_cents) / 100.0)]
    TooExpensive {
        /// The estimate.
        cost: Cost,
        /// The policy's limit in US cents.
        max_cents: u32,
    },
}

impl PlanError {
    /// The error's name in the status document.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoTracks => "no-tracks",
            Self::TooSmall(_) => "too-small",
            Self::TooLong { .. } => "too-long",
            Self::TooExpensive { .. } => "too-expensive",
        }
    }
}
