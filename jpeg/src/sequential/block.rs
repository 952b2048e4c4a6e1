use super::lookups::Lookups;
use crate::coefficients::WritableBlock;
use crate::entropy::advance::{LAST_START, NONE};
use crate::entropy::bits::Bits;
use crate::entropy::buffer::Buffer;
use crate::entropy::huffman::dc::Differences;
use crate::entropy::huffman::pairs::Pairs;
use crate::entropy::huffman::skips::Skips;
use crate::entropy::huffman::symbols::Symbols;
use crate::error::Error;
use crate::file::scan::Member;
use crate::slots::Slots;
use crate::wrapped::put;

/// Reads the coefficients of one component's blocks.
pub(super) struct BlockReader<'a> {
    differences: &'a Differences,
    symbols: &'a Symbols,
    /// If AC coefficients are needed and the scan has many blocks.
    pairs: Option<&'a Pairs>,
    /// If AC coefficients are skipped and the scan has many blocks.
    skips: Option<&'a Skips>,
    slots: Slots,
    /// The DC coefficient of the previous block.
    prediction: i32,
}

impl<'a> BlockReader<'a> {
    pub(super) fn new(lookups: &'a Lookups, member: Member, slots: Slots) -> Result<Self, Error> {
        let ac = lookups.ac(member.ac)?;
        Ok(Self {
            differences: lookups.dc(member.dc)?,
            symbols: &ac.symbols,
            pairs: ac.pairs.as_ref(),
            skips: ac.skips.as_ref(),
            slots,
            prediction: 0,
        })
    }

    /// Starts a restart interval.
    pub(super) fn restart(&mut self) {
        self.prediction = 0;
    }

    /// Reads the coefficients that `N`/8 needs into an empty block, and skips the others. Returns the position after the
    /// last one, plus [`crate::entropy::advance::END`] if the block ends before its 64th coefficient.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call would keep the bits in memory instead of registers")]
    pub(super) fn read<const N: usize>(
        &mut self,
        bits: &mut Bits,
        buffer: &Buffer,
        block: &mut WritableBlock,
    ) -> u32 {
        bits.refill(buffer);
        self.prediction = self.prediction.wrapping_add(self.differences.read(bits));
        block[0] = self.prediction as i16;
        match N {
            1 => self.skip_ac(bits, buffer),
            _ => self.read_ac(bits, buffer, block),
        }
    }

    /// Reads the AC coefficients. Returns the position after the last one.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call would keep the bits in memory instead of registers")]
    fn read_ac(&self, bits: &mut Bits, buffer: &Buffer, block: &mut WritableBlock) -> u32 {
        let mut position = 1;
        while let Some(pairs) = self.pairs
            && position <= LAST_START
        {
            bits.refill(buffer);
            // The valid bits are enough for four look-ups.
            for _ in 0..4 {
                let pair = pairs.look_up(bits.window());
                bits.consume(pair.length());
                let first = self.slots.before(position + pair.first_advance());
                position += pair.advance();
                put(block, self.slots.before(position), pair.second());
                put(block, first, pair.first());
                if position > LAST_START {
                    break;
                }
            }
            if position >= NONE {
                bits.refill(buffer);
                position -= NONE;
                position += self.read_one(bits, position, block);
            }
        }
        while position < 64 {
            bits.refill(buffer);
            position += self.read_one(bits, position, block);
        }
        position
    }

    /// Skips the AC coefficients. Returns the position after the last one.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call would keep the bits in memory instead of registers")]
    fn skip_ac(&self, bits: &mut Bits, buffer: &Buffer) -> u32 {
        let mut position = 1;
        while let Some(skips) = self.skips
            && position <= LAST_START
        {
            bits.refill(buffer);
            for _ in 0..2 {
                let (length, advance) = skips.look_up(bits.window());
                bits.consume(length);
                position += advance;
                if position > LAST_START {
                    break;
                }
            }
            if position >= NONE {
                bits.refill(buffer);
                position -= NONE;
                position += self.skip_one(bits);
            }
        }
        while position < 64 {
            bits.refill(buffer);
            position += self.skip_one(bits);
        }
        position
    }

    /// Reads one symbol and its value. Returns the advance.
    #[inline]
    fn read_one(&self, bits: &mut Bits, position: u32, block: &mut WritableBlock) -> u32 {
        let (symbol, value) = self.symbols.read_with_value(bits);
        put(block, self.slots.before(position + symbol.advance()), value as i16);
        symbol.advance()
    }

    /// Skips one symbol and its value. Returns the advance.
    #[inline]
    fn skip_one(&self, bits: &mut Bits) -> u32 {
        let symbol = self.symbols.read(bits);
        bits.consume(symbol.size);
        symbol.advance()
    }
}
