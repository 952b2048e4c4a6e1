use crate::lanes::Samples;
use crate::planes::{Plane, Planes, line};
use crate::range::Conversion;

/// The samples of a macroblock, in the limited range.
#[derive(Debug)]
pub(crate) struct Source {
    /// Luma's blocks 0 to 7, and 8 to 15.
    pub(crate) luma: [[Samples; 8]; 2],
    /// Four blocks of each chroma plane.
    pub(crate) chroma: [Samples; 8],
}

/// The rows of planes that a row of macroblocks covers. Beyond the picture the last row and column are repeated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceRow<'a> {
    luma: [&'a [u8]; 16],
    chroma: [[&'a [u8]; 8]; 2],
    luma_conversion: Conversion,
    chroma_conversion: Conversion,
}

impl<'a> SourceRow<'a> {
    pub(crate) fn new(planes: &Planes<'a>, row: usize) -> Self {
        let chroma = |plane: &Plane<'a>| std::array::from_fn(|y| plane.row(row * 8 + y));
        Self {
            luma: std::array::from_fn(|y| planes.luma.row(row * 16 + y)),
            chroma: [chroma(&planes.cb), chroma(&planes.cr)],
            luma_conversion: Conversion::of_luma(planes.range),
            chroma_conversion: Conversion::of_chroma(planes.range),
        }
    }

    /// The macroblock in a column.
    #[inline]
    pub(crate) fn macroblock(&self, column: usize) -> Source {
        let mut luma = [[[0; 16]; 8]; 2];
        let (groups, _) = luma.as_flattened_mut().as_chunks_mut::<4>();
        let (rows, _) = self.luma.as_chunks::<4>();
        for (blocks, rows) in groups.iter_mut().zip(rows) {
            let line = |row: &[u8]| self.luma_conversion.apply(line(row, column * 16));
            let [a, b, c, d] = rows;
            let [a, b, c, d]: [[u32; 4]; 4] = bytemuck::cast([line(a), line(b), line(c), line(d)]);
            for (block, (((a, b), c), d)) in blocks.iter_mut().zip(a.into_iter().zip(b).zip(c).zip(d)) {
                *block = bytemuck::cast([a, b, c, d]);
            }
        }
        let mut chroma = [[0; 16]; 8];
        let (pairs, _) = chroma.as_chunks_mut::<2>();
        let (rows, _) = self.chroma.as_flattened().as_chunks::<4>();
        for (blocks, rows) in pairs.iter_mut().zip(rows) {
            let [a, b, c, d] = rows;
            let two = |first: &[u8], second: &[u8]| {
                let samples: [[u8; 8]; 2] = [line(first, column * 8), line(second, column * 8)];
                bytemuck::cast::<_, [[u32; 2]; 2]>(self.chroma_conversion.apply(bytemuck::cast(samples)))
            };
            let ([a, b], [c, d]) = (two(a, b), two(c, d));
            for (block, (((a, b), c), d)) in blocks.iter_mut().zip(a.into_iter().zip(b).zip(c).zip(d)) {
                *block = bytemuck::cast([a, b, c, d]);
            }
        }
        Source { luma, chroma }
    }
}
