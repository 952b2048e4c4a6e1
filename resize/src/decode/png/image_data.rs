//! The `IDAT` chunks of a PNG.

/// Iterates over the payloads of the `IDAT` chunks and checks their CRCs. Yields `None` for a damaged chunk, and if the
/// file ends before another kind of chunk follows.
pub(super) struct ImageData<'a> {
    rest: &'a [u8],
    has_begun: bool,
}

impl<'a> ImageData<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        const SIGNATURE_BYTES: usize = 8;
        Self { rest: bytes.get(SIGNATURE_BYTES..).unwrap_or_default(), has_begun: false }
    }

    /// The next chunk: its name with the payload, and its CRC.
    fn chunk(&mut self) -> Option<(&'a [u8], &'a [u8; 4])> {
        const NAME_BYTES: usize = 4;
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let length = (u32::from_be_bytes(*length) as usize).checked_add(NAME_BYTES)?;
        let (chunk, rest) = rest.split_at_checked(length)?;
        let (sum, rest) = rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some((chunk, sum))
    }
}

impl<'a> Iterator for ImageData<'a> {
    type Item = Option<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((chunk, sum)) = self.chunk() else { return Some(None) };
            match chunk.strip_prefix(b"IDAT") {
                Some(payload) => {
                    self.has_begun = true;
                    let is_whole = crc32fast::hash(chunk) == u32::from_be_bytes(*sum);
                    return Some(is_whole.then_some(payload));
                }
                None if self.has_begun => return None,
                None => {}
            }
        }
    }
}
