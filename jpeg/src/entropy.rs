//! Reads entropy-coded data: converts bytes to bits, and bits to coefficients by look-up tables.

pub(crate) mod buffer;

pub(crate) mod bits;

pub(crate) mod feed;

pub(crate) mod resync;

pub(crate) mod restarts;

pub(crate) mod advance;

pub(crate) mod huffman;
