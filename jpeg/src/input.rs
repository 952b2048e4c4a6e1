/// The bytes of a file, the last of which may still be arriving.
pub trait Input {
    /// The file's first bytes: `length` of them or more, or all of a shorter file. Waits until they have arrived. A file
    /// whose rest doesn't arrive ends with the bytes that did; the caller of the decoder has to find that out.
    fn prefix(&mut self, length: usize) -> &[u8];
}

/// A file that has arrived.
impl Input for &[u8] {
    fn prefix(&mut self, _: usize) -> &[u8] {
        self
    }
}
