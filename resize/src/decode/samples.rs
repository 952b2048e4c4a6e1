//! Arithmetic on decoded samples for several formats.

use crate::pixels::Channels;

/// The layout of samples in a buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interleaving {
    /// Number of planes; 1 if the samples of a pixel are adjacent.
    pub(super) planes: usize,
    /// Samples from the start of one plane to the start of the next.
    pub(super) plane_samples: usize,
    /// Samples per pixel.
    pub(super) channels: usize,
}

/// Puts the samples of each pixel next to each other.
pub(super) fn interleave<T: Copy + Default>(samples: Vec<T>, from: Interleaving) -> Vec<T> {
    if from.planes <= 1 || from.plane_samples == 0 {
        return samples;
    }
    let mut pixels = vec![T::default(); from.plane_samples * from.channels];
    for (channel, plane) in samples.chunks_exact(from.plane_samples).take(from.channels).enumerate() {
        put_channel(&mut pixels, channel, from.channels, plane);
    }
    pixels
}

/// Writes a plane into one channel of interleaved pixels with `channels` samples each.
pub(super) fn put_channel<T: Copy>(pixels: &mut [T], channel: usize, channels: usize, plane: &[T]) {
    for (target, sample) in pixels.iter_mut().skip(channel).step_by(channels).zip(plane) {
        *target = *sample;
    }
}

/// A sample of 8 or 16 bits.
pub(super) trait Sample: Copy + Into<u32> + TryFrom<u32> {}
impl Sample for u8 {}
impl Sample for u16 {}

/// Divides premultiplied colours by their alpha.
pub(super) fn unpremultiply<T: Sample>(samples: &mut [T], channels: Channels, opaque: T) {
    if !channels.has_alpha() {
        return;
    }
    for pixel in samples.chunks_exact_mut(channels.count() as usize) {
        let Some((alpha, colors)) = pixel.split_last_mut() else { continue };
        let (alpha, opaque): (u32, u32) = ((*alpha).into(), opaque.into());
        if alpha == 0 || alpha == opaque {
            continue;
        }
        for color in colors {
            let straight = ((*color).into() * opaque + alpha / 2) / alpha;
            *color = T::try_from(straight.min(opaque)).unwrap_or(*color);
        }
    }
}

/// Converts a pixel from full-range YCbCr to RGB (ITU-T T.871, section 7).
pub(super) fn rgb_of_ycc(pixel: [u8; 3]) -> [u8; 3] {
    let [y, cb, cr] = pixel.map(f32::from);
    let (cb, cr) = (cb - 128.0, cr - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
        .map(|light| light.round().clamp(0.0, 255.0) as u8)
}

/// Converts full-range YCbCr to RGB in place.
pub(super) fn ycc_to_rgb(samples: &mut [u8]) {
    let (pixels, _) = samples.as_chunks_mut::<3>();
    for pixel in pixels {
        *pixel = rgb_of_ycc(*pixel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_interleaved() {
        let from = Interleaving { planes: 3, plane_samples: 2, channels: 3 };
        assert_eq!(interleave(vec![1, 2, 3, 4, 5, 6], from), [1, 3, 5, 2, 4, 6]);
        let whole = Interleaving { planes: 1, plane_samples: 6, channels: 3 };
        assert_eq!(interleave(vec![1, 2, 3], whole), [1, 2, 3]);
    }

    #[test]
    fn premultiplied_colours_are_divided_by_their_alpha() {
        let mut pixels = [64_u8, 128, 0, 128, 9, 9, 9, 0, 200, 0, 0, 100];
        unpremultiply(&mut pixels, Channels::Rgba, 255);
        assert_eq!(pixels, [128, 255, 0, 128, 9, 9, 9, 0, 255, 0, 0, 100]);
    }

    #[test]
    fn ycc_becomes_rgb() {
        let mut pixels = [255, 128, 128, 76, 85, 255, 0, 128, 128];
        ycc_to_rgb(&mut pixels);
        assert_eq!(pixels, [255, 255, 255, 254, 0, 0, 0, 0, 0]);
    }
}
