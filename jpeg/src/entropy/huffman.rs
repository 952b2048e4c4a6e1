//! Look-up tables that decode Huffman codes, one kind for each use.

mod codes;

mod value;

pub(crate) mod dc;

pub(crate) mod symbols;

pub(crate) mod pairs;

pub(crate) mod skips;
