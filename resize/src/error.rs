//! The errors of the image core.

/// The reason why a variant can't be rendered. Each message is a sentence for the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The source has more bytes than the limit.
    #[error("the file has {bytes} bytes; {limit} are allowed")]
    TooManyBytes {
        /// The length of the source in bytes.
        bytes: u64,
        /// Maximum number of bytes.
        limit: u64,
    },
    /// The source has more pixels than the limit.
    #[error("the picture has {width}×{height} pixels; {limit} in all are allowed")]
    TooManyPixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Maximum of width × height.
        limit: u64,
    },
    /// The source has more frames than the limit.
    #[error("the animation has {frames} frames; {limit} are allowed")]
    TooManyFrames {
        /// Number of frames.
        frames: u32,
        /// Maximum number of frames.
        limit: u32,
    },
    /// All frames of the source together have more pixels than the limit.
    #[error("the {frames} frames have {pixels} pixels; {limit} in all are allowed")]
    TooManyFramePixels {
        /// Width × height × frames.
        pixels: u64,
        /// Number of frames.
        frames: u32,
        /// Maximum number of pixels.
        limit: u64,
    },
    /// The requested frame doesn't exist.
    #[error("there is no frame {asked}; the picture has {frames}")]
    NoSuchFrame {
        /// The requested frame, counted from 1.
        asked: u32,
        /// Number of frames in the source.
        frames: u32,
    },
    /// The requested page doesn't exist.
    #[error("there is no page {asked}; the document has {pages}")]
    NoSuchPage {
        /// The requested page, counted from 1.
        asked: u32,
        /// Number of pages in the document.
        pages: u32,
    },
    /// Rendering the variant would take more memory than the limit.
    #[error("making this variant takes {bytes} bytes of memory; {limit} are allowed")]
    TooMuchMemory {
        /// Peak memory in bytes, predicted from the header and the plan.
        bytes: u64,
        /// Maximum number of bytes.
        limit: u64,
    },
    /// The requested cutout lies outside the picture.
    #[error("'rect' lies outside the picture of {width}×{height} pixels")]
    NothingLeft {
        /// Width of the picture in pixels.
        width: u32,
        /// Height of the picture in pixels.
        height: u32,
    },
    /// The picture of the policy's mark can't be drawn.
    #[error(
        "the mark can't be drawn: its picture must be a whole PNG or JPEG of at most 4 megapixels and 1 MiB"
    )]
    Mark,
    /// The source is empty.
    #[error("the file is empty")]
    Empty,
    /// The first bytes match no supported format.
    #[error("the file is not a JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP, ICO, SVG or JPEG XL image")]
    UnknownFormat,
    /// The source uses an unsupported feature of a supported format.
    #[error("{0}")]
    Unsupported(&'static str),
    /// The text of a drawing has a character that no font has.
    #[error("the SVG has text with the character '{character}' (U+{:04X}), which no font of this service has: convert it to a path, or add a font", u32::from(*.character))]
    NoGlyph {
        /// The first such character.
        character: char,
    },
    /// The source is damaged.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// A part of the source didn't arrive.
    #[error("the file did not arrive")]
    Interrupted,
    /// The deadline has passed.
    #[error("the variant could not be made in time")]
    DeadlineExceeded,
    /// No request waits for the variant any more.
    #[error("no request waits for the variant any more")]
    Abandoned,
    /// A step failed although the plan allowed it. This is a defect in this program.
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
