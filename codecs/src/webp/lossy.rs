//! Encodes with loss by the crate `vp8`.

use super::alpha;
use super::config::encoder_config;
use super::picture::{Picture, Storage};
use crate::error::Error;
use crate::view::{Layout, View};

/// Encodes RGB or RGBA pixels. `quality` is 1 to 100.
pub(super) fn encode(view: View<'_>, layout: Layout, quality: u8) -> Result<Vec<u8>, Error> {
    let mut picture = Picture::of(view, layout, Storage::Planes)?;
    let has_alpha = picture.has_alpha();
    if has_alpha {
        picture.clean_transparent_areas();
    }
    let frame = match picture.planes() {
        Some(planes) => frame(&planes, quality)?,
        None => None,
    };
    match frame {
        Some(frame) if has_alpha => {
            vp8::file_with_alpha(&frame, &alpha::encode(view)?, view.width, view.height)
                .map_err(|_| Error::Size)
        }
        Some(frame) => Ok(vp8::file(&frame)),
        None => picture.encode(&encoder_config(quality)?),
    }
}

/// Encodes a frame. `None` if only libwebp can: it chooses cheaper modes where they would take too many bytes.
pub(super) fn frame(planes: &vp8::Planes<'_>, quality: u8) -> Result<Option<Vec<u8>>, Error> {
    match vp8::encode(planes, f32::from(quality)) {
        Ok(frame) => Ok(Some(frame)),
        Err(vp8::Error::TooLarge) => Ok(None),
        Err(vp8::Error::Size) => Err(Error::Size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planes::{Planes, Range, Sampling};
    use crate::webp::chunks::chunk;
    use crate::webp::{decode, read_header};

    const WIDTH: u32 = 61;
    const HEIGHT: u32 = 45;

    fn picture(alpha: impl Fn(u32, u32) -> u32) -> Vec<u8> {
        (0..HEIGHT)
            .flat_map(|y| (0..WIDTH).map(move |x| (x, y)))
            .flat_map(|(x, y)| [(x * 4) as u8, (y * 5) as u8, 90, alpha(x, y) as u8])
            .collect()
    }

    fn view(samples: &[u8]) -> View<'_> {
        View { samples, width: WIDTH, height: HEIGHT }
    }

    #[test]
    fn alpha_is_kept_without_loss_and_coded_as_libwebp_codes_it() {
        let noise = |x: u32, y: u32| (x * 31 + y * 977 + 1).wrapping_mul(2_654_435_761) >> 24;
        let planes: [&dyn Fn(u32, u32) -> u32; 9] = [
            &|x, y| (x * y / 4).saturating_sub(60).min(255),
            &|x, _| x * 4,
            &|_, y| y * 5,
            &|x, y| x * 2 + y * 2,
            &|x, y| 255 - (x * x + y * y) / 30 % 256,
            &|x, y| if (x / 7 + y / 5) % 2 == 0 { 255 } else { 0 },
            &|x, y| if x < 30 { 255 } else { noise(x, y) / 4 },
            &noise,
            &|_, _| 100,
        ];
        for (number, alpha) in planes.into_iter().enumerate() {
            let samples = picture(alpha);
            let file = encode(view(&samples), Layout::Rgba, 76).unwrap();
            let whole = Picture::of(view(&samples), Layout::Rgba, Storage::Planes).unwrap();
            let whole = whole.encode(&encoder_config(76).unwrap()).unwrap();
            assert!(chunk(&file, *b"ALPH").unwrap() == chunk(&whole, *b"ALPH").unwrap(), "alpha {number}");
            let mut decoded = vec![0; samples.len()];
            decode(&file, read_header(&file).unwrap(), Layout::Rgba, &mut decoded).unwrap();
            for (decoded, source) in decoded.chunks_exact(4).zip(samples.chunks_exact(4)) {
                assert_eq!(decoded[3], source[3]);
                let is_near = decoded.iter().zip(source).all(|(a, b)| a.abs_diff(*b) < 24);
                assert!(source[3] < 200 || is_near, "{decoded:?} for {source:?}");
            }
        }
    }

    #[test]
    fn an_opaque_picture_has_no_alpha() {
        let samples = picture(|_, _| 255);
        let file = encode(view(&samples), Layout::Rgba, 76).unwrap();
        assert_eq!(file.get(12..16), Some(&b"VP8 "[..]));
    }

    #[test]
    fn libwebp_encodes_a_picture_whose_modes_take_too_many_bytes() {
        const SIDE: u32 = 5000;
        let mut seed = 1_u32;
        let mut plane = |size: u32| -> Vec<u8> {
            let random = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            };
            std::iter::repeat_with(random).take(size as usize).collect()
        };
        let (luma, cb, cr) = (plane(SIDE * SIDE), plane(SIDE * SIDE / 4), plane(SIDE * SIDE / 4));
        let (across, down) = Sampling::Half.chroma_size(SIDE, SIDE);
        let chroma = |samples| View { samples, width: across, height: down };
        let luma = View { samples: &luma, width: SIDE, height: SIDE };
        let planes = Planes { luma, cb: chroma(&cb), cr: chroma(&cr), range: Range::Limited };
        let file = crate::webp::planes::encode(planes, 60).unwrap();
        let header = read_header(&file).unwrap();
        assert_eq!((header.width, header.height), (SIDE, SIDE));
    }
}
