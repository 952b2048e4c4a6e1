use std::fmt;

/// The reason why a picture was not decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is not a JPEG, or it is damaged so that no picture can be decoded. The text is the end of a sentence
    /// about the file.
    #[error("the JPEG is damaged: {0}")]
    Damaged(&'static str),
    /// The file is a JPEG of a kind that this crate does not decode.
    #[error("{0}")]
    Unsupported(UnsupportedKind),
    /// The caller stopped the decoder.
    #[error("decoding was stopped")]
    Stopped,
}

/// A kind of JPEG that this crate does not decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsupportedKind {
    /// The entropy coding is arithmetic.
    Arithmetic,
    /// Samples have this number of bits instead of 8.
    Precision(u8),
    /// The file is stored without loss (ITU-T T.81, annex H).
    Lossless,
    /// The file is a hierarchy of frames (ITU-T T.81, annex J).
    Hierarchical,
    /// The frame has this number of components instead of 1, 3 or 4.
    Components(u8),
    /// The frame declares no height; a segment after the first scan does.
    LateHeight,
}

impl fmt::Display for UnsupportedKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arithmetic => {
                formatter.write_str("JPEGs with arithmetic coding are not supported by this decoder")
            }
            Self::Precision(bits) => {
                write!(formatter, "JPEGs with {bits} bits per sample are not supported by this decoder")
            }
            Self::Lossless => formatter.write_str("lossless JPEGs are not supported by this decoder"),
            Self::Hierarchical => formatter.write_str("hierarchical JPEGs are not supported by this decoder"),
            Self::Components(count) => {
                write!(formatter, "JPEGs with {count} components are not supported by this decoder")
            }
            Self::LateHeight => formatter.write_str(
                "JPEGs that declare their height after the first scan are not supported by this decoder",
            ),
        }
    }
}
