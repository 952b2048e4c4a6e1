//! Rewrites a JPEG from its coefficients.

use std::mem::MaybeUninit;

use turbojpeg::raw;

use super::decompressor::{Completeness, Decompressor};
use super::header::Header;
use crate::error::Error;

/// Writes the picture of a file to a new file, without loss. The new file has the tables, the scans and the segments
/// that decoders need for the colours, with new Huffman codes for the picture. It has nothing else of the old file. A
/// progressive picture stays progressive.
///
/// # Errors
/// The file is damaged in a way that decoders mend or ignore, such as missing scans or bytes between them.
pub fn rewrite(bytes: &[u8], header: Header) -> Result<Vec<u8>, Error> {
    let mut decompressor = Decompressor::for_transform(bytes, header)?;
    let is_progressive = decompressor.get(raw::TJPARAM_TJPARAM_PROGRESSIVE) == 1;
    let transform = MaybeUninit::<raw::tjtransform>::zeroed();
    // SAFETY: the struct has only numbers, and pointers for which null means none.
    let mut transform = unsafe { transform.assume_init() };
    transform.op = raw::TJXOP_TJXOP_NONE as i32;
    let scans = if is_progressive { raw::TJXOPT_PROGRESSIVE } else { raw::TJXOPT_OPTIMIZE };
    transform.options = (raw::TJXOPT_COPYNONE | scans) as i32;

    let mut output = Output { buffer: std::ptr::null_mut(), size: 0 };
    // SAFETY: input pointer and length are those of one slice; there is one transform and one output, whose null buffer makes
    // libjpeg-turbo allocate one.
    let code = unsafe {
        raw::tj3Transform(
            decompressor.0,
            bytes.as_ptr(),
            bytes.len() as raw::size_t,
            1,
            &raw mut output.buffer,
            &raw mut output.size,
            &raw const transform,
        )
    };
    match decompressor.check(code)? {
        Completeness::Complete if !output.buffer.is_null() => Ok(output.to_vec()),
        Completeness::Complete | Completeness::Incomplete => {
            Err(Error::Damaged("a part of the picture is damaged or missing".to_owned()))
        }
    }
}

/// The buffer that libjpeg-turbo allocates.
struct Output {
    buffer: *mut u8,
    size: raw::size_t,
}

impl Output {
    fn to_vec(&self) -> Vec<u8> {
        // SAFETY: libjpeg-turbo wrote `size` bytes at `buffer`, which is valid until drop and was checked not to be null.
        unsafe { std::slice::from_raw_parts(self.buffer, self.size as usize) }.to_vec()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // SAFETY: the buffer is null or was allocated by libjpeg-turbo; it is freed once.
        unsafe { raw::tj3Free(self.buffer.cast()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg::{self, Layout, Scale, read_header};
    use crate::view::View;

    fn pixels(bytes: &[u8]) -> Vec<u8> {
        let header = read_header(bytes).unwrap();
        let mut samples = vec![0; (header.width * header.height * 3) as usize];
        jpeg::decode(bytes, header, Scale::Full, Layout::Rgb, &mut samples).unwrap();
        samples
    }

    #[test]
    fn the_picture_stays_and_everything_else_is_left_out() {
        let samples: Vec<u8> = (0..33 * 17 * 3).map(|n| (n * n % 251) as u8).collect();
        let plain = jpeg::encode(View { samples: &samples, width: 33, height: 17 }, Layout::Rgb, 90).unwrap();
        let comment = [0xff, 0xfe, 0, 8, b'S', b'E', b'C', b'R', b'E', b'T'];
        let written = |bytes: &[u8]| rewrite(bytes, read_header(bytes).unwrap());
        let expected = written(&plain).unwrap();
        assert_eq!(pixels(&expected), pixels(&plain));
        let (head, end) = plain.split_at(plain.len() - 2);
        for file in [
            [&plain[..2], &comment, &plain[2..]].concat(),
            [head, &comment, end].concat(),
            [&plain, &comment[..]].concat(),
        ] {
            assert_eq!(written(&file).as_ref(), Ok(&expected));
        }
        // Bytes within the scan, and a scan without its end.
        assert!(written(&[head, b"SECRET", end].concat()).is_err());
        assert!(written(&head[..head.len() - 9]).is_err());
    }
}
