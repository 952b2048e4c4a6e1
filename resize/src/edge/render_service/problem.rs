//! A failure of the service as the problem that a viewer is told of.

use service::problem::{Kind, Problem};

use crate::edge::render_service::slots::Busy;
use crate::edge::store::StoreError;
use crate::error::Error;

impl From<Busy> for Problem {
    fn from(_: Busy) -> Self {
        Self::new(Kind::Busy, "every slot is taken; try again in a second")
    }
}

/// The one place where a failure of the service becomes a kind of problem.
pub(super) fn problem(error: &StoreError) -> Problem {
    let kind = match error {
        StoreError::NotFound => Kind::Missing,
        StoreError::Unavailable(cause) => {
            tracing::error!(cause, "the storage is unavailable");
            return Problem::new(Kind::StorageUnavailable, "the storage doesn't answer; try again");
        }
        StoreError::Refused(error) => match error {
            Error::TooManyBytes { .. }
            | Error::TooManyPixels { .. }
            | Error::TooManyFrames { .. }
            | Error::TooManyFramePixels { .. }
            | Error::TooMuchMemory { .. } => Kind::TooLarge,
            Error::NothingLeft { .. } | Error::NoSuchFrame { .. } => Kind::BadRequest,
            Error::Empty | Error::UnknownFormat | Error::Unsupported(_) | Error::Damaged(_) => {
                Kind::Unreadable
            }
            Error::DeadlineExceeded | Error::Abandoned => Kind::DeadlineExceeded,
            Error::Internal(cause) => return fault(cause),
        },
    };
    tracing::info!(status = kind.status().as_u16(), reason = %error, "refused");
    Problem::new(kind, error.to_string())
}

/// A defect of ours: the cause is logged, the viewer is told no more than that.
pub(super) fn fault(cause: &str) -> Problem {
    tracing::error!(cause, "a defect");
    Problem::new(Kind::Internal, "the variant could not be made")
}
