/// The reasons for which a picture is not encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A side is 0 or longer than [`crate::MAX_SIDE`], a plane's samples do not fill its size, or a chroma plane does not
    /// have half the width and height of luma, rounded up.
    #[error("a plane has another size than the picture or its samples, or a side is 0 or above 16383")]
    Size,
    /// The modes of the macroblocks take 512 KiB or more, which a frame's header can't say. It takes a picture of
    /// many megapixels.
    #[error("the picture has too many macroblocks with modes of their own")]
    TooLarge,
}
