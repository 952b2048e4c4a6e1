//! Rewrites a PNG: header, used colours of the palette, transparency and pixels.

use std::io::Cursor;

use flate2::{Decompress, FlushDecompress, Status};
use png::{BitDepth, ColorType, Decoder, Transformations};

use super::colors::only_used;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The chunks of a still that are needed to show it.
#[derive(Default)]
struct Chunks<'a> {
    header: &'a [u8],
    palette: Option<&'a [u8]>,
    transparency: Option<&'a [u8]>,
    data: Vec<u8>,
}

/// The picture in a new file. `None` if a chunk is damaged or missing, or if the data has more than the pixels.
pub(super) fn rewrite(bytes: &[u8]) -> Option<Vec<u8>> {
    let Chunks { header, palette, transparency, data } = Chunks::read(bytes)?;
    let pixels = Pixels::decode(bytes)?;
    if !is_exactly(&data, pixels.filtered_bytes) || !pixels.is_padding_clear() {
        return None;
    }
    let (mut palette, mut transparency) = (palette.map(<[u8]>::to_vec), transparency.map(<[u8]>::to_vec));
    if pixels.color == ColorType::Indexed {
        let used = pixels.used();
        let last = used.iter().rposition(|is_used| *is_used)?;
        palette = palette.map(|mut colors| {
            colors.truncate(3 * (last + 1));
            only_used::<3>(&colors, &used)
        });
        transparency = transparency.map(|mut alphas| {
            alphas.truncate(last + 1);
            only_used::<1>(&alphas, &used)
        });
    } else {
        // In pictures without palette indices, a palette is only a suggestion.
        palette = None;
        let samples = if pixels.color == ColorType::Rgb { 3 } else { 1 };
        transparency = transparency.filter(|color| color.len() == 2 * samples);
    }
    let mut file = SIGNATURE.to_vec();
    push(&mut file, *b"IHDR", header)?;
    for (name, content) in [(*b"PLTE", palette), (*b"tRNS", transparency)] {
        if let Some(content) = content {
            push(&mut file, name, &content)?;
        }
    }
    push(&mut file, *b"IDAT", &data)?;
    push(&mut file, *b"IEND", &[])?;
    Some(file)
}

impl<'a> Chunks<'a> {
    /// Reads the chunks up to the end, and checks each checksum. `None` if one is damaged, unknown but needed, or
    /// missing.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut chunks = Self::default();
        let mut rest = bytes.strip_prefix(SIGNATURE)?;
        loop {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let length = (u32::from_be_bytes(*length) as usize).checked_add(4)?;
            let (chunk, after) = after.split_at_checked(length)?;
            let (sum, after) = after.split_first_chunk::<4>()?;
            if crc32fast::hash(chunk) != u32::from_be_bytes(*sum) {
                return None;
            }
            rest = after;
            let (name, content) = chunk.split_first_chunk::<4>()?;
            match name {
                b"IHDR" => chunks.header = content,
                b"PLTE" => chunks.palette = Some(content),
                b"tRNS" => chunks.transparency = Some(content),
                b"IDAT" => chunks.data.extend_from_slice(content),
                b"IEND" => return Some(chunks),
                // The first letter is in lower case if the picture can be shown without the chunk.
                [b'a'..=b'z', ..] => {}
                _ => return None,
            }
        }
    }
}

/// The pixels as they are stored, without their filters.
struct Pixels {
    samples: Vec<u8>,
    width: usize,
    row_bytes: usize,
    bits: usize,
    color: ColorType,
    is_interlaced: bool,
    /// Number of bytes of the data when it is decompressed.
    filtered_bytes: usize,
}

impl Pixels {
    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut decoder = Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(Transformations::IDENTITY);
        decoder.set_ignore_text_chunk(true);
        let mut reader = decoder.read_info().ok()?;
        let mut samples = vec![0; reader.output_buffer_size()?];
        reader.next_frame(&mut samples).ok()?;
        let info = reader.info();
        let (width, height) = (info.width as usize, info.height as usize);
        let bits = info.bits_per_pixel();
        Some(Self {
            samples,
            width,
            row_bytes: (width * bits).div_ceil(8),
            bits,
            color: info.color_type,
            is_interlaced: info.interlaced,
            filtered_bytes: filtered_bytes(width, height, bits, info.interlaced),
        })
        .filter(|pixels| info.bit_depth != BitDepth::Sixteen || pixels.color != ColorType::Indexed)
    }

    /// `true` if the bits after each row's last pixel are 0. In an interlaced picture these bits can't be checked, so
    /// it is `true` only if there are none.
    fn is_padding_clear(&self) -> bool {
        if self.is_interlaced {
            return self.bits >= 8;
        }
        let padding = self.row_bytes * 8 - self.width * self.bits;
        let mask = (1_u8 << padding) - 1;
        self.samples.chunks_exact(self.row_bytes.max(1)).filter_map(<[u8]>::last).all(|byte| byte & mask == 0)
    }

    /// The colours of the palette that are in the picture.
    fn used(&self) -> [bool; 256] {
        let mut used = [false; 256];
        let (in_a_byte, mask) = (8 / self.bits.clamp(1, 8), u8::MAX >> (8 - self.bits.clamp(1, 8)));
        for row in self.samples.chunks_exact(self.row_bytes.max(1)) {
            for at in 0..self.width {
                let place = in_a_byte - 1 - at % in_a_byte;
                let index = row.get(at / in_a_byte).map_or(0, |byte| byte >> (place * self.bits) & mask);
                if let Some(is_used) = used.get_mut(usize::from(index)) {
                    *is_used = true;
                }
            }
        }
        used
    }
}

/// Number of bytes of all rows with their filters.
fn filtered_bytes(width: usize, height: usize, bits: usize, is_interlaced: bool) -> usize {
    /// First column, first row, and the distances to the next ones, of each pass (PNG third edition, section 8.2).
    const PASSES: [[usize; 4]; 7] =
        [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];
    let bytes = |width: usize, height: usize| {
        if width == 0 { 0 } else { height * (1 + (width * bits).div_ceil(8)) }
    };
    if !is_interlaced {
        return bytes(width, height);
    }
    let pass = |[left, top, across, down]: &[usize; 4]| {
        bytes(width.saturating_sub(*left).div_ceil(*across), height.saturating_sub(*top).div_ceil(*down))
    };
    PASSES.iter().map(pass).sum()
}

/// `true` if the compressed data expands to exactly `len` bytes, and nothing follows it.
fn is_exactly(data: &[u8], len: usize) -> bool {
    let mut inflated = vec![0; len + 1];
    let mut decompressor = Decompress::new(true);
    let status = decompressor.decompress(data, &mut inflated, FlushDecompress::Finish);
    matches!(status, Ok(Status::StreamEnd))
        && (decompressor.total_in(), decompressor.total_out()) == (data.len() as u64, len as u64)
}

/// Appends a chunk.
fn push(file: &mut Vec<u8>, name: [u8; 4], content: &[u8]) -> Option<()> {
    file.extend(u32::try_from(content.len()).ok()?.to_be_bytes());
    let start = file.len();
    file.extend(name);
    file.extend_from_slice(content);
    let sum = crc32fast::hash(file.get(start..)?);
    file.extend(sum.to_be_bytes());
    Some(())
}
