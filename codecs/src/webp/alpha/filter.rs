//! Filters of alpha: each pixel is replaced by its difference from a prediction (WebP container specification, *Alpha*).

use crate::view::View;

/// A prediction of alpha, by its number in the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// None.
    None = 0,
    /// The pixel to the left.
    Horizontal = 1,
    /// The pixel above.
    Vertical = 2,
    /// Left plus above minus the pixel above to the left.
    Gradient = 3,
}

impl Filter {
    const ALL: [Self; 4] = [Self::None, Self::Horizontal, Self::Vertical, Self::Gradient];

    /// Filters a plane. In the first row the prediction is the pixel to the left, in the first column the one above.
    pub(super) fn apply(self, plane: View<'_>) -> Vec<u8> {
        if self == Self::None {
            return plane.samples.to_vec();
        }
        let width = plane.width as usize;
        let mut filtered = Vec::with_capacity(plane.samples.len());
        let mut above: &[u8] = &[];
        for row in plane.samples.chunks_exact(width.max(1)) {
            let first = above.first().copied().unwrap_or(0);
            let mut last = [first, first];
            for (x, pixel) in row.iter().enumerate() {
                let [left, corner] = last;
                let top = above.get(x).copied();
                let predicted = match (self, top) {
                    _ if x == 0 => first,
                    (_, None) | (Self::None | Self::Horizontal, Some(_)) => left,
                    (Self::Vertical, Some(top)) => top,
                    (Self::Gradient, Some(top)) => gradient(left, top, corner),
                };
                filtered.push(pixel.wrapping_sub(predicted));
                last = [*pixel, top.unwrap_or(0)];
            }
            above = row;
        }
        filtered
    }
}

fn gradient(left: u8, top: u8, corner: u8) -> u8 {
    (i16::from(left) + i16::from(top) - i16::from(corner)).clamp(0, 255) as u8
}

/// The filters that are worth a try, as libwebp chooses them at its usual effort: few values compress best without a filter.
pub(super) fn candidates(plane: View<'_>) -> impl Iterator<Item = Filter> {
    const FEW_VALUES: usize = 16;
    const MANY_VALUES: usize = 192;
    let mut seen = [false; 256];
    for alpha in plane.samples {
        if let Some(seen) = seen.get_mut(usize::from(*alpha)) {
            *seen = true;
        }
    }
    let values = seen.iter().filter(|seen| **seen).count();
    let best = if values <= FEW_VALUES { Filter::None } else { estimate(plane) };
    let none = (values > MANY_VALUES && best != Filter::None).then_some(Filter::None);
    none.into_iter().chain([best])
}

/// The filter whose differences, of every other pixel, have the fewest and smallest magnitudes.
fn estimate(plane: View<'_>) -> Filter {
    /// Magnitudes in steps of 16.
    const STEPS: usize = 16;
    let width = plane.width as usize;
    let rows: Vec<&[u8]> = plane.samples.chunks_exact(width.max(1)).collect();
    let mut seen = [[false; STEPS]; Filter::ALL.len()];
    let inner = rows.len().saturating_sub(1);
    for pair in rows.windows(2).take(inner.saturating_sub(1)).skip(1).step_by(2) {
        let [above, row] = pair else { continue };
        let mut mean = row.first().copied().map_or(0, i32::from);
        let pairs = row.windows(2).zip(above.windows(2)).take(width.saturating_sub(2)).skip(1).step_by(2);
        for (row, above) in pairs {
            let ([left, pixel], [corner, top]) = (row, above) else { continue };
            let value = i32::from(*pixel);
            let predictions = [mean, (*left).into(), (*top).into(), gradient(*left, *top, *corner).into()];
            for (seen, predicted) in seen.iter_mut().zip(predictions) {
                if let Some(seen) = seen.get_mut(value.abs_diff(predicted) as usize / STEPS) {
                    *seen = true;
                }
            }
            mean = (3 * mean + value + 2) >> 2;
        }
    }
    let score = |seen: &[bool; STEPS]| {
        seen.iter().zip(0..).filter(|(seen, _)| **seen).map(|(_, step)| step).sum::<u32>()
    };
    let best = Filter::ALL.into_iter().zip(&seen).min_by_key(|(_, seen)| score(seen));
    best.map_or(Filter::None, |(filter, _)| filter)
}
