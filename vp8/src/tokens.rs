//! Tokens of coefficients (RFC 6386, section 13): recorded with their statistics while macroblocks are coded, written afterwards
//! with the probabilities that suit them.

mod classes;

pub(crate) mod probabilities;

mod write;

use wide::{i8x16, i16x8};

use crate::lanes::Levels;
use crate::wrapped::{at, at_mut};
use classes::{CLASS_OF, END};

/// The kinds of blocks, by their numbers in the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Luma whose DC coefficient is in the block of DC coefficients.
    LumaWithoutDc = 0,
    /// Luma's DC coefficients.
    Dc = 1,
    Chroma = 2,
    Luma = 3,
}

impl Kind {
    /// The position of the first coefficient.
    #[inline]
    const fn first(self) -> usize {
        matches!(self, Self::LumaWithoutDc) as usize
    }
}

/// The positions of coefficients in the order of their tokens.
const ZIGZAG: [u8; 16] = [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15];

/// Bands of coefficients by their position in the order of tokens. Position 16 is after the last token.
const BANDS: [u8; 32] =
    [0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Masks of coefficients in the order of tokens, by eight bits of a mask in the order of rows.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn zigzag_masks(half: usize) -> [u16; 256] {
    let mut masks = [0; 256];
    let mut bits = 0;
    while bits < 256 {
        let mut position = 0;
        while position < 16 {
            let raster = ZIGZAG[position] as usize;
            if raster / 8 == half && bits >> (raster % 8) & 1 != 0 {
                masks[bits] |= 1 << position;
            }
            position += 1;
        }
        bits += 1;
    }
    masks
}

static LOW_MASKS: [u16; 256] = zigzag_masks(0);
static HIGH_MASKS: [u16; 256] = zigzag_masks(1);

/// Numbers of tokens by kind, band, context and class. The contexts are 0 to 2 for the neighbours of a first token and the
/// magnitude of the token before, and 3 after a zero, where the end of the block can't follow.
type Counts = [[[[u32; 16]; 4]; 8]; 4];

/// The recorded tokens.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// For each block a header and its levels in the order of tokens.
    stream: Vec<u16>,
    counts: Box<Counts>,
}

/// What the header of a block says: its kind, the context of the first token, and the position after the last coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    kind: u16,
    context: u16,
    end: u16,
}

impl Header {
    #[inline]
    const fn pack(self) -> u16 {
        self.kind << 8 | self.context << 5 | self.end
    }

    #[inline]
    const fn unpack(word: u16) -> Self {
        Self { kind: word >> 8, context: word >> 5 & 3, end: word & 31 }
    }
}

impl Tokens {
    /// Room for this number of levels and headers before memory grows.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { stream: Vec::with_capacity(capacity), counts: Box::new([[[[0; 16]; 4]; 8]; 4]) }
    }

    /// Records a block. `context` is the number of its neighbours above and to the left that have coefficients. Returns 1 if
    /// the block has coefficients, else 0.
    #[inline]
    pub(crate) fn block(&mut self, levels: &Levels, kind: Kind, context: u8) -> u8 {
        let [low, high]: [i16x8; 2] = bytemuck::cast(*levels);
        let bits = i8x16::from_i16x16_saturate(bytemuck::cast([low, high])).simd_ne(i8x16::ZERO).to_bitmask();
        let mask = at(&LOW_MASKS, bits as usize) | at(&HIGH_MASKS, bits as usize >> 8);
        let end = 16 - mask.leading_zeros() as usize;
        let first = kind.first();
        let counts = at_mut(&mut self.counts, kind as usize);
        let header = Header { kind: kind as u16, context: context.into(), end: end as u16 };
        let mut context = usize::from(context);
        if end <= first {
            self.stream.push(Header { end: 0, ..header }.pack());
            at_mut(at_mut(counts, first), context)[END] += 1;
            return 0;
        }
        let mut record = [0; 32];
        record[0] = header.pack();
        for position in first..end.min(16) {
            let level = *at(levels, usize::from(*at(&ZIGZAG, position)));
            let magnitude = level.unsigned_abs();
            *at_mut(&mut record, 1 + position - first) = level.cast_unsigned();
            let class = usize::from(*at(&CLASS_OF, usize::from(magnitude.min(127))));
            *at_mut(at_mut(at_mut(counts, band(position)), context), class) += 1;
            context = usize::from(*at(&[3_u8, 1, 2, 2], usize::from(magnitude.min(2))));
        }
        if end < 16 {
            at_mut(at_mut(counts, band(end)), context)[END] += 1;
        }
        self.stream.extend_from_slice(record.get(..1 + end - first).unwrap_or_default());
        1
    }
}

/// The band of a position.
#[inline]
fn band(position: usize) -> usize {
    usize::from(*at(&BANDS, position))
}
