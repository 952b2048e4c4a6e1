use std::ptr;

use libwebp_sys as raw;

use super::config::check;
use crate::error::Error;

/// Decodes a still picture into the buffers of `config`, which must be the caller's. Returns the number of rows that are there: of a
/// file that is cut off those at the top. The other rows stay as they are.
pub(super) fn decode(bytes: &[u8], config: &mut raw::WebPDecoderConfig) -> Result<u32, Error> {
    let height = u32::try_from(config.input.height).map_err(|_| Error::Size)?;
    if !is_truncated(bytes) {
        // SAFETY: the input is one slice; the caller gave the configuration buffers of the picture's size, and libwebp neither
        // frees nor keeps external memory.
        let status = unsafe { raw::WebPDecode(bytes.as_ptr(), bytes.len(), config) };
        return check(status).map(|()| height);
    }
    let decoder = PartialDecoder::new(config)?;
    // SAFETY: the decoder is valid until drop, and doesn't keep the slice beyond this call, because nothing follows.
    let status = unsafe { raw::WebPIUpdate(decoder.0, bytes.as_ptr(), bytes.len()) };
    if status == raw::VP8StatusCode::VP8_STATUS_SUSPENDED {
        return Ok(decoder.rows());
    }
    check(status).map(|()| height)
}

/// `true` if the file is shorter than its header says.
fn is_truncated(bytes: &[u8]) -> bool {
    const HEADER_BYTES: usize = 8;
    let length = bytes.get(4..HEADER_BYTES).and_then(|length| length.first_chunk());
    length
        .is_some_and(|length| bytes.len().saturating_sub(HEADER_BYTES) < u32::from_le_bytes(*length) as usize)
}

/// libwebp's decoder of files that arrive in parts.
struct PartialDecoder(*mut raw::WebPIDecoder);

impl PartialDecoder {
    fn new(config: &mut raw::WebPDecoderConfig) -> Result<Self, Error> {
        // SAFETY: without input, libwebp only makes a decoder that refers to the configuration's buffers; both outlive it.
        let decoder = unsafe { raw::WebPIDecode(ptr::null(), 0, config) };
        if decoder.is_null() { Err(Error::Memory) } else { Ok(Self(decoder)) }
    }

    /// Number of rows that are decoded.
    fn rows(&self) -> u32 {
        let (mut left, mut top, mut width, mut height) = (0, 0, 0, 0);
        // SAFETY: the decoder is valid until drop; the other arguments are four numbers that libwebp writes.
        let buffer = unsafe {
            raw::WebPIDecodedArea(self.0, &raw mut left, &raw mut top, &raw mut width, &raw mut height)
        };
        if buffer.is_null() { 0 } else { u32::try_from(height).unwrap_or_default() }
    }
}

impl Drop for PartialDecoder {
    fn drop(&mut self) {
        // SAFETY: the decoder came from `WebPIDecode`, and is deleted once.
        unsafe { raw::WebPIDelete(self.0) };
    }
}

#[cfg(test)]
mod tests {
    use crate::View;
    use crate::planes::PlanesMut;
    use crate::webp::{Header, Layout, decode, encode, encode_lossless, planes, read_header};

    const SIDE: u32 = 128;

    fn noise(layout: Layout) -> Vec<u8> {
        let count = SIDE * SIDE * layout.channels();
        (0..count).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8 / 2 + 60).collect()
    }

    #[test]
    fn a_file_that_is_cut_off_gives_its_upper_rows() {
        let check = |bytes: &[u8], layout: Layout| {
            let header = read_header(bytes).unwrap();
            let decoded = |bytes: &[u8]| {
                let mut samples = vec![7; (SIDE * SIDE * layout.channels()) as usize];
                let rows = decode(bytes, header, layout, &mut samples);
                (rows, samples)
            };
            let (all, whole) = decoded(bytes);
            let (rows, part) = decoded(&bytes[..bytes.len() * 2 / 3]);
            let rows = rows.unwrap();
            assert!(all == Ok(SIDE) && rows > SIDE / 3 && rows < SIDE, "{rows} of {all:?}");
            let stride = (SIDE * layout.channels()) as usize;
            let at = rows as usize * stride;
            assert!(part[..at] == whole[..at] && part[at..].iter().all(|sample| *sample == 7));
        };
        let (rgb, rgba) = (noise(Layout::Rgb), noise(Layout::Rgba));
        let view = |samples| View { samples, width: SIDE, height: SIDE };
        check(&encode(view(&rgb), Layout::Rgb, 80).unwrap(), Layout::Rgb);
        check(&encode_lossless(view(&rgba), Layout::Rgba).unwrap(), Layout::Rgba);
        check(&encode_lossless(view(&rgb), Layout::Rgb).unwrap(), Layout::Rgb);
    }

    #[test]
    fn planes_of_a_file_that_is_cut_off_have_its_upper_rows() {
        let samples = noise(Layout::Rgb);
        let bytes = encode(View { samples: &samples, width: SIDE, height: SIDE }, Layout::Rgb, 80).unwrap();
        let header: Header = read_header(&bytes).unwrap();
        let side = SIDE as usize;
        let decoded = |bytes: &[u8]| {
            let (mut luma, mut cb, mut cr) =
                (vec![7; side * side], vec![7; side * side / 4], vec![7; side * side / 4]);
            let mut planes = PlanesMut { luma: &mut luma, cb: &mut cb, cr: &mut cr };
            (planes::decode(bytes, header, &mut planes).unwrap() as usize, luma)
        };
        let (all, whole) = decoded(&bytes);
        let (rows, part) = decoded(&bytes[..bytes.len() / 2]);
        assert!(all == side && rows > side / 4 && rows < side, "{rows}");
        assert_eq!(part[..rows * side], whole[..rows * side]);
    }
}
