//! The fast path for PNGs with 8 bits per sample: inflates the file in pieces, unfilters several rows at a time and
//! passes them on while they are in the processor's cache.
//!
//! Unusual or damaged files are left to the crate `png`, which reports what is wrong with them.

use fdeflate::Decompressor;

use super::image_data::ImageData;
use super::unfilter::row_filter::RowFilter;
use super::unfilter::{GROUP_ROWS, unfilter};

/// The farthest distance in bytes that Deflate refers back to.
const MAX_DISTANCE: usize = 32 << 10;

/// Minimum room in bytes for one call of the inflater.
const MIN_ROOM: usize = 64 << 10;

/// Maximum bytes of a row. Several longer rows at a time would exceed the planned memory.
const MAX_STRIDE: usize = 128 << 10;

/// The shape of the decoded rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Width in pixels.
    pub(super) width: usize,
    /// Number of rows.
    pub(super) height: usize,
    /// Bytes per pixel, 1 to 4.
    pub(super) channels: u32,
}

/// Passes all rows to `take`, from the top, several at a time. Returns `None` if the file isn't exactly as expected;
/// rows passed so far are then invalid.
pub(super) fn read(bytes: &[u8], shape: Shape, take: impl FnMut(&[u8])) -> Option<()> {
    match shape.channels {
        1 => Rows::<1>::new(shape)?.read(bytes, take),
        2 => Rows::<2>::new(shape)?.read(bytes, take),
        3 => Rows::<3>::new(shape)?.read(bytes, take),
        4 => Rows::<4>::new(shape)?.read(bytes, take),
        _ => None,
    }
}

/// The decoder of rows with `N` bytes per pixel.
struct Rows<const N: usize> {
    /// Bytes per row.
    stride: usize,
    /// Number of rows that are not decoded yet.
    missing: usize,
    /// The last row of the previous group, then room for the rows of one group. A smaller group is at the end.
    unfiltered: Vec<u8>,
    /// Inflated bytes: those that Deflate may refer back to, rows of an incomplete group, and free room.
    window: Vec<u8>,
    taken: usize,
    filled: usize,
}

impl<const N: usize> Rows<N> {
    fn new(Shape { width, height, .. }: Shape) -> Option<Self> {
        let stride = width.checked_mul(N).filter(|stride| (1..=MAX_STRIDE).contains(stride))?;
        let group = GROUP_ROWS * (stride + 1);
        let unfiltered = vec![0; (1 + GROUP_ROWS) * stride];
        let window = vec![0; MAX_DISTANCE + 2 * (group + MIN_ROOM)];
        Some(Self { stride, missing: height, unfiltered, window, taken: 0, filled: 0 })
    }

    fn read(mut self, bytes: &[u8], mut take: impl FnMut(&[u8])) -> Option<()> {
        let mut inflater = Decompressor::new();
        inflater.ignore_adler32();
        for piece in ImageData::of(bytes) {
            self.inflate(&mut inflater, piece?, &mut take)?;
        }
        while self.has(1) {
            self.unfilter_group::<1>(&mut take)?;
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
            while self.has(GROUP_ROWS) {
                self.unfilter_group::<GROUP_ROWS>(take)?;
            }
            piece = piece.get(read..)?;
            if (read, written) == (0, 0) {
                return None;
            }
        }
        Some(())
    }

    /// Moves the bytes that are still needed to the start of the window if less than [`MIN_ROOM`] is free after them.
    fn make_room(&mut self) {
        if self.window.len() - self.filled < MIN_ROOM {
            let start = self.taken.min(self.filled.saturating_sub(MAX_DISTANCE));
            self.window.copy_within(start..self.filled, 0);
            self.taken -= start;
            self.filled -= start;
        }
    }

    /// `true` if this many rows are inflated and still missing.
    fn has(&self, rows: usize) -> bool {
        self.missing >= rows && self.filled - self.taken >= rows * (self.stride + 1)
    }

    /// Unfilters the next rows of the window and passes them on.
    fn unfilter_group<const ROWS: usize>(&mut self, take: &mut impl FnMut(&[u8])) -> Option<()> {
        let end = self.taken + ROWS * (self.stride + 1);
        let mut lines = self.window.get(self.taken..end)?.chunks_exact(self.stride + 1);
        let (mut filters, mut raw) = ([RowFilter::None; ROWS], [&[][..]; ROWS]);
        for (filter, raw) in filters.iter_mut().zip(&mut raw) {
            let (first, samples) = lines.next()?.split_first()?;
            (*filter, *raw) = (RowFilter::from_byte(*first)?, samples);
        }
        // The last row of the previous group.
        self.unfiltered.copy_within(GROUP_ROWS * self.stride.., 0);
        let (above, rows) = self.unfiltered.split_at_mut_checked(self.stride)?;
        let rows = rows.get_mut((GROUP_ROWS - ROWS) * self.stride..)?;
        let mut each = rows.chunks_exact_mut(self.stride);
        unfilter::<N, ROWS>(filters, above, raw, std::array::from_fn(|_| each.next().unwrap_or_default()));
        take(rows);
        self.taken = end;
        self.missing -= ROWS;
        Some(())
    }
}

#[cfg(test)]
mod tests;
