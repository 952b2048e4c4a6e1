//! Decodes WebP to planes of luma and chroma, and encodes it from them.

use libwebp_sys as raw;

use super::Header;
use super::config::{check, decoder_config, encoder_config};
use super::lossy::frame;
use super::picture::Picture;
use super::truncated;
use crate::error::Error;
use crate::planes::{Planes, PlanesMut, Range, Sampling};
use crate::view::View;

/// Decodes a lossy still picture without alpha into 4:2:0 planes. The samples have the limited range. Fails with
/// [`Error::Size`] for other pictures. Returns the number of rows of luma that are there: fewer than the picture's if the file is cut
/// off. The other rows stay as they are.
pub fn decode(bytes: &[u8], header: Header, planes: &mut PlanesMut<'_>) -> Result<u32, Error> {
    if header.is_lossless || header.has_alpha || header.is_animated {
        return Err(Error::Size);
    }
    let luma = (header.width, header.height);
    let [y_stride, u_stride, v_stride] =
        planes.strides(luma, Sampling::Half.chroma_size(header.width, header.height))?;
    let mut config = decoder_config()?;
    // SAFETY: pointer and length are those of one slice; `input` is an initialised struct of the right type.
    let status = unsafe { raw::WebPGetFeatures(bytes.as_ptr(), bytes.len(), &raw mut config.input) };
    check(status)?;
    if (u32::try_from(config.input.width), u32::try_from(config.input.height)) != (Ok(luma.0), Ok(luma.1)) {
        return Err(Error::Size);
    }
    config.output.colorspace = raw::WEBP_CSP_MODE::MODE_YUV;
    config.output.is_external_memory = 1;
    config.output.u.YUVA = raw::WebPYUVABuffer {
        y: planes.luma.as_mut_ptr(),
        u: planes.cb.as_mut_ptr(),
        v: planes.cr.as_mut_ptr(),
        a: std::ptr::null_mut(),
        y_stride,
        u_stride,
        v_stride,
        a_stride: 0,
        y_size: planes.luma.len(),
        u_size: planes.cb.len(),
        v_size: planes.cr.len(),
        a_size: 0,
    };
    // The output buffers are the caller's planes, with their own lengths and checked strides.
    truncated::decode(bytes, &mut config)
}

/// Encodes 4:2:0 planes with loss. `quality` is 1 to 100.
pub fn encode(planes: Planes<'_>, quality: u8) -> Result<Vec<u8>, Error> {
    let (width, height) = planes.dimensions(Sampling::Half)?;
    if let Some(frame) = frame(&borrow(planes), quality)? {
        return Ok(vp8::file(&frame));
    }
    let mut picture = Picture::new(width, height)?;
    picture.import_planes(planes)?;
    picture.encode(&encoder_config(quality)?)
}

fn borrow(planes: Planes<'_>) -> vp8::Planes<'_> {
    let plane = |View { samples, width, height }| vp8::Plane { samples, width, height };
    let range = match planes.range {
        Range::Full => vp8::Range::Full,
        Range::Limited => vp8::Range::Limited,
    };
    vp8::Planes { luma: plane(planes.luma), cb: plane(planes.cb), cr: plane(planes.cr), range }
}

impl Picture {
    /// Copies planes into the picture, and converts their samples to WebP's range.
    fn import_planes(&mut self, planes: Planes<'_>) -> Result<(), Error> {
        // SAFETY: libwebp initialised the picture, and its size is set.
        let is_done = unsafe { raw::WebPPictureAlloc(&raw mut self.0) };
        if is_done == 0 {
            return Err(Error::Memory);
        }
        let (luma, chroma) = (planes.range.luma_to(Range::Limited), planes.range.chroma_to(Range::Limited));
        copy(planes.luma, self.0.y, self.0.y_stride, &luma);
        copy(planes.cb, self.0.u, self.0.uv_stride, &chroma);
        copy(planes.cr, self.0.v, self.0.uv_stride, &chroma);
        Ok(())
    }
}

/// Copies a plane to one that libwebp allocated for a picture of the same size, and maps each sample by a table.
fn copy(plane: View<'_>, target: *mut u8, stride: i32, table: &[u8; 256]) {
    let width = plane.width as usize;
    for (number, row) in plane.samples.chunks_exact(width).enumerate() {
        // SAFETY: libwebp allocated stride bytes for each of the picture's rows, and the plane has no more rows.
        let start = unsafe { target.add(number * stride as usize) };
        // SAFETY: a row of libwebp's plane holds at least the picture's width, and nothing else refers to it.
        let target = unsafe { std::slice::from_raw_parts_mut(start, width) };
        for (to, from) in target.iter_mut().zip(row) {
            *to = table.get(usize::from(*from)).copied().unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Layout;
    use crate::webp::read_header;

    #[test]
    fn planes_of_both_ranges_are_decoded_to_the_same_gray() {
        let check = |range: Range, value: u8, expected: u8| {
            for (width, height) in [(32_u32, 16_u32), (33, 17), (1, 1)] {
                let luma = vec![value; (width * height) as usize];
                let (across, down) = Sampling::Half.chroma_size(width, height);
                let chroma = vec![128; (across * down) as usize];
                let plane = View { samples: &chroma, width: across, height: down };
                let luma = View { samples: &luma, width, height };
                let bytes = encode(Planes { luma, cb: plane, cr: plane, range }, 90).unwrap();
                let mut rgb = vec![0; (width * height * 3) as usize];
                crate::webp::decode(&bytes, read_header(&bytes).unwrap(), Layout::Rgb, &mut rgb).unwrap();
                assert!(
                    rgb.iter().all(|sample| sample.abs_diff(expected) < 4),
                    "{range:?} {value}: {}",
                    rgb[0]
                );
            }
        };
        check(Range::Full, 0, 0);
        check(Range::Full, 255, 255);
        check(Range::Full, 100, 100);
        check(Range::Limited, 16, 0);
        check(Range::Limited, 235, 255);
        check(Range::Limited, 102, 100);
    }

    #[test]
    fn planes_are_decoded_and_planes_of_another_size_are_an_error() {
        let samples = [128; 33 * 17 * 3];
        let view = View { samples: &samples, width: 33, height: 17 };
        let bytes = crate::webp::encode(view, Layout::Rgb, 90).unwrap();
        let header = read_header(&bytes).unwrap();
        let (mut y, mut cb, mut cr) = (vec![0; 33 * 17], vec![0; 17 * 9], vec![0; 17 * 9]);
        decode(&bytes, header, &mut PlanesMut { luma: &mut y, cb: &mut cb, cr: &mut cr }).unwrap();
        assert!(y[0].abs_diff(126) < 4 && cb[0].abs_diff(128) < 4 && cr[0].abs_diff(128) < 4);
        let mut short = PlanesMut { luma: &mut y, cb: &mut cb[1..], cr: &mut cr };
        assert_eq!(decode(&bytes, header, &mut short), Err(Error::Size));
    }
}
