//! Reads the bits of headers.

/// Reads bits, the highest of each byte first. Each method returns `None` at the end.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// Index of the next bit.
    position: usize,
}

impl<'a> Bits<'a> {
    /// Reads `bytes` from their start.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// A number of `count` bits, at most 32.
    pub(super) fn take(&mut self, count: u32) -> Option<u32> {
        let mut number = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.position / 8)?;
            number = number << 1 | u32::from(byte >> (7 - self.position % 8) & 1);
            self.position += 1;
        }
        Some(number)
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        self.take(1).map(|bit| bit == 1)
    }

    /// Skips `count` bits.
    pub(super) fn skip(&mut self, count: usize) -> Option<()> {
        self.position =
            self.position.checked_add(count).filter(|position| *position <= self.bytes.len() * 8)?;
        Some(())
    }

    /// Skips a `uvlc()` number: some zeros, a one, and as many bits as zeros (section 4.10.3).
    pub(super) fn skip_variable_length(&mut self) -> Option<()> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
        }
        if zeros < 32 {
            self.take(zeros)?;
        }
        Some(())
    }
    /// An `ue(v)` number (ITU-T H.265, section 9.2): some zeros, a one, and as many bits as zeros.
    pub(super) fn exponential(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
        }
        let rest = if zeros < 32 { self.take(zeros)? } else { return None };
        Some((1 << zeros) - 1 + rest)
    }
}
