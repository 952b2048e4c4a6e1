//! A file that is decoded while it arrives.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::error::Error;

/// Appends the next bytes of a file, and waits for them. Returns `false` if there are none: at the end of the file, and if
/// the rest doesn't arrive.
type Rest = Box<dyn FnMut(&mut Vec<u8>) -> bool + Send>;

/// A JPEG whose header has arrived. The rest is read when it is needed; what nobody needs is never waited for.
pub struct Arriving {
    head: Vec<u8>,
    length: usize,
    arrived: Mutex<Arrived>,
    whole: OnceLock<Vec<u8>>,
}

struct Arrived {
    bytes: Vec<u8>,
    rest: Rest,
    length: usize,
    is_interrupted: bool,
}

impl Arriving {
    /// A file of `length` bytes. `head` has at least the whole header of a JPEG that the crate `jpeg` decodes
    /// ([`jpeg::Header::read`]); other decoders read whole files. `rest` appends the bytes after `head`.
    pub fn new(
        head: Vec<u8>,
        length: usize,
        rest: impl FnMut(&mut Vec<u8>) -> bool + Send + 'static,
    ) -> Self {
        let mut bytes = Vec::with_capacity(length);
        bytes.extend_from_slice(&head);
        let arrived = Mutex::new(Arrived { bytes, rest: Box::new(rest), length, is_interrupted: false });
        Self { head, length, arrived, whole: OnceLock::new() }
    }

    pub(super) const fn length(&self) -> usize {
        self.length
    }

    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    pub(super) fn whole(&self) -> Result<&[u8], Error> {
        if let Some(whole) = self.whole.get() {
            return Ok(whole);
        }
        let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        arrived.wait_for(self.length);
        if arrived.is_interrupted {
            return Err(Error::Interrupted);
        }
        let bytes = std::mem::take(&mut arrived.bytes);
        Ok(self.whole.get_or_init(|| bytes))
    }

    pub(super) fn decode<T>(&self, decoder: impl FnOnce(&mut dyn jpeg::Input) -> T) -> Result<T, Error> {
        if let Some(whole) = self.whole.get() {
            return Ok(decoder(&mut whole.as_slice()));
        }
        let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        let picture = decoder(&mut *arrived);
        if arrived.is_interrupted { Err(Error::Interrupted) } else { Ok(picture) }
    }
}

impl Arrived {
    fn wait_for(&mut self, length: usize) {
        let wanted = length.min(self.length);
        while self.bytes.len() < wanted && !self.is_interrupted {
            self.is_interrupted = !(self.rest)(&mut self.bytes);
        }
    }
}

impl jpeg::Input for Arrived {
    fn prefix(&mut self, length: usize) -> &[u8] {
        self.wait_for(length);
        &self.bytes
    }
}

impl Debug for Arriving {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arriving").field("length", &self.length).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
