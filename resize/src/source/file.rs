//! A source file: in memory, or still arriving.

use std::fmt::Debug;

use jpeg::{Header, Options, Planes};

use super::arriving::Arriving;
use crate::error::Error;

/// A source file: in memory, or still arriving.
#[derive(Clone, Copy, Debug)]
pub enum File<'a> {
    /// The whole file.
    Whole(&'a [u8]),
    /// A file whose header has arrived.
    Arriving(&'a Arriving),
    /// The whole file of a JPEG, which is decoded once for several variants.
    Shared(&'a [u8], &'a dyn SharedDecode),
}

/// A decode of a JPEG for several variants at once.
pub trait SharedDecode: Debug + Sync {
    /// The planes for the options of one variant. The first call decodes the file for all variants, and asks `keep_going` whether to go
    /// on. `None` if the file has to be decoded for this variant alone.
    fn planes(
        &self,
        header: &Header,
        options: Options,
        keep_going: &mut dyn FnMut() -> bool,
    ) -> Option<Planes>;
}

impl<'a> File<'a> {
    /// The length of the whole file in bytes.
    pub const fn length(self) -> usize {
        match self {
            Self::Whole(bytes) | Self::Shared(bytes, _) => bytes.len(),
            Self::Arriving(arriving) => arriving.length(),
        }
    }

    /// The first bytes: all that precedes the picture's data, or more.
    pub(super) fn head(self) -> &'a [u8] {
        match self {
            Self::Whole(bytes) | Self::Shared(bytes, _) => bytes,
            Self::Arriving(arriving) => arriving.head(),
        }
    }

    /// The whole file. Waits until it has arrived.
    ///
    /// # Errors
    /// [`Error::Interrupted`] if it doesn't arrive.
    pub fn whole(self) -> Result<&'a [u8], Error> {
        match self {
            Self::Whole(bytes) | Self::Shared(bytes, _) => Ok(bytes),
            Self::Arriving(arriving) => arriving.whole(),
        }
    }

    /// The planes of a decode that other variants share.
    pub(crate) fn shared_planes(
        self,
        header: &Header,
        options: Options,
        keep_going: &mut dyn FnMut() -> bool,
    ) -> Option<Planes> {
        match self {
            Self::Whole(_) | Self::Arriving(_) => None,
            Self::Shared(_, decode) => decode.planes(header, options, keep_going),
        }
    }

    /// Calls a decoder that reads the file while it arrives.
    ///
    /// # Errors
    /// [`Error::Interrupted`] if a part that the decoder asked for doesn't arrive.
    pub(crate) fn decode<T>(self, decoder: impl FnOnce(&mut dyn jpeg::Input) -> T) -> Result<T, Error> {
        match self {
            Self::Whole(mut bytes) | Self::Shared(mut bytes, _) => Ok(decoder(&mut bytes)),
            Self::Arriving(arriving) => arriving.decode(decoder),
        }
    }
}
