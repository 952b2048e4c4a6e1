//! A message between a program and its worker: two lengths, a header and a body.

/// A job or an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The description of the job, or of its result.
    pub header: Vec<u8>,
    /// The file that the header describes.
    pub body: Vec<u8>,
}

/// Maximum length of a header, in bytes.
const MAX_HEADER_BYTES: u64 = 1 << 20;

/// Maximum length of a body, in bytes. No source and no variant is larger.
const MAX_BODY_BYTES: u64 = 4 << 30;

/// The lengths of header and body, which precede them in a message, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lengths {
    pub(crate) header: u64,
    pub(crate) body: u64,
}

impl Lengths {
    /// The size of both encoded lengths, in bytes.
    pub(crate) const BYTES: usize = 16;

    pub(crate) const fn of(header: &[u8], body: &[u8]) -> Self {
        Self { header: header.len() as u64, body: body.len() as u64 }
    }

    pub(crate) const fn to_bytes(self) -> [u8; Self::BYTES] {
        (((self.header as u128) << 64) | self.body as u128).to_be_bytes()
    }

    /// Reads lengths. Fails if one is above its maximum.
    pub(crate) fn from_bytes(bytes: [u8; Self::BYTES]) -> std::io::Result<Self> {
        let both = u128::from_be_bytes(bytes);
        let lengths = Self { header: (both >> 64) as u64, body: both as u64 };
        if lengths.header > MAX_HEADER_BYTES || lengths.body > MAX_BODY_BYTES {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        Ok(lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_they_were_written_and_only_within_their_limits() {
        let lengths = Lengths::of(b"header", b"the body");
        assert_eq!(Lengths::from_bytes(lengths.to_bytes()).unwrap(), Lengths { header: 6, body: 8 });
        assert!(Lengths::from_bytes(Lengths { header: 6, body: MAX_BODY_BYTES + 1 }.to_bytes()).is_err());
        assert!(Lengths::from_bytes(Lengths { header: MAX_HEADER_BYTES + 1, body: 8 }.to_bytes()).is_err());
    }
}
