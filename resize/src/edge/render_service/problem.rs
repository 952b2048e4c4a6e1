//! Maps each failure of the service to a kind of problem. No other module does this.

use service::problem::{Kind, Problem};

use super::slots::Busy;
use crate::edge::store::error::StoreError;
use crate::error::Error;

impl From<Busy> for Problem {
    fn from(_: Busy) -> Self {
        Self::new(Kind::Busy, "every slot is busy; try again in a second")
    }
}

/// The problem of a request whose original or variant can't be read from S3.
pub(super) fn store_problem(error: &StoreError) -> Problem {
    match error {
        StoreError::NotFound => refusal(Kind::Missing, error.to_string()),
        StoreError::Unavailable(cause) => {
            tracing::error!(%cause, "the storage is unavailable");
            Problem::new(Kind::StorageUnavailable, "the storage doesn't answer; try again")
        }
        // The check has logged the cause.
        StoreError::Inaccessible(_) => {
            Problem::new(Kind::StorageUnavailable, "the storage doesn't answer; try again")
        }
        StoreError::Replaced => {
            tracing::info!("the original is replaced again and again");
            Problem::new(Kind::StorageUnavailable, "the file is being replaced; try again")
        }
        StoreError::OverLimit(error) => render_problem(error),
    }
}

/// The problem of a request whose variant can't be rendered.
pub(super) fn render_problem(error: &Error) -> Problem {
    let (kind, reason) = kind_and_reason(error);
    reported(kind, reason)
}

/// The kind of a failure, and its sentence: for the client, or for the log if this program has a defect.
pub(super) fn kind_and_reason(error: &Error) -> (Kind, String) {
    let kind = match error {
        Error::TooManyBytes { .. }
        | Error::TooManyPixels { .. }
        | Error::TooManyFrames { .. }
        | Error::TooManyFramePixels { .. }
        | Error::TooMuchMemory { .. } => Kind::OversizedOriginal,
        Error::NothingLeft { .. } | Error::NoSuchFrame { .. } | Error::NoSuchPage { .. } => Kind::BadRequest,
        Error::Empty
        | Error::Mark
        | Error::UnknownFormat
        | Error::Unsupported(_)
        | Error::NoGlyph { .. }
        | Error::Damaged(_) => Kind::Unreadable,
        Error::Interrupted => Kind::StorageUnavailable,
        Error::DeadlineExceeded | Error::Abandoned => Kind::DeadlineExceeded,
        Error::Internal(cause) => return (Kind::Internal, cause.clone()),
    };
    (kind, error.to_string())
}

/// The problem of a kind and its sentence, which is logged.
pub(super) fn reported(kind: Kind, reason: String) -> Problem {
    if kind == Kind::Internal { defect(&reason) } else { refusal(kind, reason) }
}

/// The problem of a defect in this program. The cause is logged and not sent to the client.
pub(super) fn defect(cause: &str) -> Problem {
    tracing::error!(cause, "a defect");
    Problem::new(Kind::Internal, "the variant could not be made")
}

fn refusal(kind: Kind, reason: String) -> Problem {
    tracing::info!(status = kind.status().as_u16(), reason, "refused");
    Problem::new(kind, reason)
}
