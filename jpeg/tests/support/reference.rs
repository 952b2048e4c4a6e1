//! A reference decoder: a picture's planes by the definition of the transform, in floating point.

use std::f64::consts::{PI, SQRT_2};

use super::picture::{Block, Component, Picture};

/// Rows of samples.
pub(crate) type Plane = Vec<Vec<u8>>;

/// A component's samples at `eighths`/8.
pub(crate) fn plane(picture: &Picture, component: &Component, eighths: usize) -> Plane {
    let (across, down) = picture.largest();
    let side = |pixels: u32, own: u32, largest: u32| {
        (pixels as usize * own as usize * eighths).div_ceil(largest as usize * 8)
    };
    let (width, height) =
        (side(picture.width, component.across, across), side(picture.height, component.down, down));
    let mut plane =
        vec![vec![0; component.blocks_across as usize * eighths]; height.next_multiple_of(eighths)];
    for (index, block) in component.blocks.iter().enumerate() {
        let (row, column) =
            (index / component.blocks_across as usize, index % component.blocks_across as usize);
        let samples = inverse(block, &component.steps, eighths);
        for (y, samples) in samples.iter().enumerate() {
            if let Some(line) = plane.get_mut(row * eighths + y) {
                line[column * eighths..(column + 1) * eighths].copy_from_slice(samples);
            }
        }
    }
    plane.truncate(height);
    for line in &mut plane {
        line.truncate(width);
    }
    plane
}

/// A small number that is added before rounding. Otherwise halves that floating point computes slightly too small would
/// be rounded down.
const EPSILON: f64 = 1e-9;

/// The `points`-point inverse transform of a block's lowest frequencies, scaled by `points`/8.
fn inverse(block: &Block, steps: &[u16; 64], points: usize) -> Vec<Vec<u8>> {
    let mut values = [[0.0; 8]; 8];
    for (position, (row, column)) in zigzag().into_iter().enumerate() {
        values[row][column] = f64::from(block[position]) * f64::from(steps[position]);
    }
    let weight = |frequency: usize, sample: usize| {
        let factor = if frequency == 0 { 1.0 } else { SQRT_2 };
        factor * ((2.0 * sample as f64 + 1.0) * frequency as f64 * PI / (2.0 * points as f64)).cos()
    };
    let sample = |y: usize, x: usize| {
        let mut sum = 0.0;
        for (v, row) in values.iter().enumerate().take(points) {
            for (u, value) in row.iter().enumerate().take(points) {
                sum += value * weight(v, y) * weight(u, x);
            }
        }
        (sum / 8.0 + 128.5 + EPSILON).floor().clamp(0.0, 255.0) as u8
    };
    (0..points).map(|y| (0..points).map(|x| sample(y, x)).collect()).collect()
}

/// Row and column of each position in zig-zag order, sorted along the diagonals (ITU-T T.81, figure A.6).
fn zigzag() -> Vec<(usize, usize)> {
    let mut positions: Vec<(usize, usize)> =
        (0..8).flat_map(|row| (0..8).map(move |column| (row, column))).collect();
    positions.sort_by_key(|(row, column)| {
        let diagonal = row + column;
        (diagonal, if diagonal % 2 == 0 { *column } else { *row })
    });
    positions
}
