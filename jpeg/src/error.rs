use crate::header::Refusal;

/// Why a picture was not decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is no JPEG, or damaged beyond what is mended.
    #[error("the JPEG is damaged: {0}")]
    Damaged(&'static str),
    /// The file is a JPEG of a kind that this decoder does not take.
    #[error("{0}")]
    Unsupported(Refusal),
    /// Decoding was stopped by its caller.
    #[error("decoding was stopped")]
    Stopped,
}
