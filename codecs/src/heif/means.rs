//! The means of neighbouring samples, by which a picture becomes smaller before its colours are converted.

use super::coded::Frame;
use super::color::CHROMA_SCALE;
use crate::error::Error;
use crate::view::Row;

/// The error for a plane that the decoder did not return.
pub(super) fn missing_plane() -> Error {
    Error::Damaged("a plane of the picture is missing".to_owned())
}

/// Computes rows of a halved picture.
pub(super) struct Means {
    halvings: u32,
    /// The sums of the columns of the rows that become one.
    sums: Vec<u32>,
}

impl Means {
    /// Means of 2^`halvings` samples across and down.
    pub(super) fn new(halvings: u32) -> Self {
        Self { halvings, sums: Vec::new() }
    }

    /// Writes row `y` of the halved luma to `line`.
    pub(super) fn luma(&mut self, frame: &Frame<'_>, y: u32, line: &mut Vec<i32>) -> Result<(), Error> {
        self.plane(frame, 0, (self.halvings, self.halvings), y, line, 1)
    }

    /// Writes row `y` of a halved chroma plane to `line`, at the resolution of the halved luma and times [`CHROMA_SCALE`].
    pub(super) fn chroma(
        &mut self,
        frame: &Frame<'_>,
        plane: usize,
        y: u32,
        line: &mut Vec<i32>,
    ) -> Result<(), Error> {
        // Chroma is at most half as fine as luma, and halved at least once: a sample of chroma is never shared.
        let (across, down) = frame.chroma_shift();
        let shifts = (self.halvings.saturating_sub(across), self.halvings.saturating_sub(down));
        self.plane(frame, plane, shifts, y, line, CHROMA_SCALE as u32)
    }

    /// Writes row `y` of a plane that is halved `across` and `down` times, with its samples times `scale`.
    fn plane(
        &mut self,
        frame: &Frame<'_>,
        plane: usize,
        (across, down): (u32, u32),
        y: u32,
        line: &mut Vec<i32>,
        scale: u32,
    ) -> Result<(), Error> {
        self.sums.clear();
        let mut rows = 0;
        for y in y << down..(y + 1) << down {
            match (frame.row(plane, y), rows) {
                (Some(Row::Narrow(row)), 0) => self.sums.extend(row.iter().map(|sample| u32::from(*sample))),
                (Some(Row::Wide(row)), 0) => self.sums.extend(row.iter().map(|sample| u32::from(*sample))),
                (Some(Row::Narrow(row)), _) => add(&mut self.sums, row),
                (Some(Row::Wide(row)), _) => add(&mut self.sums, row),
                // The last row may be the mean of fewer.
                (None, _) => break,
            }
            rows += 1;
        }
        if rows == 0 {
            return Err(missing_plane());
        }
        line.clear();
        match (across, rows) {
            (1, 2) => means::<2>(&self.sums, rows, scale, line),
            (2, 4) => means::<4>(&self.sums, rows, scale, line),
            (3, 8) => means::<8>(&self.sums, rows, scale, line),
            (across, rows) => {
                line.extend(self.sums.chunks(1 << across).map(|sums| mean(sums, rows, scale)));
            }
        }
        Ok(())
    }
}

fn add<T: Copy + Into<u32>>(sums: &mut [u32], row: &[T]) {
    for (sum, sample) in sums.iter_mut().zip(row) {
        *sum += (*sample).into();
    }
}

/// Appends the means of `N` sums each, with a last one of fewer.
fn means<const N: usize>(sums: &[u32], rows: u32, scale: u32, line: &mut Vec<i32>) {
    let (whole, rest) = sums.as_chunks::<N>();
    line.extend(whole.iter().map(|sums| mean(sums, N as u32, scale)));
    if !rest.is_empty() {
        line.push(mean(rest, rows, scale));
    }
}

fn mean(sums: &[u32], rows: u32, scale: u32) -> i32 {
    let samples = rows * sums.len() as u32;
    ((sums.iter().sum::<u32>() * scale + samples / 2) / samples) as i32
}
