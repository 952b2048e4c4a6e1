//! Crops by content: the part of a small picture with the most detail, the one that attracts attention, or the faces.

mod attention;
mod entropy;
mod faces;
mod luminance;

use contract::variant::{CropAnchor, FocalPoint};

use crate::error::Error;
use crate::pixels::Pixels;

/// The focal point of a crop of the aspect ratio `width` : `height` that keeps the content that `anchor` selects. The
/// point is the middle for anchors that don't depend on content, and for pictures whose parts are all the same.
pub fn focal_point(
    pixels: &Pixels,
    anchor: CropAnchor,
    width: f64,
    height: f64,
) -> Result<FocalPoint, Error> {
    match anchor {
        CropAnchor::Gravity(_) | CropAnchor::FocalPoint(_) => Ok(FocalPoint::CENTER),
        CropAnchor::Entropy => Ok(entropy::focal_point(&pixels.to_rgba(), width, height)),
        CropAnchor::Attention => attention::focal_point(pixels.to_rgba(), width, height),
        CropAnchor::Faces => {
            let rgba = pixels.to_rgba();
            let of_faces = faces::focal_point(&rgba, width, height);
            of_faces.map_or_else(|| attention::focal_point(rgba, width, height), Ok)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{Channels, Size};

    /// A gray picture with a detailed patch at `from`, 20 pixels wide and high.
    fn patch(width: u32, height: u32, from: (u32, u32), colors: [[u8; 3]; 2]) -> Pixels {
        let color = |x: u32, y: u32| {
            let is_inside = (from.0..from.0 + 20).contains(&x) && (from.1..from.1 + 20).contains(&y);
            if is_inside { colors[((x / 5 + y / 5) % 2) as usize] } else { [128; 3] }
        };
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let samples = places.flat_map(|(x, y)| color(x, y)).collect();
        Pixels { samples, size: Size::new(width, height).unwrap(), channels: Channels::Rgb }
    }

    fn check(pixels: &Pixels, anchor: CropAnchor, ratio: (f64, f64), around: (f64, f64)) {
        let found = focal_point(pixels, anchor, ratio.0, ratio.1).unwrap();
        let is_near = (found.x() - around.0).abs() <= 0.15 && (found.y() - around.1).abs() <= 0.15;
        assert!(is_near, "{anchor:?}: {found:?}, not {around:?}");
    }

    #[test]
    fn crops_by_content_find_the_part_with_content() {
        let tones = [[10, 10, 10], [240, 240, 240]];
        for anchor in [CropAnchor::Entropy, CropAnchor::Attention, CropAnchor::Faces] {
            check(&patch(200, 50, (150, 10), tones), anchor, (1.0, 1.0), (0.8, 0.5));
            check(&patch(200, 50, (10, 10), tones), anchor, (1.0, 1.0), (0.1, 0.5));
            check(&patch(50, 200, (10, 150), tones), anchor, (1.0, 1.0), (0.5, 0.8));
            check(&patch(50, 200, (10, 0), tones), anchor, (2.0, 1.0), (0.5, 0.06));
        }
    }

    #[test]
    fn attention_prefers_skin_to_other_detail() {
        let mut pixels = patch(200, 50, (150, 10), [[210, 150, 115], [180, 120, 90]]);
        let gray = patch(200, 50, (10, 10), [[120; 3], [160; 3]]);
        let left = |at: usize| (at / 3) % 200 < 100;
        for (at, sample) in pixels.samples.iter_mut().enumerate().filter(|(at, _)| left(*at)) {
            *sample = gray.samples[at];
        }
        check(&pixels, CropAnchor::Attention, (1.0, 1.0), (0.8, 0.5));
    }

    #[test]
    fn a_flat_picture_is_cropped_in_the_middle() {
        for gray in [0, 128] {
            let flat = patch(200, 50, (500, 500), [[gray; 3]; 2]);
            for anchor in [CropAnchor::Entropy, CropAnchor::Attention, CropAnchor::Faces] {
                assert_eq!(focal_point(&flat, anchor, 1.0, 1.0), Ok(FocalPoint::CENTER));
                assert_eq!(focal_point(&flat, anchor, 4.0, 1.0), Ok(FocalPoint::CENTER));
            }
        }
        let dot = Pixels { samples: vec![1], size: Size::new(1, 1).unwrap(), channels: Channels::Gray };
        assert_eq!(focal_point(&dot, CropAnchor::Attention, 1.0, 8192.0), Ok(FocalPoint::CENTER));
    }
}
