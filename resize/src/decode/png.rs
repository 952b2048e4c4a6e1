//! PNG, expanded to 8 or 16 bits a channel without palette.

use std::io::Cursor;

use png::{Decoder, DecodingError, Limits, Reader, Transformations};

use crate::deep;
use crate::error::Error;
use crate::pixels::Pixels;
use crate::source::{Depth, SourceInfo};

/// Text, profiles and other ancillary chunks may not take more than this.
const MAX_ANCILLARY_BYTES: usize = 64 << 20;

/// Reads everything in front of the pixels.
pub(crate) fn open(bytes: &[u8]) -> Result<Reader<Cursor<&[u8]>>, Error> {
    open_as(bytes, Transformations::EXPAND)
}

/// Likewise, to decode to samples that are so transformed.
pub(crate) fn open_as(bytes: &[u8], transformed: Transformations) -> Result<Reader<Cursor<&[u8]>>, Error> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_ANCILLARY_BYTES });
    decoder.set_transformations(transformed);
    decoder.set_ignore_text_chunk(true);
    decoder.read_info().map_err(damaged)
}

/// Decodes the (default) picture.
pub(super) fn decode(bytes: &[u8], source: &SourceInfo) -> Result<Pixels, Error> {
    match source.depth {
        Depth::Eight => {
            let mut pixels = Pixels::black(source.size, source.channels);
            read(bytes, &mut pixels.samples)?;
            Ok(pixels)
        }
        Depth::Sixteen => {
            let count = source.size.pixels() as usize * source.channels.count() as usize;
            let mut big_endian = vec![0; 2 * count];
            read(bytes, &mut big_endian)?;
            let samples: Vec<u16> =
                big_endian.as_chunks::<2>().0.iter().copied().map(u16::from_be_bytes).collect();
            drop(big_endian);
            Ok(deep::to_srgb(&samples, source.size, source.channels, source.profile.as_deref()))
        }
    }
}

fn read(bytes: &[u8], samples: &mut [u8]) -> Result<(), Error> {
    let mut reader = open(bytes)?;
    if reader.output_buffer_size() != Some(samples.len()) {
        return Err(Error::Internal("the PNG changed its size".to_owned()));
    }
    reader.next_frame(samples).map(drop).map_err(damaged)
}

/// Whether there are chunks of text, a time stamp or the like in front of the pixels.
pub(crate) fn has_text(bytes: &[u8]) -> bool {
    const SIGNATURE_BYTES: usize = 8;
    const CRC_BYTES: usize = 4;
    let mut rest = bytes.get(SIGNATURE_BYTES..).unwrap_or_default();
    while let Some((header, after)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, name @ ..] = *header;
        match &name {
            b"IDAT" | b"IEND" => return false,
            b"tEXt" | b"zTXt" | b"iTXt" | b"tIME" => return true,
            _ => {}
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        rest = after.get(length.saturating_add(CRC_BYTES)..).unwrap_or_default();
    }
    false
}

pub(crate) fn damaged(error: DecodingError) -> Error {
    match error {
        DecodingError::LimitsExceeded => Error::Unsupported("the PNG's metadata is too large"),
        DecodingError::Parameter(error) => Error::Internal(error.to_string()),
        DecodingError::IoError(error) => Error::Damaged(error.to_string()),
        DecodingError::Format(error) => Error::Damaged(error.to_string()),
    }
}
