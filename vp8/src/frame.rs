//! Codes a frame: all macroblocks, then the header and the tokens.

mod header;

mod row;

use crate::error::Error;
use crate::macroblock::Coded;
use crate::macroblock::choice::Choice;
use crate::planes::Planes;
use crate::quantizer::Quantizers;
use crate::segments::Segments;
use crate::source::SourceRow;
use crate::tokens::Tokens;
use crate::tuning::FILTER_STRENGTH;
use row::{Above, code_row};

/// The first partition has a length of 19 bits (RFC 6386, section 9.1).
const MAX_FIRST_PARTITION: usize = (1 << 19) - 1;

/// Encodes a picture as a VP8 key frame, the content of a WebP file's chunk `VP8 `. [`crate::file`] makes a file of it.
///
/// `quality` is 1 to 100. The same number gives about the same SSIMULACRA2 as libwebp's.
///
/// Fails if the planes' sizes don't fit each other or the format ([`Error::Size`]), and for pictures of many megapixels with
/// too much detail ([`Error::TooLarge`]).
pub fn encode(planes: &Planes<'_>, quality: f32) -> Result<Vec<u8>, Error> {
    encode_with(planes, quality, FILTER_STRENGTH, |_, _, _| {})
}

/// Encodes with a strength of the loop filter from 0 to 100. `inspect` gets the column and the row of each macroblock with the
/// samples that a decoder has before the filter.
pub(crate) fn encode_with(
    planes: &Planes<'_>,
    quality: f32,
    filter: i32,
    mut inspect: impl FnMut(usize, usize, &Coded),
) -> Result<Vec<u8>, Error> {
    /// Levels and headers of a macroblock, on average; memory grows if there are more.
    const TOKENS: usize = 64;
    planes.check()?;
    let (across, down) = planes.macroblocks();
    let segments = Segments::new(planes, quality, filter);
    let quantizers = segments.settings.map(|segment| Quantizers::new(segment.index));
    let mut above = vec![Above::OUTSIDE; across];
    let mut tokens = Tokens::with_capacity(across * down * TOKENS);
    let mut choices: Vec<Choice> = Vec::with_capacity(across * down);
    for (row, segments) in segments.map.chunks_exact(across).enumerate() {
        let source = SourceRow::new(planes, row);
        code_row(row, &source, segments, &quantizers, &mut above, &mut tokens, |column, coded| {
            choices.push(coded.choice);
            inspect(column, row, coded);
        });
    }
    let probabilities = tokens.probabilities();
    let first = header::first_partition(&choices, across, &segments, &probabilities);
    frame(planes, &first, &tokens.write(&probabilities))
}

/// A key frame of two partitions (RFC 6386, section 9.1).
fn frame(planes: &Planes<'_>, first: &[u8], tokens: &[u8]) -> Result<Vec<u8>, Error> {
    /// A key frame of version 0 that is shown.
    const TAG: u32 = 1 << 4;
    const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];
    if first.len() > MAX_FIRST_PARTITION {
        return Err(Error::TooLarge);
    }
    let [low, middle, high, _] = (TAG | (first.len() as u32) << 5).to_le_bytes();
    let mut frame = Vec::with_capacity(10 + first.len() + tokens.len());
    frame.extend_from_slice(&[low, middle, high]);
    frame.extend_from_slice(&START_CODE);
    frame.extend_from_slice(&(planes.luma.width as u16).to_le_bytes());
    frame.extend_from_slice(&(planes.luma.height as u16).to_le_bytes());
    frame.extend_from_slice(first);
    frame.extend_from_slice(tokens);
    Ok(frame)
}
