//! Markers and their segments (ITU-T T.81, annex B.1).

/// Start of a baseline frame.
pub(crate) const SOF0: u8 = 0xc0;
/// Start of an extended sequential frame.
pub(crate) const SOF1: u8 = 0xc1;
/// Start of a progressive frame.
pub(crate) const SOF2: u8 = 0xc2;
/// Huffman tables.
pub(crate) const DHT: u8 = 0xc4;
/// Restart markers.
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
/// For private use in arithmetic coding; stands alone.
pub(crate) const TEM: u8 = 0x01;

/// A place in a file, moved from marker to marker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// The first byte of the marker just read; the end of the file where there was none.
    pub(crate) fn before_marker(&self) -> usize {
        let is_marker = self.at >= 2 && self.bytes.get(self.at - 2) == Some(&0xff);
        if is_marker { self.at - 2 } else { self.at }
    }

    /// The next marker, past whatever is no marker; none at the end of the file.
    pub(crate) fn marker(&mut self) -> Option<u8> {
        loop {
            let rest = self.bytes.get(self.at..)?;
            let Some(found) = first_ff(rest) else {
                self.at = self.bytes.len();
                return None;
            };
            let fill = rest.get(found..)?.iter().take_while(|byte| **byte == 0xff).count();
            self.at += found + fill;
            let marker = *self.bytes.get(self.at)?;
            self.at += 1;
            if marker != 0 {
                return Some(marker);
            }
        }
    }

    /// The next marker that is no restart marker: the one behind a scan.
    pub(crate) fn marker_behind_scan(&mut self) -> Option<u8> {
        loop {
            let marker = self.marker()?;
            if !matches!(marker, RST0..=RST7) {
                return Some(marker);
            }
        }
    }

    /// The content of the segment of the marker just read; none where the file ends within it.
    pub(crate) fn segment(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..)?;
        let (length, _) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let content = rest.get(2..length)?;
        self.at += length;
        Some(content)
    }
}

/// Whether a marker stands alone, without a segment.
pub(crate) const fn stands_alone(marker: u8) -> bool {
    matches!(marker, TEM | RST0..=RST7 | SOI | EOI)
}

/// Where the first byte of all ones is.
pub(crate) fn first_ff(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let marks = ones_bytes(u64::from_le_bytes(*word));
        if marks != 0 {
            return Some(place * 8 + marks.trailing_zeros() as usize / 8);
        }
    }
    let tail = rest.iter().position(|byte| *byte == 0xff)?;
    Some(words.len() * 8 + tail)
}

/// The highest bit of each byte that is all ones, right up to and with the lowest such byte.
pub(crate) const fn ones_bytes(word: u64) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The well-known test for a zero byte, of the complement.
    (!word).wrapping_sub(LOW) & word & HIGH
}
