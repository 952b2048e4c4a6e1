//! Constants of the format. Each file names its section of RFC 6386.

pub(crate) mod steps;

pub(crate) mod default_probabilities;

pub(crate) mod update_probabilities;

pub(crate) mod block_modes;

/// Probabilities of the branches of tokens, by the kind of block, the band of the position and the context.
pub(crate) type Probabilities = [[[[u8; 11]; 3]; 8]; 4];
