//! Decodes the largest picture of a Windows icon.

use std::io::Cursor;

use image::codecs::ico::IcoDecoder;

use super::{bmp, png};
use crate::error::Error;
use crate::pixels::Pixels;
use crate::source::bmp::unreadable;
use crate::source::ico::Entry;
use crate::source::info::SourceInfo;

/// Decodes the largest picture.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    let entry = Entry::largest(bytes)?;
    if entry.is_png() {
        return png::decode(entry.content, source, 1, None);
    }
    let file = entry.as_icon();
    bmp::read(IcoDecoder::new(Cursor::new(file.as_slice())).map_err(unreadable)?, source)
}
