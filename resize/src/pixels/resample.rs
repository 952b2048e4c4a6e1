//! Resampling.

use std::cell::RefCell;

use fast_image_resize::images::TypedImage;
use fast_image_resize::pixels::{U8, U8x2, U8x3, U8x4};
use fast_image_resize::{
    FilterType, ImageView, ImageViewMut, MulDiv, PixelTrait, ResizeAlg, ResizeOptions, Resizer,
};

use super::light::Curve;
use super::rect::Rect;
use super::row_means::{averaged_size, means_of, rows_to_spare};
use super::{Channels, Pixels, Size};
use crate::error::Error;

/// Resamples a part of a picture to `size` with a Lanczos filter of three lobes. Colours are weighted by their alpha,
/// so that the colours of transparent pixels do not bleed into visible ones.
pub(crate) fn resample(pixels: Pixels, shown: Rect, size: Size) -> Result<Pixels, Error> {
    if shown == Rect::whole(pixels.size) && size == pixels.size {
        return Ok(pixels);
    }
    let (pixels, shown) = with_rows_averaged(pixels, shown, size, None);
    match pixels.channels {
        Channels::Gray => resampled::<U8>(pixels, shown, size, false),
        Channels::GrayAlpha => {
            let is_weighted = !is_constant::<2>(&pixels.samples);
            resampled::<U8x2>(pixels, shown, size, is_weighted)
        }
        Channels::Rgb => resampled::<U8x3>(pixels, shown, size, false),
        Channels::Rgba => {
            let is_weighted = !is_constant::<4>(&pixels.samples);
            resampled::<U8x4>(pixels, shown, size, is_weighted)
        }
        Channels::Cmyk => resampled::<U8x4>(pixels, shown, size, false),
    }
}

/// Resamples one type of pixel. The resizer can choose the type at run time, but that links its code for all types,
/// which is megabytes.
fn resampled<Pixel: PixelTrait>(
    mut pixels: Pixels,
    shown: Rect,
    size: Size,
    is_weighted: bool,
) -> Result<Pixels, Error> {
    let (width, height) = (pixels.size.width(), pixels.size.height());
    // The weighting is done in place, because the resizer's own function copies the whole source first.
    let mut source =
        TypedImage::<Pixel>::from_buffer(width, height, &mut pixels.samples).map_err(internal)?;
    if is_weighted {
        MulDiv::new().multiply_alpha_inplace_typed(&mut source).map_err(internal)?;
    }
    let bytes = size.pixels() * u64::from(pixels.channels.count());
    let mut samples = vec![0; usize::try_from(bytes).map_err(internal)?];
    let mut target =
        TypedImage::<Pixel>::from_buffer(size.width(), size.height(), &mut samples).map_err(internal)?;
    convolve(&source, &mut target, shown)?;
    if is_weighted {
        MulDiv::new().divide_alpha_inplace_typed(&mut target).map_err(internal)?;
    }
    Ok(Pixels { samples, size, channels: pixels.channels })
}

/// Filters the part `shown` of `source` to the size of `target`.
pub(super) fn convolve<Pixel: PixelTrait>(
    source: &impl ImageView<Pixel = Pixel>,
    target: &mut impl ImageViewMut<Pixel = Pixel>,
    shown: Rect,
) -> Result<(), Error> {
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(shown.left, shown.top, shown.width, shown.height)
        .use_alpha(false);
    with_resizer(|resizer| resizer.resize_typed(source, target, &options)).map_err(internal)
}

/// Averages rows if the shown part has many more rows than the result: their light if there is a curve, else their samples.
/// Returns the picture with the shown part. A picture with alpha is returned unchanged: its colours would have to be
/// weighted by it.
pub(super) fn with_rows_averaged(
    pixels: Pixels,
    shown: Rect,
    size: Size,
    curve: Option<&'static Curve>,
) -> (Pixels, Rect) {
    let rows_per_mean = rows_to_spare(shown.height, size.height());
    if rows_per_mean == 1 || pixels.channels.has_alpha() {
        return (pixels, shown);
    }
    let Pixels { samples, size, channels } = pixels;
    let stride = size.width() as usize * channels.count() as usize;
    let samples = means_of(samples, stride, rows_per_mean, curve);
    let size = averaged_size(size, rows_per_mean);
    let shown = shown.stretched(1.0, 1.0 / f64::from(rows_per_mean)).within(size);
    (Pixels { samples, size, channels }, shown)
}

/// Runs `work` with this thread's resizer, which keeps its buffers from picture to picture.
fn with_resizer<T>(work: impl FnOnce(&mut Resizer) -> T) -> T {
    /// Larger buffers are freed, since few pictures need them.
    const KEPT_BYTES: usize = 16 << 20;
    thread_local! {
        static RESIZER: RefCell<Resizer> = RefCell::new(Resizer::new());
    }
    RESIZER.with_borrow_mut(|resizer| {
        let result = work(resizer);
        if resizer.size_of_internal_buffers() > KEPT_BYTES {
            resizer.reset_internal_buffers();
        }
        result
    })
}

/// `true` if the last of every `N` samples is the same. Then all pixels have the same alpha, and weighting colours by it
/// has no effect.
pub(super) fn is_constant<const N: usize>(samples: &[u8]) -> bool {
    /// Within a run, samples are compared without a branch, so that compilers can vectorise the loop. The search ends
    /// after the first run that differs.
    const RUN: usize = 256;
    let (pixels, _) = samples.as_chunks::<N>();
    let Some(first) = pixels.first().and_then(|pixel| pixel.last()) else { return true };
    pixels.chunks(RUN).all(|run| {
        run.iter().fold(0, |different, pixel| different | pixel.last().map_or(0, |alpha| alpha ^ first)) == 0
    })
}

pub(super) fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_constant_if_all_pixels_have_the_same() {
        let check = |samples: &[u8], expected: bool| assert_eq!(is_constant::<4>(samples), expected);
        check(&[], true);
        check(&[1, 2, 3, 9, 4, 5, 6, 9], true);
        check(&[1, 2, 3, 9, 4, 5, 6, 8], false);
        let mut many = vec![7; 4 * 1000];
        check(&many, true);
        many[3999] = 6;
        check(&many, false);
    }

    #[test]
    fn averaging_rows_first_hardly_changes_the_result() {
        let check = |height: u32, shown_top: f64, resampled: u32| {
            let size = Size::new(8, height).unwrap();
            // A gradient: means that are shifted by half a row differ by more than the tolerance.
            let samples: Vec<u8> = (0..height).flat_map(|y| [(y * 255 / height) as u8; 8]).collect();
            let pixels = Pixels { samples, size, channels: Channels::Gray };
            let shown = Rect { top: shown_top, height: f64::from(height) - shown_top, ..Rect::whole(size) };
            let target = Size::new(8, resampled).unwrap();
            assert!(rows_to_spare(shown.height, resampled) > 1);
            let small = resample(pixels, shown, target).unwrap();
            for (y, row) in small.samples.chunks(8).enumerate().skip(1).take(resampled as usize - 2) {
                let middle = shown.top + (y as f64 + 0.5) * shown.height / f64::from(resampled) - 0.5;
                let expected = middle * 255.0 / f64::from(height);
                assert!((f64::from(row[0]) - expected).abs() < 1.5, "{height} {y}: {} {expected}", row[0]);
            }
        };
        check(200, 0.0, 40);
        check(203, 0.0, 40);
        check(200, 7.5, 25);
        check(255, 100.25, 10);
    }

    #[test]
    fn colours_of_transparent_pixels_do_not_bleed() {
        let size = Size::new(4, 1).unwrap();
        let samples = [[255, 0, 0, 0], [255, 0, 0, 0], [0, 0, 255, 255], [0, 0, 255, 255]].concat();
        let pixels = Pixels { samples, size, channels: Channels::Rgba };
        let small = resample(pixels, Rect::whole(size), Size::new(1, 1).unwrap()).unwrap();
        assert_eq!(small.samples[..3], [0, 0, 255]);
    }
}
