//! The coefficients of one block.

use crate::bits::Bits;
use crate::derived::Derived;
use crate::error::Error;
use crate::feed::BUFFER;
use crate::huffman::dc::Differences;
use crate::huffman::pairs::{LAST_START, Pairs};
use crate::huffman::skips::Skips;
use crate::huffman::symbols::Symbols;
use crate::idct::Block;
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

    /// Reads the DC coefficient into an empty block, and passes the others.
    #[inline]
    pub(super) fn read_dc(&mut self, bits: &mut Bits, buffer: &[u8; BUFFER + 8], block: &mut Block) -> u32 {
        self.dc(bits, buffer, block);
        let mut place = 1;
        while place <= LAST_START {
            bits.refill(buffer);
            let (length, advance) = self.skips.look_up(bits.window());
            if length == 0 {
                place += self.pass_one(bits);
                continue;
            }
            bits.consume(length);
            place += advance;
            if place > LAST_START {
                break;
            }
            let (length, advance) = self.skips.look_up(bits.window());
            bits.consume(length);
            place += advance;
        }
        while place < 64 {
            bits.refill(buffer);
            place += self.pass_one(bits);
        }
        0
    }

    /// Reads the coefficients that are kept into an empty block, and passes the others. Gives the bits of the places
    /// of all that are not zero.
    #[inline]
    pub(super) fn read(&mut self, bits: &mut Bits, buffer: &[u8; BUFFER + 8], block: &mut Block) -> u32 {
        const LOOK_UPS_A_REFILL: usize = 4;
        self.dc(bits, buffer, block);
        let mut place = 1;
        let mut seen = 0;
        'block: while place <= LAST_START {
            bits.refill(buffer);
            for _ in 0..LOOK_UPS_A_REFILL {
                let pair = self.pairs.look_up(bits.window());
                if pair.is_none() {
                    bits.refill(buffer);
                    seen |= self.read_one(bits, &mut place, block);
                    continue 'block;
                }
                bits.consume(pair.length());
                let first = self.slots.behind(place + pair.first_advance());
                place += pair.advance();
                let second = self.slots.behind(place);
                store(block, second, pair.second());
                store(block, first, pair.first());
                seen |= first | second;
                if place > LAST_START {
                    break 'block;
                }
            }
        }
        while place < 64 {
            bits.refill(buffer);
            seen |= self.read_one(bits, &mut place, block);
        }
        seen
    }

    #[inline]
    fn dc(&mut self, bits: &mut Bits, buffer: &[u8; BUFFER + 8], block: &mut Block) {
        bits.refill(buffer);
        self.prediction = self.prediction.wrapping_add(self.differences.read(bits));
        block[0] = self.prediction.wrapping_mul(self.slots.dc_step()) as i16;
    }

    /// Reads one symbol and its value.
    #[inline]
    fn read_one(&self, bits: &mut Bits, place: &mut u32, block: &mut Block) -> u32 {
        let (symbol, value) = self.symbols.read_with_value(bits);
        *place += symbol.advance();
        let slot = self.slots.behind(*place);
        store(block, slot, value);
        slot
    }

    /// Passes one symbol and its value; gives what it adds to the place.
    #[inline]
    fn pass_one(&self, bits: &mut Bits) -> u32 {
        let symbol = self.symbols.read(bits);
        bits.consume(symbol.size);
        symbol.advance()
    }
}

#[inline]
fn store(block: &mut Block, slot: u32, value: i32) {
    put(block, slot as usize & 0xff, value.wrapping_mul((slot >> 16) as i32) as i16);
}
