/// The reason why a codec failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The input has another format, or is damaged so that the decoder gives no picture.
    #[error("{0}")]
    Damaged(String),
    /// The input is valid, but uses a part of its format that is not supported.
    #[error("{0}")]
    Unsupported(&'static str),
    /// The buffer does not have the size of the picture, or the codec does not support this size.
    #[error("the picture's size doesn't fit the codec or its buffer")]
    Size,
    /// The codec could not allocate memory.
    #[error("the codec ran out of memory")]
    Memory,
}
