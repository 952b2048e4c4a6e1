//! Reads the codes of a GIF's picture, to find where it ends and which colours it has.

/// Maximum number of bits of a code.
const MAX_BITS: u32 = 12;

/// A picture as codes.
pub(super) struct CodedPicture {
    /// The codes up to the last one. Bits after it are 0.
    pub(super) data: Vec<u8>,
    /// The colours of the table that are in the picture.
    pub(super) used: [bool; 256],
}

impl CodedPicture {
    /// Reads the codes of a picture of `pixels` pixels. `code_bits` is the number of bits of a colour. `None` unless the codes
    /// give exactly this picture.
    pub(super) fn read(mut data: Vec<u8>, code_bits: u8, pixels: usize) -> Option<Self> {
        let clear = 1_usize << Some(code_bits).filter(|bits| (1..=8).contains(bits))?;
        let end = clear + 1;
        let mut used = [false; 256];
        let mut lengths = vec![0_usize; 1 << MAX_BITS];
        let mut codes = Codes { data: &data, position: 0, bits: u32::from(code_bits) + 1 };
        let (mut next, mut previous, mut decoded) = (end + 1, None, 0_usize);
        loop {
            let code = codes.next()?;
            if code == clear {
                (next, previous, codes.bits) = (end + 1, None, u32::from(code_bits) + 1);
                continue;
            }
            if code == end {
                break;
            }
            let length = match (code, previous) {
                (code, _) if code < clear => {
                    *used.get_mut(code)? = true;
                    1
                }
                (code, Some(_)) if code < next => *lengths.get(code)?,
                (code, Some(previous)) if code == next => previous + 1,
                _ => return None,
            };
            // A code appends its first colour to the string before.
            if let (Some(previous), Some(place)) = (previous, lengths.get_mut(next)) {
                *place = previous + 1;
                next += 1;
                if next == 1 << codes.bits && codes.bits < MAX_BITS {
                    codes.bits += 1;
                }
            }
            decoded = decoded.checked_add(length).filter(|decoded| *decoded <= pixels)?;
            previous = Some(length);
        }
        let (bytes, bits) = (codes.position.div_ceil(8), codes.position % 8);
        data.truncate(bytes);
        if let Some(last) = data.last_mut().filter(|_| bits > 0) {
            *last &= u8::MAX >> (8 - bits);
        }
        (decoded == pixels).then_some(Self { data, used })
    }
}

/// Reads codes, whose lowest bit comes first.
struct Codes<'a> {
    data: &'a [u8],
    /// Index of the next bit.
    position: usize,
    /// Number of bits of the next code.
    bits: u32,
}

impl Codes<'_> {
    fn next(&mut self) -> Option<usize> {
        let start = self.position / 8;
        let bytes = [0, 1, 2].map(|place| u32::from(self.data.get(start + place).copied().unwrap_or(0)));
        let [low, middle, high] = bytes;
        let shift = (self.position % 8) as u32;
        self.position += self.bits as usize;
        if self.position > 8 * self.data.len() {
            return None;
        }
        Some(((low | middle << 8 | high << 16) >> shift & ((1 << self.bits) - 1)) as usize)
    }
}
