//! The coefficients of one block.

use crate::bits::Bits;
use crate::derived::Derived;
use crate::error::Error;
use crate::feed::Buffer;
use crate::huffman::dc::Differences;
use crate::huffman::pairs::{LAST_START, NONE, Pairs};
use crate::huffman::skips::Skips;
use crate::huffman::symbols::Symbols;
use crate::geometry::Block;
use crate::masked::put;
use crate::scan::Member;
use crate::slots::Slots;

/// Reads the blocks of one component.
pub(super) struct Reader<'a> {
    differences: &'a Differences,
    symbols: &'a Symbols,
    pairs: &'a Pairs,
    skips: &'a Skips,
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
            pairs: &ac.pairs,
            skips: &ac.skips,
            slots,
            prediction: 0,
        })
    }

    pub(super) fn restart(&mut self) {
        self.prediction = 0;
    }

    /// Reads the coefficients that `N`/8 needs into an empty block, and passes the others. Gives the place behind the
    /// last one, with [`crate::huffman::pairs::END`] added where the block ends before its 64th coefficient; of 1 and
    /// 2 it says nothing.
    #[inline]
    pub(super) fn read<const N: usize>(&mut self, bits: &mut Bits, buffer: &Buffer, block: &mut Block) -> u32 {
        bits.refill(buffer);
        self.prediction = self.prediction.wrapping_add(self.differences.read(bits));
        block[0] = self.prediction as i16;
        match N {
            1 => self.pass(bits, buffer, 1),
            2 => {
                // Beyond the few that are kept, more symbols are passed a look-up than read.
                const LAST_KEPT: u32 = 4;
                let place = self.read_until(LAST_KEPT, bits, buffer, block);
                self.pass(bits, buffer, place)
            }
            _ => {
                let mut place = self.read_until(LAST_START, bits, buffer, block);
                while place < 64 {
                    bits.refill(buffer);
                    place += self.read_one(bits, place, block);
                }
                place
            }
        }
    }

    /// Reads symbols up to one behind the place `last`, at most [`LAST_START`]. Gives the place behind it.
    #[inline]
    fn read_until(&self, last: u32, bits: &mut Bits, buffer: &Buffer, block: &mut Block) -> u32 {
        let mut place = 1;
        loop {
            bits.refill(buffer);
            // As many look-ups as the valid bits are enough for.
            for _ in 0..4 {
                let pair = self.pairs.look_up(bits.window());
                bits.consume(pair.length());
                let first = self.slots.behind(place + pair.first_advance());
                place += pair.advance();
                put(block, self.slots.behind(place), pair.second());
                put(block, first, pair.first());
                if place > last {
                    break;
                }
            }
            if place >= NONE {
                bits.refill(buffer);
                place -= NONE;
                place += self.read_one(bits, place, block);
            }
            if place > last {
                return place;
            }
        }
    }

    /// Passes the rest of a block from `place` on.
    #[inline]
    fn pass(&self, bits: &mut Bits, buffer: &Buffer, mut place: u32) -> u32 {
        while place <= LAST_START {
            bits.refill(buffer);
            for _ in 0..2 {
                let (length, advance) = self.skips.look_up(bits.window());
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
