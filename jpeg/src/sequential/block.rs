//! The coefficients of one block.

use crate::bits::Bits;
use crate::derived::Derived;
use crate::error::Error;
use crate::feed::Buffer;
use crate::geometry::Block;
use crate::huffman::dc::Differences;
use crate::huffman::pairs::{LAST_START, NONE, Pairs};
use crate::huffman::skips::Skips;
use crate::huffman::symbols::Symbols;
use crate::masked::put;
use crate::scan::Member;
use crate::slots::Slots;

/// Reads the blocks of one component.
pub(super) struct Reader<'a> {
    differences: &'a Differences,
    symbols: &'a Symbols,
    /// Where AC coefficients are kept, of many blocks.
    pairs: Option<&'a Pairs>,
    /// Where AC coefficients are passed, of many blocks.
    skips: Option<&'a Skips>,
    slots: Slots,
    /// The DC coefficient of the block before.
    prediction: i32,
}

impl<'a> Reader<'a> {
    pub(super) fn new(derived: &'a Derived, member: Member, slots: Slots) -> Result<Self, Error> {
        let ac = derived.ac(member.ac)?;
        Ok(Self {
            differences: derived.dc(member.dc)?,
            symbols: &ac.symbols,
            pairs: ac.pairs.as_ref(),
            skips: ac.skips.as_ref(),
            slots,
            prediction: 0,
        })
    }

    pub(super) fn restart(&mut self) {
        self.prediction = 0;
    }

    /// Reads the coefficients that `N`/8 needs into an empty block, and passes the others. Gives the place behind the
    /// last one, with [`crate::huffman::pairs::END`] added where the block ends before its 64th coefficient.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is called keeps the bits in memory")]
    pub(super) fn read<const N: usize>(
        &mut self,
        bits: &mut Bits,
        buffer: &Buffer,
        block: &mut Block,
    ) -> u32 {
        bits.refill(buffer);
        self.prediction = self.prediction.wrapping_add(self.differences.read(bits));
        block[0] = self.prediction as i16;
        match N {
            1 => self.pass_ac(bits, buffer),
            _ => self.read_ac(bits, buffer, block),
        }
    }

    /// Reads the AC coefficients. Gives the place behind the last one.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is called keeps the bits in memory")]
    fn read_ac(&self, bits: &mut Bits, buffer: &Buffer, block: &mut Block) -> u32 {
        let mut place = 1;
        while let Some(pairs) = self.pairs
            && place <= LAST_START
        {
            bits.refill(buffer);
            // As many look-ups as the valid bits are enough for.
            for _ in 0..4 {
                let pair = pairs.look_up(bits.window());
                bits.consume(pair.length());
                let first = self.slots.behind(place + pair.first_advance());
                place += pair.advance();
                put(block, self.slots.behind(place), pair.second());
                put(block, first, pair.first());
                if place > LAST_START {
                    break;
                }
            }
            if place >= NONE {
                bits.refill(buffer);
                place -= NONE;
                place += self.read_one(bits, place, block);
            }
        }
        while place < 64 {
            bits.refill(buffer);
            place += self.read_one(bits, place, block);
        }
        place
    }

    /// Passes the AC coefficients. Gives the place behind the last one.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is called keeps the bits in memory")]
    fn pass_ac(&self, bits: &mut Bits, buffer: &Buffer) -> u32 {
        let mut place = 1;
        while let Some(skips) = self.skips
            && place <= LAST_START
        {
            bits.refill(buffer);
            for _ in 0..2 {
                let (length, advance) = skips.look_up(bits.window());
                bits.consume(length);
                place += advance;
                if place > LAST_START {
                    break;
                }
            }
            if place >= NONE {
                bits.refill(buffer);
                place -= NONE;
                place += self.pass_one(bits);
            }
        }
        while place < 64 {
            bits.refill(buffer);
            place += self.pass_one(bits);
        }
        place
    }

    /// Reads one symbol and its value; gives what it adds to the place.
    #[inline]
    fn read_one(&self, bits: &mut Bits, place: u32, block: &mut Block) -> u32 {
        let (symbol, value) = self.symbols.read_with_value(bits);
        put(block, self.slots.behind(place + symbol.advance()), value as i16);
        symbol.advance()
    }

    /// Passes one symbol and its value; gives what it adds to the place.
    #[inline]
    fn pass_one(&self, bits: &mut Bits) -> u32 {
        let symbol = self.symbols.read(bits);
        bits.consume(symbol.size);
        symbol.advance()
    }
}
