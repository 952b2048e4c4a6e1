//! A source file: in memory, or still arriving.

use super::arriving::Arriving;
use crate::error::Error;

/// A source file: in memory, or still arriving.
#[derive(Clone, Copy, Debug)]
pub enum File<'a> {
    /// The whole file.
    Whole(&'a [u8]),
    /// A file whose header has arrived.
    Arriving(&'a Arriving),
}

impl<'a> File<'a> {
    /// The length of the whole file in bytes.
    pub const fn length(self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Arriving(arriving) => arriving.length(),
        }
    }

    /// The first bytes: all that precedes the picture's data, or more.
    pub(super) fn head(self) -> &'a [u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Arriving(arriving) => arriving.head(),
        }
    }

    /// The whole file. Waits until it has arrived.
    ///
    /// # Errors
    /// [`Error::Interrupted`] if it doesn't arrive.
    pub fn whole(self) -> Result<&'a [u8], Error> {
        match self {
            Self::Whole(bytes) => Ok(bytes),
            Self::Arriving(arriving) => arriving.whole(),
        }
    }

    /// Calls a decoder that reads the file while it arrives.
    ///
    /// # Errors
    /// [`Error::Interrupted`] if a part that the decoder asked for doesn't arrive.
    pub(crate) fn decode<T>(self, decoder: impl FnOnce(&mut dyn jpeg::Input) -> T) -> Result<T, Error> {
        match self {
            Self::Whole(mut bytes) => Ok(decoder(&mut bytes)),
            Self::Arriving(arriving) => arriving.decode(decoder),
        }
    }
}
