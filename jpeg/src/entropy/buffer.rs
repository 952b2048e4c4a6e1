/// Length of the buffer in bytes, a power of two.
pub(crate) const BUFFER: usize = 16 * 1024;

/// Unstuffed entropy-coded bytes from which bits are read. The 8 extra bytes let a load begin at the last byte.
pub(crate) type Buffer = [u8; BUFFER + 8];
