//! The partitions of a lossy WebP's data (RFC 6386, sections 7 and 9).

/// Bytes before the first partition: the frame's tag, the start code and the size.
const HEADER_BYTES: usize = 10;

/// The first partition, which has the modes of all blocks. A single other partition follows it, up to the end of the
/// data.
pub(super) struct FirstPartition {
    length: usize,
}

/// The first partition of the data. `None` if there are several others, or if the data is damaged.
pub(super) fn first_partition(data: &[u8]) -> Option<FirstPartition> {
    let [a, b, c, ..] = *data.first_chunk::<HEADER_BYTES>()?;
    let length = (u32::from_le_bytes([a, b, c, 0]) >> 5) as usize;
    let partition = data.get(HEADER_BYTES..HEADER_BYTES.checked_add(length)?)?;
    let has_one_other = other_partitions(partition)? == 1;
    has_one_other.then_some(FirstPartition { length })
}

impl FirstPartition {
    /// The data with a partition that is `bytes` shorter. `None` if it isn't longer than that.
    pub(super) fn shortened(&self, data: &[u8], bytes: usize) -> Option<Vec<u8>> {
        let length = self.length.checked_sub(bytes)?;
        let (head, rest) = data.split_at_checked(HEADER_BYTES)?;
        let [a, b, c, sizes @ ..] = *head.first_chunk::<HEADER_BYTES>()?;
        let flags = u32::from_le_bytes([a, b, c, 0]) & 0x1f;
        let [a, b, c, _] = ((length as u32) << 5 | flags).to_le_bytes();
        Some([&[a, b, c][..], &sizes, rest.get(..length)?, rest.get(self.length..)?].concat())
    }
}

/// Number of partitions after the first, by the frame header in it (section 19.2).
fn other_partitions(partition: &[u8]) -> Option<u32> {
    let mut bits = Bits::new(partition);
    // Skips colour space and clamping.
    bits.take(2)?;
    if bits.flag()? {
        let (has_map, has_data) = (bits.flag()?, bits.flag()?);
        if has_data {
            bits.take(1)?;
            bits.skip_optional(4, 8)?;
            bits.skip_optional(4, 7)?;
        }
        if has_map {
            bits.skip_optional(3, 8)?;
        }
    }
    // The type, strength and sharpness of the filter.
    bits.take(1 + 6 + 3)?;
    if bits.flag()? && bits.flag()? {
        bits.skip_optional(8, 7)?;
    }
    Some(1 << bits.take(2)?)
}

/// Reads bits that are coded with even odds (section 7.3).
struct Bits<'a> {
    rest: &'a [u8],
    value: u32,
    range: u32,
    /// Number of shifts since a byte was read.
    shifts: u32,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let (first, rest) = bytes.split_first_chunk::<2>().unwrap_or((&[0; 2], &[]));
        Self { rest, value: u16::from_be_bytes(*first).into(), range: 255, shifts: 0 }
    }

    fn flag(&mut self) -> Option<bool> {
        let split = 1 + (((self.range - 1) * 128) >> 8);
        let is_set = self.value >= split << 8;
        if is_set {
            self.range -= split;
            self.value -= split << 8;
        } else {
            self.range = split;
        }
        while self.range < 128 {
            self.value <<= 1;
            self.range <<= 1;
            self.shifts += 1;
            if self.shifts == 8 {
                self.shifts = 0;
                let (byte, rest) = self.rest.split_first()?;
                self.value |= u32::from(*byte);
                self.rest = rest;
            }
        }
        Some(is_set)
    }

    fn take(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0, |number, _| Some(number << 1 | u32::from(self.flag()?)))
    }

    /// Skips `count` numbers of `bits` bits, each after a flag that says whether it is there.
    fn skip_optional(&mut self, count: u32, bits: u32) -> Option<()> {
        for _ in 0..count {
            if self.flag()? {
                self.take(bits)?;
            }
        }
        Some(())
    }
}
