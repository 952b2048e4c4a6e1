//! The rows of pixels that a Windows bitmap has. The decoder doesn't say how many it found in a file that is cut.

use std::ops::Range;

/// The bytes before the bitmap's header in a BMP file.
const FILE_HEADER_BYTES: usize = 14;

/// A bitmap of a BMP file or of an icon.
pub(crate) struct Bitmap<'a> {
    /// The bytes from the first row on.
    data: &'a [u8],
    /// The bytes before the first row, from the bitmap's header on.
    start: usize,
    width: usize,
    height: usize,
    is_top_down: bool,
    bits: usize,
    coding: Coding,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    /// Rows of equal length.
    Plain,
    /// Runs of pixels: RLE4 and RLE8.
    Runs,
}

impl<'a> Bitmap<'a> {
    /// The bitmap of a BMP file. `None` if its header is damaged.
    pub(crate) fn of_file(file: &'a [u8]) -> Option<Self> {
        let start = u32_at(file, 10)? as usize;
        let bitmap = Self::read(file.get(FILE_HEADER_BYTES..)?)?;
        Some(Self { data: file.get(start..).unwrap_or_default(), ..bitmap })
    }

    /// The bitmap of an icon, whose rows are followed by those of a mask. `None` if its header is damaged, or if it is
    /// compressed.
    pub(crate) fn of_icon(content: &'a [u8]) -> Option<Self> {
        let bitmap = Self::read(content)?;
        // The height counts the rows of the mask, too.
        let bitmap = Self { height: bitmap.height / 2, ..bitmap };
        (bitmap.coding == Coding::Plain).then_some(bitmap)
    }

    /// Reads a header and assumes that the first row follows the palette.
    fn read(header: &'a [u8]) -> Option<Self> {
        const CORE_HEADER_BYTES: usize = 12;
        const V2_AND_V3_HEADER_BYTES: [usize; 2] = [52, 56];
        const RLE: [u32; 2] = [1, 2];
        const BIT_FIELDS: u32 = 3;
        let length = u32_at(header, 0)? as usize;
        if length == CORE_HEADER_BYTES {
            let [width, height, bits] = [u16_at(header, 4)?, u16_at(header, 6)?, u16_at(header, 10)?];
            let start = length + if bits <= 8 { 3 << bits } else { 0 };
            let data = header.get(start..).unwrap_or_default();
            let coding = Coding::Plain;
            return Some(Self { data, start, width, height, is_top_down: false, bits, coding });
        }
        let height = u32_at(header, 8)?.cast_signed();
        let (bits, compression) = (u16_at(header, 14)?, u32_at(header, 16)?);
        let masks =
            if compression == BIT_FIELDS && !V2_AND_V3_HEADER_BYTES.contains(&length) { 12 } else { 0 };
        let colors = match u32_at(header, 32)? as usize {
            _ if bits > 8 => 0,
            0 => 1 << bits,
            colors => colors,
        };
        let start = length.saturating_add(masks).saturating_add(colors.saturating_mul(4));
        Some(Self {
            data: header.get(start..).unwrap_or_default(),
            start,
            width: u32_at(header, 4)? as usize,
            height: height.unsigned_abs() as usize,
            is_top_down: height < 0,
            bits,
            coding: if RLE.contains(&compression) { Coding::Runs } else { Coding::Plain },
        })
    }

    /// The number of rows that are there in full.
    pub(crate) fn rows(&self) -> usize {
        match self.coding {
            Coding::Plain => self.data.len().checked_div(self.row_bytes()).unwrap_or(0).min(self.height),
            Coding::Runs => rows_of_runs(self.data, self.bits == 4, self.height),
        }
    }

    /// `true` if the file has every row.
    pub(crate) fn is_complete(&self) -> bool {
        self.rows() == self.height
    }

    /// The rows of the picture that are missing, from the top.
    pub(crate) fn missing_rows(&self) -> Range<usize> {
        let rows = self.rows();
        if self.is_top_down { rows..self.height } else { 0..self.height - rows }
    }

    /// `true` if an icon has every row, and every row of its mask or none.
    pub(crate) fn is_complete_icon(&self) -> bool {
        let colors = self.row_bytes().saturating_mul(self.height);
        self.data.len() == colors || self.data.len() >= colors.saturating_add(self.mask_bytes())
    }

    /// The length of an icon from its header to the last row of its mask.
    pub(crate) fn icon_bytes(&self) -> usize {
        let colors = self.row_bytes().saturating_mul(self.height);
        self.start.saturating_add(colors).saturating_add(self.mask_bytes())
    }

    fn mask_bytes(&self) -> usize {
        (self.width.div_ceil(32) * 4).saturating_mul(self.height)
    }

    /// Rows are padded to whole words of 32 bits.
    fn row_bytes(&self) -> usize {
        self.width.saturating_mul(self.bits).div_ceil(32) * 4
    }
}

/// The number of rows that runs describe to their end. All rows after the mark of the end are empty.
fn rows_of_runs(mut data: &[u8], is_four_bits: bool, height: usize) -> usize {
    let mut rows = 0;
    while rows < height {
        let Some(([count, value], rest)) = data.split_first_chunk() else { return rows };
        data = rest;
        match (*count, *value) {
            (0, 0) => rows += 1,
            (0, 1) => return height,
            (0, 2) => {
                let Some(([_, down], rest)) = data.split_first_chunk() else { return rows };
                data = rest;
                rows += usize::from(*down);
            }
            (0, pixels) => {
                let pixels = usize::from(pixels);
                let bytes = if is_four_bits { pixels.div_ceil(2) } else { pixels };
                data = data.get(bytes.next_multiple_of(2)..).unwrap_or_default();
            }
            _ => {}
        }
    }
    height
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
