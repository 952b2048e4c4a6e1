//! An entropy encoder: symbols to bits, with Huffman tables made for the symbols.

use std::collections::BTreeMap;

use super::chance::RandomNumbers;

/// The class of a table, 0 for DC and 1 for AC, and its number.
pub(crate) type TableId = (u8, u8);

/// A part of an entropy-coded segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Symbol(TableId, u8),
    /// A value and its number of bits.
    Bits(u32, u8),
    Restart,
}

/// A Huffman table: the number of codes of each length, and their symbols.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) counts: [u8; 16],
    pub(crate) symbols: Vec<u8>,
}

/// Tables of random shape for all symbols of the tokens. In most tables the frequent symbols have the short codes.
pub(crate) fn tables_for(tokens: &[Token], chance: &mut RandomNumbers) -> BTreeMap<TableId, Table> {
    let mut counts: BTreeMap<TableId, BTreeMap<u8, u32>> = BTreeMap::new();
    for token in tokens {
        if let Token::Symbol(table, symbol) = token {
            *counts.entry(*table).or_default().entry(*symbol).or_default() += 1;
        }
    }
    counts.into_iter().map(|(id, counts)| (id, table(&counts, chance))).collect()
}

fn table(counts: &BTreeMap<u8, u32>, chance: &mut RandomNumbers) -> Table {
    let mut symbols: Vec<u8> = counts.keys().copied().collect();
    symbols.sort_by_key(|symbol| std::cmp::Reverse(counts[symbol]));
    if chance.once_in(4) {
        symbols.reverse();
    }
    // The tree has one leaf more than there are symbols. It stays unused, because no code may consist of ones only.
    let mut leaves = vec![1_u8, 1];
    let skew = chance.below(4);
    while leaves.len() < symbols.len() + 1 {
        let deepest = leaves.iter().position(|depth| *depth == *leaves.iter().max().unwrap()).unwrap();
        let shallowest = leaves.iter().position(|depth| *depth == *leaves.iter().min().unwrap()).unwrap();
        let chosen = if leaves[deepest] < 16 && chance.below(4) < skew { deepest } else { shallowest };
        leaves[chosen] += 1;
        leaves.push(leaves[chosen]);
    }
    leaves.sort_unstable();
    leaves.truncate(symbols.len());
    let mut counts = [0; 16];
    for depth in leaves {
        counts[usize::from(depth) - 1] += 1;
    }
    Table { counts, symbols }
}

/// The tokens as stuffed bytes with restart markers, without the marker after the segment.
pub(crate) fn encode(tokens: &[Token], tables: &BTreeMap<TableId, Table>) -> Vec<u8> {
    let codes: BTreeMap<TableId, BTreeMap<u8, (u32, u8)>> =
        tables.iter().map(|(id, table)| (*id, codes_of(table))).collect();
    let mut writer = Writer::default();
    let mut restarts = 0;
    for token in tokens {
        match token {
            Token::Symbol(table, symbol) => {
                let (code, length) = codes[table][symbol];
                writer.put(code, length);
            }
            Token::Bits(value, length) => writer.put(*value, *length),
            Token::Restart => {
                writer.flush();
                writer.bytes.extend([0xff, 0xd0 + restarts]);
                restarts = (restarts + 1) % 8;
            }
        }
    }
    writer.flush();
    writer.bytes
}

fn codes_of(table: &Table) -> BTreeMap<u8, (u32, u8)> {
    let mut codes = BTreeMap::new();
    let mut symbols = table.symbols.iter();
    let mut code = 0;
    for (length, count) in (1..).zip(table.counts) {
        for symbol in symbols.by_ref().take(count.into()) {
            codes.insert(*symbol, (code, length));
            code += 1;
        }
        code <<= 1;
    }
    codes
}

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    bits: u64,
    count: u8,
}

impl Writer {
    fn put(&mut self, value: u32, length: u8) {
        self.bits = self.bits << length | u64::from(value) & ((1 << length) - 1);
        self.count += length;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.bits >> self.count) as u8;
            self.bytes.push(byte);
            if byte == 0xff {
                self.bytes.push(0);
            }
        }
    }

    /// Fills the last byte up with ones.
    fn flush(&mut self) {
        if self.count > 0 {
            self.put(0xff, 8 - self.count);
        }
    }
}
