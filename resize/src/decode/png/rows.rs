//! The short way through a PNG of 8 bits a sample: inflated by the piece, its rows undone several together and handed
//! on while they are in the processor's cache.
//!
//! Whatever is unusual or damaged is left to the long way, which says what is wrong with it.

use fdeflate::Decompressor;

use super::image_data::ImageData;
use super::unfilter::{RowFilter, TOGETHER, undo};

/// Deflate refers back to what came within so many bytes.
const LOOK_BACK: usize = 32 << 10;

/// So much is inflated at least before it is taken on.
const PIECE: usize = 64 << 10;

/// Longer rows take the long way: a few of them at once would be more memory than was reckoned with.
const MOST_STRIDE: usize = 128 << 10;

/// What the rows look like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// In pixels.
    pub(super) width: usize,
    /// Rows.
    pub(super) height: usize,
    /// Bytes a pixel, 1 to 4.
    pub(super) channels: u32,
}

/// Hands on all rows from the top, some at a time. None where the file is not exactly as it should be; what was handed
/// on is of no use then.
pub(super) fn read(bytes: &[u8], shape: Shape, take: impl FnMut(&[u8])) -> Option<()> {
    match shape.channels {
        1 => Rows::<1>::new(shape)?.read(bytes, take),
        2 => Rows::<2>::new(shape)?.read(bytes, take),
        3 => Rows::<3>::new(shape)?.read(bytes, take),
        4 => Rows::<4>::new(shape)?.read(bytes, take),
        _ => None,
    }
}

/// Rows on their way, of pixels of `N` bytes.
struct Rows<const N: usize> {
    /// Bytes of a row.
    stride: usize,
    /// How many rows are still to come.
    missing: usize,
    /// A row, and below it room for those that are undone together; fewer are at the end of it.
    undone: Vec<u8>,
    /// Inflated bytes: what deflate may refer back to, rows that wait for others to be undone with, and room.
    window: Vec<u8>,
    taken: usize,
    filled: usize,
}

impl<const N: usize> Rows<N> {
    fn new(Shape { width, height, .. }: Shape) -> Option<Self> {
        let stride = width.checked_mul(N).filter(|stride| (1..=MOST_STRIDE).contains(stride))?;
        let group = TOGETHER * (stride + 1);
        let undone = vec![0; (1 + TOGETHER) * stride];
        let window = vec![0; LOOK_BACK + 2 * (group + PIECE)];
        Some(Self { stride, missing: height, undone, window, taken: 0, filled: 0 })
    }

    fn read(mut self, bytes: &[u8], mut take: impl FnMut(&[u8])) -> Option<()> {
        let mut inflater = Decompressor::new();
        inflater.ignore_adler32();
        for piece in ImageData::of(bytes) {
            self.inflate(&mut inflater, piece?, &mut take)?;
        }
        while self.has(1) {
            self.undo::<1>(&mut take)?;
        }
        (inflater.is_done() && self.missing == 0 && self.taken == self.filled).then_some(())
    }

    fn inflate(
        &mut self,
        inflater: &mut Decompressor,
        mut piece: &[u8],
        take: &mut impl FnMut(&[u8]),
    ) -> Option<()> {
        while !piece.is_empty() && !inflater.is_done() {
            self.make_room();
            let (read, written) = inflater.read(piece, &mut self.window, self.filled, false).ok()?;
            self.filled += written;
            while self.has(TOGETHER) {
                self.undo::<TOGETHER>(take)?;
            }
            piece = piece.get(read..)?;
            if (read, written) == (0, 0) {
                return None;
            }
        }
        Some(())
    }

    /// Moves what is still needed to the window's start where less than a piece fits in behind it.
    fn make_room(&mut self) {
        if self.window.len() - self.filled < PIECE {
            let start = self.taken.min(self.filled.saturating_sub(LOOK_BACK));
            self.window.copy_within(start..self.filled, 0);
            self.taken -= start;
            self.filled -= start;
        }
    }

    /// Whether so many rows are inflated and wanted.
    fn has(&self, rows: usize) -> bool {
        self.missing >= rows && self.filled - self.taken >= rows * (self.stride + 1)
    }

    /// Takes the next rows out of the window, undoes them and hands them on.
    fn undo<const ROWS: usize>(&mut self, take: &mut impl FnMut(&[u8])) -> Option<()> {
        let end = self.taken + ROWS * (self.stride + 1);
        let mut lines = self.window.get(self.taken..end)?.chunks_exact(self.stride + 1);
        let (mut filters, mut raw) = ([RowFilter::Nothing; ROWS], [&[][..]; ROWS]);
        for (filter, raw) in filters.iter_mut().zip(&mut raw) {
            let (first, samples) = lines.next()?.split_first()?;
            (*filter, *raw) = (RowFilter::named(*first)?, samples);
        }
        // The last of the rows before.
        self.undone.copy_within(TOGETHER * self.stride.., 0);
        let (above, rows) = self.undone.split_at_mut_checked(self.stride)?;
        let rows = rows.get_mut((TOGETHER - ROWS) * self.stride..)?;
        let mut each = rows.chunks_exact_mut(self.stride);
        undo::<N, ROWS>(filters, above, raw, std::array::from_fn(|_| each.next().unwrap_or_default()));
        take(rows);
        self.taken = end;
        self.missing -= ROWS;
        Some(())
    }
}

#[cfg(test)]
mod tests;
