//! The boxes of ISO base media files (ISO/IEC 14496-12, section 4.2). Every declared length is checked.

/// A four-character code: the type of a box or of an item.
pub(crate) type FourCc = [u8; 4];

/// Iterates over consecutive boxes, and returns the type and the content of each. A box whose declared length exceeds
/// `rest` ends at the end of `rest`.
pub(crate) struct Boxes<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Iterator for Boxes<'a> {
    type Item = (FourCc, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        /// The `size` of a box with a 64-bit size after its type.
        const LARGE: u64 = 1;
        /// The `size` of a box that lasts until the end.
        const LAST: u64 = 0;
        let mut reader = Reader { rest: self.rest };
        let size = reader.uint(4)?;
        let box_type = reader.four_cc()?;
        let size = if size == LARGE { reader.uint(8)? } else { size };
        let header = self.rest.len() - reader.rest.len();
        let content = match size {
            LAST => reader.rest.len(),
            _ => usize::try_from(size).ok()?.checked_sub(header)?.min(reader.rest.len()),
        };
        let (content, rest) = reader.rest.split_at_checked(content)?;
        self.rest = rest;
        Some((box_type, content))
    }
}

/// Reads big-endian numbers from the front of `rest`. Each method returns `None` if too few bytes are left.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A number of `bytes` bytes, at most 8. It is 0 if `bytes` is 0.
    pub(crate) fn uint(&mut self, bytes: usize) -> Option<u64> {
        let digits = self.take(bytes)?;
        Some(digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)))
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.uint(4).map(|number| number as u32)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.uint(2).map(|number| number as u16)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.uint(1).map(|number| number as u8)
    }

    pub(crate) fn four_cc(&mut self) -> Option<FourCc> {
        self.take(4)?.try_into().ok()
    }

    /// The version and the flags at the start of a "full box".
    pub(crate) fn version_and_flags(&mut self) -> Option<(u8, u32)> {
        let word = self.u32()?;
        Some(((word >> 24) as u8, word & 0x00ff_ffff))
    }

    /// An item's id: 32 bits if `is_wide`, otherwise 16.
    pub(crate) fn id(&mut self, is_wide: bool) -> Option<u32> {
        self.uint(if is_wide { 4 } else { 2 }).map(|number| number as u32)
    }

    pub(crate) fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_with_every_form_of_length_are_read() {
        let check = |bytes: &[u8], expected: &[(&str, &[u8])]| {
            let found: Vec<_> = Boxes { rest: bytes }.collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(kind, content)| (kind.as_bytes().try_into().unwrap(), *content))
                .collect();
            assert_eq!(found, expected, "{bytes:?}");
        };
        check(b"", &[]);
        check(b"\0\0\0\x0aabcdhi\0\0\0\x08efgh", &[("abcd", b"hi"), ("efgh", b"")]);
        check(b"\0\0\0\x01abcd\0\0\0\0\0\0\0\x12hi", &[("abcd", b"hi")]);
        check(b"\0\0\0\0abcdhi", &[("abcd", b"hi")]);
        check(b"\0\0\0\xffabcdhi", &[("abcd", b"hi")]);
        check(b"\0\0\0\x07abcdhi", &[]);
        check(b"\0\0\0\x01abcd\xff\xff\xff\xff\xff\xff\xff\xffhi", &[("abcd", b"hi")]);
        check(b"\0\0\0\x09abc", &[]);
    }
}
