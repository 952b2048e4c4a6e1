//! Converts decoded planes and writes them to the picture.

use super::coded::Frame;
use super::color::{CHROMA_SCALE, Cicp, CodeRange, Matrix};
use super::means::{Means, missing_plane};
use crate::error::Error;
use crate::view::{Layout, Row};

/// A decoded tile, or a whole picture.
pub(super) struct Tile<'a> {
    pub(super) frame: &'a Frame<'a>,
    /// `true` if the tile's header declares the full range.
    pub(super) is_full_range: bool,
}

/// The cropped picture to which tiles are written.
pub(super) struct Canvas<'a> {
    /// Rows without padding.
    pub(super) samples: &'a mut [u8],
    /// Width and height in pixels.
    pub(super) size: (u32, u32),
    pub(super) layout: Layout,
    /// The number of times that tiles are halved: the mean of 2^`halvings` samples, across and down, becomes one. Corners of tiles
    /// lie on multiples of this.
    pub(super) halvings: u32,
}

impl Canvas<'_> {
    /// Writes red, green and blue of a tile, and makes the pixels opaque. `corner` is the position of the tile's upper left
    /// corner, which may be outside the canvas.
    pub(super) fn paint_colors(
        &mut self,
        tile: &Tile<'_>,
        corner: (i64, i64),
        colors: Cicp,
    ) -> Result<(), Error> {
        match self.layout {
            Layout::Rgb => self.paint::<3>(tile, corner, colors),
            Layout::Rgba => self.paint::<4>(tile, corner, colors),
        }
    }

    /// Writes the tile's luma as alpha.
    pub(super) fn paint_alpha(&mut self, tile: &Tile<'_>, corner: (i64, i64)) -> Result<(), Error> {
        let table = table(tile.is_full_range, tile.frame.depth());
        let mut codes = Vec::new();
        for (y, skip, row) in self.rows::<4>(tile.frame.size(), corner) {
            luma(tile.frame, y, &mut codes)?;
            for ([.., alpha], code) in row.iter_mut().zip(codes.iter().skip(skip)) {
                *alpha = table.get(*code as usize).copied().unwrap_or_default();
            }
        }
        Ok(())
    }

    /// Divides colours by alpha: premultiplied to straight.
    pub(super) fn unpremultiply(&mut self) {
        for [red, green, blue, alpha] in self.samples.as_chunks_mut::<4>().0 {
            let alpha = u32::from(*alpha);
            for sample in [red, green, blue] {
                let straight = (u32::from(*sample) * 255 + alpha / 2).checked_div(alpha);
                *sample = straight.unwrap_or_default().min(255) as u8;
            }
        }
    }

    fn paint<const N: usize>(
        &mut self,
        Tile { frame, .. }: &Tile<'_>,
        corner: (i64, i64),
        colors: Cicp,
    ) -> Result<(), Error> {
        let (mut lumas, mut blues, mut reds, mut scratch) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let halvings = self.halvings;
        let mut means = Means::new(halvings);
        if frame.is_gray() {
            let table = table(colors.is_full_range, frame.depth());
            for (y, skip, row) in self.rows::<N>(frame.size(), corner) {
                match halvings {
                    0 => luma(frame, y, &mut lumas)?,
                    _ => means.luma(frame, y, &mut lumas)?,
                }
                for (pixel, code) in row.iter_mut().zip(lumas.iter().skip(skip)) {
                    let light = table.get(*code as usize).copied().unwrap_or_default();
                    set(pixel, [light; 3]);
                }
            }
            return Ok(());
        }
        let matrix = Matrix::new(colors, frame.depth())?;
        for (y, skip, row) in self.rows::<N>(frame.size(), corner) {
            if halvings == 0 {
                luma(frame, y, &mut lumas)?;
                chroma(frame, 1, y, &mut scratch, &mut blues)?;
                chroma(frame, 2, y, &mut scratch, &mut reds)?;
            } else {
                means.luma(frame, y, &mut lumas)?;
                means.chroma(frame, 1, y, &mut blues)?;
                means.chroma(frame, 2, y, &mut reds)?;
            }
            let [lumas, blues, reds] =
                [&lumas, &blues, &reds].map(|line| line.get(skip..).unwrap_or_default());
            for ((pixel, luma), (blue, red)) in row.iter_mut().zip(lumas).zip(blues.iter().zip(reds)) {
                set(pixel, matrix.rgb(*luma, *blue, *red));
            }
        }
        Ok(())
    }

    /// The rows of the canvas that a tile covers: number of the tile's row, number of its pixels left of the canvas, and the
    /// covered pixels of the canvas.
    fn rows<const N: usize>(
        &mut self,
        (width, height): (u32, u32),
        (left, top): (i64, i64),
    ) -> impl Iterator<Item = (u32, usize, &mut [[u8; N]])> {
        let halve = |length: u32| length.div_ceil(1 << self.halvings);
        let (width, height) = (halve(width), halve(height));
        let (left, top) = (left >> self.halvings, top >> self.halvings);
        let canvas_width = self.size.0 as usize;
        let (from, skip) = (left.max(0) as usize, left.min(0).unsigned_abs() as usize);
        let covered = (i64::from(width) + left).clamp(0, canvas_width as i64) as usize;
        let rows = self.samples.as_chunks_mut::<N>().0.chunks_mut(canvas_width);
        (0_i64..).zip(rows).filter_map(move |(y, row)| {
            let y = u32::try_from(y - top).ok().filter(|y| *y < height)?;
            Some((y, skip, row.get_mut(from..covered)?))
        })
    }
}

fn set<const N: usize>(pixel: &mut [u8; N], rgb: [u8; 3]) {
    *pixel = std::array::from_fn(|channel| rgb.get(channel).copied().unwrap_or(255));
}

/// A table from code values to 0 to 255.
fn table(is_full_range: bool, depth: u8) -> Vec<u8> {
    let range = CodeRange::luma(is_full_range, depth);
    (0..1_u32 << depth).map(|code| range.sample(code as u16)).collect()
}

/// Writes row `y` of luma to `line`.
fn luma(frame: &Frame<'_>, y: u32, line: &mut Vec<i32>) -> Result<(), Error> {
    line.clear();
    match frame.row(0, y).ok_or_else(missing_plane)? {
        Row::Narrow(row) => line.extend(row.iter().map(|sample| i32::from(*sample))),
        Row::Wide(row) => line.extend(row.iter().map(|sample| i32::from(*sample))),
    }
    Ok(())
}

/// Writes row `y` of a chroma plane to `line`, at luma's resolution and times [`CHROMA_SCALE`]. Subsampled planes are
/// interpolated: their samples lie between those of luma, as in the still pictures that encoders write.
fn chroma(
    frame: &Frame<'_>,
    plane: usize,
    y: u32,
    scratch: &mut Vec<i32>,
    line: &mut Vec<i32>,
) -> Result<(), Error> {
    /// The factor for one direction: [`CHROMA_SCALE`]'s square root.
    const HALF_SCALE: i32 = 4;
    const { assert!(HALF_SCALE * HALF_SCALE == CHROMA_SCALE) };
    let (shift_x, shift_y) = frame.chroma_shift();
    let near = y >> shift_y;
    let far = match (shift_y, y % 2) {
        (0, _) => near,
        (_, 0) => near.saturating_sub(1),
        (_, _) => near + 1,
    };
    let near_row = frame.row(plane, near).ok_or_else(missing_plane)?;
    let far_row = frame.row(plane, far).or_else(|| frame.row(plane, near)).ok_or_else(missing_plane)?;
    // The first and the last sample are repeated at the ends.
    scratch.clear();
    scratch.push(0);
    match (near_row, far_row) {
        (Row::Narrow(near), Row::Narrow(far)) => weigh(near, far, scratch),
        (Row::Wide(near), Row::Wide(far)) => weigh(near, far, scratch),
        (Row::Narrow(_), Row::Wide(_)) | (Row::Wide(_), Row::Narrow(_)) => return Err(missing_plane()),
    }
    let last = scratch.last().copied().unwrap_or_default();
    scratch.push(last);
    if let [first, second, ..] = scratch.as_mut_slice() {
        *first = *second;
    }
    line.clear();
    if shift_x == 0 {
        let inner = scratch.get(1..scratch.len() - 1).unwrap_or_default();
        line.extend(inner.iter().map(|sample| sample * HALF_SCALE));
    } else {
        line.resize((scratch.len() - 2) * 2, 0);
        for (pair, window) in line.as_chunks_mut::<2>().0.iter_mut().zip(scratch.array_windows::<3>()) {
            let [before, here, after] = window;
            *pair = [3 * here + before, 3 * here + after];
        }
    }
    Ok(())
}

/// Appends sums of three parts of the near row and one part of the far row.
fn weigh<T: Copy + Into<i32>>(near: &[T], far: &[T], sums: &mut Vec<i32>) {
    sums.extend(near.iter().zip(far).map(|(near, far)| 3 * (*near).into() + (*far).into()));
}
