//! The boxes of ISO base media files (ISO/IEC 14496-12, section 4.2), read without trusting any length.

/// A box's name.
pub(super) type Kind = [u8; 4];

/// The boxes that follow each other in `rest`. A box that claims to be longer than what is there ends with it.
pub(super) struct Boxes<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Iterator for Boxes<'a> {
    type Item = (Kind, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        /// `size` where a size of 64 bits follows, and where the box lasts until the end.
        const LARGE: u64 = 1;
        const LAST: u64 = 0;
        let mut reader = Reader { rest: self.rest };
        let size = reader.uint(4)?;
        let kind = reader.kind()?;
        let size = if size == LARGE { reader.uint(8)? } else { size };
        let header = self.rest.len() - reader.rest.len();
        let content = match size {
            LAST => reader.rest.len(),
            _ => usize::try_from(size).ok()?.checked_sub(header)?.min(reader.rest.len()),
        };
        let (content, rest) = reader.rest.split_at_checked(content)?;
        self.rest = rest;
        Some((kind, content))
    }
}

/// Big-endian numbers from the front of `rest`; none of them where too little is left.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Of `bytes` bytes, at most 8; 0 of no bytes.
    pub(super) fn uint(&mut self, bytes: usize) -> Option<u64> {
        let digits = self.take(bytes)?;
        Some(digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.uint(4).map(|number| number as u32)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.uint(2).map(|number| number as u16)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.uint(1).map(|number| number as u8)
    }

    pub(super) fn kind(&mut self) -> Option<Kind> {
        self.take(4)?.try_into().ok()
    }

    /// The version and the flags in front of a "full box".
    pub(super) fn version_and_flags(&mut self) -> Option<(u8, u32)> {
        let word = self.u32()?;
        Some(((word >> 24) as u8, word & 0x00ff_ffff))
    }

    /// An item's number: of 16 bits, or of 32.
    pub(super) fn id(&mut self, is_wide: bool) -> Option<u32> {
        self.uint(if is_wide { 4 } else { 2 }).map(|number| number as u32)
    }

    pub(super) fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_every_kind_of_length_are_walked() {
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
