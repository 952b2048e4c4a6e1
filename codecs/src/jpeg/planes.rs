//! Decodes JPEG to planes of luma and chroma and encodes it from them, without converting colours or upsampling chroma.

use turbojpeg::raw;

use super::compressor::Compressor;
use super::decompressor::{Completeness, Decompressor};
use super::header::Header;
use super::scale::Scale;
use crate::error::Error;
use crate::planes::{Planes, PlanesMut, Range, Sampling};
use crate::view::View;

/// Width and height of the luma and of the chroma planes that [`decode`] fills. Luma may have a column and a row more than
/// the picture, since libjpeg-turbo fills whole chroma samples.
pub const fn sizes(header: Header, sampling: Sampling, scale: Scale) -> ((u32, u32), (u32, u32)) {
    let (across, down) = sampling.factors();
    let (width, height) = sampling.chroma_size(scale.of(header.width), scale.of(header.height));
    ((width * across, height * down), (width, height))
}

/// Decodes a picture into planes of the [`sizes`] at `scale`. The samples have the full range. Fails with [`Error::Size`] if
/// the header has no `sampling`.
pub fn decode(
    bytes: &[u8],
    header: Header,
    scale: Scale,
    planes: &mut PlanesMut<'_>,
) -> Result<Completeness, Error> {
    let sampling = header.sampling.ok_or(Error::Size)?;
    let (luma, chroma) = sizes(header, sampling, scale);
    let mut strides = planes.strides(luma, chroma)?;
    let mut decompressor = Decompressor::new(bytes, header, scale)?;
    if decompressor.get(raw::TJPARAM_TJPARAM_SUBSAMP) != code(sampling) {
        return Err(Error::Size);
    }
    let mut targets = [planes.luma.as_mut_ptr(), planes.cb.as_mut_ptr(), planes.cr.as_mut_ptr()];
    // SAFETY: input pointer and length are those of one slice; the planes have the sizes of tj3YUVPlaneWidth and
    // tj3YUVPlaneHeight for the header's scaled size and sampling, and the file still has that header: both were checked.
    let code = unsafe {
        raw::tj3DecompressToYUVPlanes8(
            decompressor.0,
            bytes.as_ptr(),
            bytes.len() as raw::size_t,
            targets.as_mut_ptr(),
            strides.as_mut_ptr(),
        )
    };
    decompressor.check(code)
}

/// Encodes planes of 4:2:0 as a baseline or a progressive file. `quality` is 1 to 100.
pub fn encode(planes: Planes<'_>, quality: u8, is_progressive: bool) -> Result<Vec<u8>, Error> {
    match planes.range {
        Range::Full => encode_full_range(planes, quality, is_progressive),
        Range::Limited => {
            let map = |plane: View<'_>, table: [u8; 256]| -> Vec<u8> {
                plane.samples.iter().filter_map(|value| table.get(usize::from(*value)).copied()).collect()
            };
            let (luma, chroma) = (planes.range.luma_to(Range::Full), planes.range.chroma_to(Range::Full));
            let (luma, cb, cr) = (map(planes.luma, luma), map(planes.cb, chroma), map(planes.cr, chroma));
            let full = Planes {
                luma: View { samples: &luma, ..planes.luma },
                cb: View { samples: &cb, ..planes.cb },
                cr: View { samples: &cr, ..planes.cr },
                range: Range::Full,
            };
            encode_full_range(full, quality, is_progressive)
        }
    }
}

fn encode_full_range(planes: Planes<'_>, quality: u8, is_progressive: bool) -> Result<Vec<u8>, Error> {
    let (width, height) = planes.dimensions(Sampling::Half)?;
    let luma = even(planes.luma);
    let stride = planes.luma.width.next_multiple_of(2);
    let strides = [stride as i32, planes.cb.width as i32, planes.cr.width as i32];
    let sources = [&*luma, planes.cb.samples, planes.cr.samples];

    let mut compressor = Compressor::new()?;
    compressor.set(raw::TJPARAM_TJPARAM_QUALITY, i32::from(quality.clamp(1, 100)))?;
    compressor.set(raw::TJPARAM_TJPARAM_SUBSAMP, code(Sampling::Half))?;
    compressor.set(raw::TJPARAM_TJPARAM_PROGRESSIVE, i32::from(is_progressive))?;
    compressor.compress(sources, strides, width, height)
}

/// Luma with an even number of columns and rows, as libjpeg-turbo reads it. An odd last column or row is repeated.
fn even(luma: View<'_>) -> std::borrow::Cow<'_, [u8]> {
    if luma.width.is_multiple_of(2) && luma.height.is_multiple_of(2) {
        return luma.samples.into();
    }
    let mut samples = Vec::with_capacity(luma.samples.len() + luma.width as usize + 2 * luma.height as usize);
    let mut rows = luma.samples.chunks_exact(luma.width as usize).peekable();
    while let Some(row) = rows.next() {
        let is_doubled = rows.peek().is_none() && !luma.height.is_multiple_of(2);
        for _ in 0..=usize::from(is_doubled) {
            samples.extend_from_slice(row);
            if !luma.width.is_multiple_of(2) {
                samples.extend(row.last());
            }
        }
    }
    samples.into()
}

/// libjpeg-turbo's number for a sampling.
const fn code(sampling: Sampling) -> i32 {
    match sampling {
        Sampling::Full => raw::TJSAMP_TJSAMP_444,
        Sampling::HalfWidth => raw::TJSAMP_TJSAMP_422,
        Sampling::HalfHeight => raw::TJSAMP_TJSAMP_440,
        Sampling::Half => raw::TJSAMP_TJSAMP_420,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg::{Layout, read_header};

    /// Luma that increases to the right, chroma that increases downwards, and the size of the chroma plane.
    fn planes(width: u32, height: u32) -> (Vec<u8>, Vec<u8>, (u32, u32)) {
        let luma = (0..height).flat_map(|_| (0..width).map(|x| (40 + x * 2) as u8)).collect();
        let (across, down) = Sampling::Half.chroma_size(width, height);
        let chroma = (0..down).flat_map(|y| (0..across).map(move |_| (100 + y) as u8)).collect();
        (luma, chroma, (across, down))
    }

    fn encoded(width: u32, height: u32) -> Vec<u8> {
        let (luma, chroma, (across, down)) = planes(width, height);
        let plane = View { samples: &chroma, width: across, height: down };
        let luma = View { samples: &luma, width, height };
        encode(Planes { luma, cb: plane, cr: plane, range: Range::Full }, 95, false).unwrap()
    }

    #[test]
    fn encoded_planes_are_decoded_at_every_scale_and_odd_size() {
        for (width, height) in [(64, 48), (61, 47), (1, 1), (9, 1), (17, 33)] {
            let bytes = encoded(width, height);
            let header = read_header(&bytes).unwrap();
            assert_eq!((header.width, header.height, header.sampling), (width, height, Some(Sampling::Half)));
            for scale in Scale::ALL {
                let (luma, chroma) = sizes(header, Sampling::Half, scale);
                let buffer = |(width, height): (u32, u32)| vec![0; (width * height) as usize];
                let (mut y, mut cb, mut cr) = (buffer(luma), buffer(chroma), buffer(chroma));
                let mut planes = PlanesMut { luma: &mut y, cb: &mut cb, cr: &mut cr };
                assert_eq!(decode(&bytes, header, scale, &mut planes), Ok(Completeness::Complete));
                assert!(y[0].abs_diff(40) < 12, "{scale:?} {width}x{height}: {}", y[0]);
                assert!(cb[0].abs_diff(100) < 8 && cr[0].abs_diff(100) < 8, "{scale:?} {width}x{height}");
            }
        }
    }

    #[test]
    fn planes_become_a_progressive_file_if_asked() {
        let (luma, chroma, (across, down)) = planes(64, 48);
        let plane = View { samples: &chroma, width: across, height: down };
        let luma = View { samples: &luma, width: 64, height: 48 };
        for (is_progressive, frame) in [(false, 0xc0), (true, 0xc2)] {
            let planes = Planes { luma, cb: plane, cr: plane, range: Range::Full };
            let bytes = encode(planes, 80, is_progressive).unwrap();
            assert!(bytes.windows(2).any(|pair| pair == [0xff, frame]), "{is_progressive}");
        }
    }

    #[test]
    fn planes_that_do_not_fit_the_header_are_a_size_error() {
        let bytes = encoded(64, 48);
        let header = read_header(&bytes).unwrap();
        let (mut y, mut cb, mut cr) = (vec![0; 64 * 48], vec![0; 32 * 24], vec![0; 32 * 23]);
        let mut planes = PlanesMut { luma: &mut y, cb: &mut cb, cr: &mut cr };
        assert_eq!(decode(&bytes, header, Scale::Full, &mut planes), Err(Error::Size));
        let square = View { samples: &y, width: 64, height: 48 };
        let wrong = Planes { luma: square, cb: square, cr: square, range: Range::Full };
        assert_eq!(encode(wrong, 80, false), Err(Error::Size));
    }

    #[test]
    fn only_a_picture_with_chroma_has_a_sampling() {
        let check = |layout: Layout, expected: Option<Sampling>| {
            let samples = vec![90; (16 * 16 * layout.channels()) as usize];
            let view = View { samples: &samples, width: 16, height: 16 };
            let bytes = crate::jpeg::encode(view, layout, 80).unwrap();
            assert_eq!(read_header(&bytes).unwrap().sampling, expected);
        };
        check(Layout::Gray, None);
        check(Layout::Rgb, Some(Sampling::Half));
    }
}
