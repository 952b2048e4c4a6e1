//! Markers and their segments (ITU-T T.81, annex B.1).

/// Start of a baseline frame.
pub(crate) const SOF0: u8 = 0xc0;
/// Start of an extended sequential frame.
pub(crate) const SOF1: u8 = 0xc1;
/// Start of a progressive frame.
pub(crate) const SOF2: u8 = 0xc2;
/// Huffman tables.
pub(crate) const DHT: u8 = 0xc4;
/// The first restart marker.
pub(crate) const RST0: u8 = 0xd0;
/// The last restart marker.
pub(crate) const RST7: u8 = 0xd7;
/// Start of the image.
pub(crate) const SOI: u8 = 0xd8;
/// End of the image.
pub(crate) const EOI: u8 = 0xd9;
/// Start of a scan.
pub(crate) const SOS: u8 = 0xda;
/// Quantisation tables.
pub(crate) const DQT: u8 = 0xdb;
/// Number of lines, after the first scan.
pub(crate) const DNL: u8 = 0xdc;
/// Restart interval.
pub(crate) const DRI: u8 = 0xdd;
/// Arithmetic conditioning.
pub(crate) const DAC: u8 = 0xcc;
/// The first application segment.
pub(crate) const APP0: u8 = 0xe0;
/// Adobe's application segment.
pub(crate) const APP14: u8 = 0xee;
/// The last application segment.
pub(crate) const APP15: u8 = 0xef;
/// A comment.
pub(crate) const COM: u8 = 0xfe;
/// A marker for private use in arithmetic coding.
pub(crate) const TEM: u8 = 0x01;

/// A position in a file that moves from marker to marker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(bytes: &'a [u8], position: usize) -> Self {
        Self { bytes, position }
    }

    pub(crate) const fn position(&self) -> usize {
        self.position
    }

    /// The position of the marker that was read last, or the end of the file if there was none.
    pub(crate) fn before_marker(&self) -> usize {
        let is_marker = self.position >= 2 && self.bytes.get(self.position - 2) == Some(&0xff);
        if is_marker { self.position - 2 } else { self.position }
    }

    /// Reads the next marker and skips the bytes before it. `None` at the end of the file.
    pub(crate) fn marker(&mut self) -> Option<u8> {
        loop {
            let rest = self.bytes.get(self.position..)?;
            let Some(found) = first_ff(rest) else {
                self.position = self.bytes.len();
                return None;
            };
            let fill = rest.get(found..)?.iter().take_while(|byte| **byte == 0xff).count();
            self.position += found + fill;
            let marker = *self.bytes.get(self.position)?;
            self.position += 1;
            if marker != 0 {
                return Some(marker);
            }
        }
    }

    /// Reads the next marker other than a restart marker: the one after a scan.
    pub(crate) fn marker_after_scan(&mut self) -> Option<u8> {
        loop {
            let marker = self.marker()?;
            if !matches!(marker, RST0..=RST7) {
                return Some(marker);
            }
        }
    }

    /// Reads the content of the segment whose marker was read last. `None` if the file ends within it.
    ///
    /// A length counts its own two bytes. Some writers store 0 in an empty comment; libjpeg reads lengths of 0 and 1 as 2.
    pub(crate) fn segment(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.position..)?;
        let (length, _) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length)).max(2);
        let content = rest.get(2..length)?;
        self.position += length;
        Some(content)
    }
}

/// `true` if no segment belongs to the marker.
pub(crate) const fn stands_alone(marker: u8) -> bool {
    matches!(marker, TEM | RST0..=RST7 | SOI | EOI)
}

/// The index of the first byte of eight ones.
pub(crate) fn first_ff(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let marks = ones_bytes(u64::from_le_bytes(*word));
        if marks != 0 {
            return Some(index * 8 + marks.trailing_zeros() as usize / 8);
        }
    }
    let tail = rest.iter().position(|byte| *byte == 0xff)?;
    Some(words.len() * 8 + tail)
}

/// The highest bit of each byte of eight ones. Bits above the lowest such byte may be wrong.
pub(crate) const fn ones_bytes(word: u64) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The well-known test for a zero byte, applied to the complement.
    (!word).wrapping_sub(LOW) & word & HIGH
}
