//! Why a variant can't be made.

/// Why a variant can't be made. Each says what was wrong in a sentence fit for the viewer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The source is longer than the policy allows.
    #[error("the file has {bytes} bytes; {limit} are allowed")]
    TooManyBytes {
        /// What it has.
        bytes: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The source has more pixels than the policy allows.
    #[error("the picture has {width}×{height} pixels; {limit} in all are allowed")]
    TooManyPixels {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// Width × height that is allowed.
        limit: u64,
    },
    /// The source has more frames than the policy allows.
    #[error("the animation has {frames} frames; {limit} are allowed")]
    TooManyFrames {
        /// What it has.
        frames: u32,
        /// What is allowed.
        limit: u32,
    },
    /// The source's frames have more pixels together than the policy allows.
    #[error("the {frames} frames have {pixels} pixels; {limit} in all are allowed")]
    TooManyFramePixels {
        /// Width × height × frames.
        pixels: u64,
        /// What it has.
        frames: u32,
        /// What is allowed.
        limit: u64,
    },
    /// The frame asked for doesn't exist.
    #[error("there is no frame {asked}; the picture has {frames}")]
    NoSuchFrame {
        /// Counted from 1.
        asked: u32,
        /// What it has.
        frames: u32,
    },
    /// Making the variant would take more memory than the policy allows.
    #[error("making this variant takes {bytes} bytes of memory; {limit} are allowed")]
    TooMuchMemory {
        /// Predicted from the header and the plan.
        bytes: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The part to be cut out lies outside the picture.
    #[error("'rect' lies outside the picture of {width}×{height} pixels")]
    NothingLeft {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// The source is empty.
    #[error("the file is empty")]
    Empty,
    /// The first bytes are of no format that is read here.
    #[error("the file is not a JPEG, PNG, GIF, WebP, AVIF, TIFF, BMP, ICO, SVG or JPEG XL image")]
    UnknownFormat,
    /// A format that is read here, using a part of it that is not.
    #[error("{0}")]
    Unsupported(&'static str),
    /// The source is damaged.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// The time allowed is over.
    #[error("the variant could not be made in time")]
    DeadlineExceeded,
    /// Nobody waits for the variant any more.
    #[error("nobody waits for the variant any more")]
    Abandoned,
    /// A step below the plan failed although the plan allowed it: a defect of ours.
    #[error("the variant could not be made")]
    Internal(String),
}

impl From<jpeg::Error> for Error {
    fn from(error: jpeg::Error) -> Self {
        match error {
            jpeg::Error::Damaged(reason) => Self::Damaged(reason.to_owned()),
            jpeg::Error::Unsupported(_) => Self::Internal(error.to_string()),
            jpeg::Error::Stopped => Self::DeadlineExceeded,
        }
    }
}

impl From<codecs::Error> for Error {
    fn from(error: codecs::Error) -> Self {
        match error {
            codecs::Error::Damaged(reason) => Self::Damaged(reason),
            codecs::Error::Unsupported(reason) => Self::Unsupported(reason),
            codecs::Error::Size | codecs::Error::Memory => Self::Internal(error.to_string()),
        }
    }
}
