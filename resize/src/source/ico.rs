//! Reads the directory of a Windows icon, and the header of its largest picture.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::ico::IcoDecoder;

use super::info::{Depth, SourceFormat, SourceInfo, size};
use super::{bmp, png};
use crate::error::Error;
use crate::pixels::orientation::Orientation;

const HEADER_BYTES: usize = 6;
const ENTRY_BYTES: usize = 16;

/// Reads the directory and the header of the largest picture.
pub(super) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let entry = Entry::largest(bytes)?;
    if entry.is_png() {
        return Ok(SourceInfo { format: SourceFormat::Ico, ..png::probe_still(entry.content)? });
    }
    let file = entry.as_icon();
    let decoder = IcoDecoder::new(Cursor::new(file.as_slice())).map_err(bmp::unreadable)?;
    let (width, height) = decoder.dimensions();
    Ok(SourceInfo {
        format: SourceFormat::Ico,
        size: size(width, height)?,
        animation: None,
        orientation: Orientation::UPRIGHT,
        channels: bmp::channels(decoder.color_type())?,
        depth: Depth::Eight,
        profile: None,
        has_metadata: false,
        is_lossless: true,
    })
}

/// One picture of an icon.
pub(crate) struct Entry<'a> {
    /// The directory entry without its offset and length.
    head: [u8; 8],
    pub(crate) content: &'a [u8],
}

impl<'a> Entry<'a> {
    /// The picture with the most pixels; among equals the one with the most bits per pixel.
    pub(crate) fn largest(bytes: &'a [u8]) -> Result<Self, Error> {
        let count =
            bytes.get(4..HEADER_BYTES).and_then(|count| count.try_into().ok()).map_or(0, u16::from_le_bytes);
        let directory = bytes.get(HEADER_BYTES..).unwrap_or_default();
        let (entries, _) = directory.as_chunks::<ENTRY_BYTES>();
        let entries = entries.iter().take(usize::from(count)).filter_map(|entry| Self::read(bytes, entry));
        entries.max_by_key(Self::score).ok_or_else(|| Error::Damaged("the icon holds no picture".to_owned()))
    }

    fn read(bytes: &'a [u8], entry: &[u8; ENTRY_BYTES]) -> Option<Self> {
        let [head @ .., l0, l1, l2, l3, o0, o1, o2, o3] = *entry;
        let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        let content = bytes.get(u32::from_le_bytes([o0, o1, o2, o3]) as usize..)?;
        // Icons with a wrong length in their last entry are common and harmless.
        Some(Self { head, content: content.get(..length).unwrap_or(content) })
    }

    fn score(&self) -> (u32, u16) {
        let side = |byte: u8| if byte == 0 { 256 } else { u32::from(byte) };
        let [width, height, _, _, _, _, bits @ ..] = self.head;
        (side(width) * side(height), u16::from_le_bytes(bits))
    }

    pub(crate) fn is_png(&self) -> bool {
        self.content.starts_with(b"\x89PNG\r\n\x1a\n")
    }

    /// The same picture with other content.
    pub(crate) fn with_content<'b>(&self, content: &'b [u8]) -> Entry<'b> {
        Entry { head: self.head, content }
    }

    /// An icon file with this picture alone.
    pub(crate) fn as_icon(&self) -> Vec<u8> {
        let length = u32::try_from(self.content.len()).unwrap_or(u32::MAX).to_le_bytes();
        let offset = ((HEADER_BYTES + ENTRY_BYTES) as u32).to_le_bytes();
        [&[0, 0, 1, 0, 1, 0][..], &self.head, &length, &offset, self.content].concat()
    }
}
