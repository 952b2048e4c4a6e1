//! The headers of AV1 pictures (AV1 Bitstream & Decoding Process Specification, section 5.5).

use super::bits::Bits;
use super::color::Cicp;
use super::container::missing_part;
use super::picture::PictureHeader;
use crate::error::Error;

/// The most frames (layers) of one picture. Real files have one, rarely two; thousands are an attack.
const MAX_FRAMES: u32 = 8;

/// Reads the sequence header of a picture. Fails if the picture has a second, different one, which could declare a larger size
/// than the admitted one, or too many frames, which would take too long.
pub(super) fn read_header(data: &[u8]) -> Result<PictureHeader, Error> {
    const SEQUENCE_HEADER: u8 = 1;
    const FRAME_HEADER: u8 = 3;
    const FRAME: u8 = 6;
    let (mut found, mut frames, mut rest) = (None, 0, data);
    while !rest.is_empty() {
        let (kind, content, after) = first_obu(rest).ok_or_else(missing_part)?;
        rest = after;
        match kind {
            SEQUENCE_HEADER if found.is_some_and(|first: &[u8]| first != content) => {
                return Err(Error::Damaged("the picture changes its size".to_owned()));
            }
            SEQUENCE_HEADER => found = Some(content),
            FRAME_HEADER | FRAME => frames += 1,
            _ => {}
        }
    }
    if frames > MAX_FRAMES {
        return Err(Error::Unsupported("the picture has too many layers"));
    }
    found.and_then(parse).ok_or_else(missing_part)
}

/// The units of a picture without those of spatial layers above `highest`. A part that can't be read is left out.
pub(super) fn without_layers_above(highest: u8, data: &[u8]) -> Vec<u8> {
    let (mut kept, mut rest) = (Vec::new(), data);
    while let Some((_, _, after)) = first_obu(rest) {
        let (unit, _) = rest.split_at(rest.len() - after.len());
        if spatial_layer(unit) <= highest {
            kept.extend_from_slice(unit);
        }
        rest = after;
    }
    kept
}

/// The spatial layer of a unit (section 5.3.3): 0 to 3.
fn spatial_layer(unit: &[u8]) -> u8 {
    match unit {
        [header, extension, ..] if header & 4 != 0 => extension >> 3 & 3,
        _ => 0,
    }
}

/// The units of a picture of one frame that are needed to decode it. `None` if there are several frames, or if the data is
/// damaged.
pub(crate) fn picture_units(data: &[u8]) -> Option<Vec<u8>> {
    const SEQUENCE_HEADER: u8 = 1;
    const FRAME_HEADER: u8 = 3;
    const TILE_GROUP: u8 = 4;
    const FRAME: u8 = 6;
    let (mut units, mut frames, mut headers, mut rest) = (Vec::new(), 0, 0, data);
    while !rest.is_empty() {
        let (kind, content, after) = first_obu(rest)?;
        rest = after;
        match kind {
            SEQUENCE_HEADER => headers += 1,
            FRAME_HEADER | FRAME => frames += 1,
            TILE_GROUP => {}
            _ => continue,
        }
        units.push(kind << 3 | 2);
        let mut length = content.len();
        while length >= 0x80 {
            units.push(length as u8 | 0x80);
            length >>= 7;
        }
        units.push(length as u8);
        units.extend_from_slice(content);
    }
    (frames == 1 && headers == 1).then_some(units)
}

/// The first OBU (open bitstream unit, section 5.3): its type, its content, and the bytes after it.
fn first_obu(data: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (header, mut rest) = data.split_first()?;
    if *header == 0 {
        // Padding. libaom skips it, so another OBU may follow.
        return Some((0, &[], rest));
    }
    let (has_extension, has_size) = (header & 4 != 0, header & 2 != 0);
    if has_extension {
        rest = rest.get(1..)?;
    }
    if !has_size {
        return None;
    }
    let kind = header >> 3 & 0xf;
    let mut size = 0_u64;
    for digit in 0..8 {
        let (byte, after) = rest.split_first()?;
        rest = after;
        size |= u64::from(byte & 0x7f) << (7 * digit);
        if byte & 0x80 == 0 {
            let (content, rest) = rest.split_at_checked(usize::try_from(size).ok()?)?;
            return Some((kind, content, rest));
        }
    }
    None
}

fn parse(content: &[u8]) -> Option<PictureHeader> {
    let mut bits = Bits::new(content);
    let profile = bits.take(3)?;
    let _is_still = bits.flag()?;
    let is_reduced = bits.flag()?;
    if is_reduced {
        bits.take(5)?;
    } else {
        skip_operating_points(&mut bits)?;
    }
    let (width_bits, height_bits) = (bits.take(4)? + 1, bits.take(4)? + 1);
    let (width, height) = (bits.take(width_bits)? + 1, bits.take(height_bits)? + 1);
    if !is_reduced && bits.flag()? {
        bits.take(4 + 3)?;
    }
    // The flags of 128×128 superblocks, filter intra and intra edge filter.
    bits.take(3)?;
    if !is_reduced {
        skip_inter_tools(&mut bits)?;
    }
    // The flags of superres, CDEF and restoration.
    bits.take(3)?;

    let is_high = bits.flag()?;
    let depth = match (is_high, profile) {
        (false, _) => 8,
        (true, 2) if bits.flag()? => 12,
        (true, _) => 10,
    };
    let is_gray = profile != 1 && bits.flag()?;
    let mut code = [2; 3];
    if bits.flag()? {
        for number in &mut code {
            *number = bits.take(8)? as u16;
        }
    }
    let [primaries, transfer, matrix] = code;
    let is_rgb = !is_gray && code == [1, 13, 0];
    let is_full_range = is_rgb || bits.flag()?;
    let colors = Cicp { primaries, transfer, matrix, is_full_range };
    let allocated_pixels = u64::from(width) * u64::from(height);
    Some(PictureHeader { width, height, allocated_pixels, depth, colors })
}

fn skip_operating_points(bits: &mut Bits<'_>) -> Option<()> {
    let mut delay_bits = None;
    if bits.flag()? {
        // Timing info: two numbers, and a flag for equal intervals.
        bits.take(32)?;
        bits.take(32)?;
        if bits.flag()? {
            bits.skip_variable_length()?;
        }
        if bits.flag()? {
            delay_bits = Some(bits.take(5)? + 1);
            bits.take(32)?;
            bits.take(5 + 5)?;
        }
    }
    let has_delays = bits.flag()?;
    for _ in 0..=bits.take(5)? {
        bits.take(12)?;
        let level = bits.take(5)?;
        if level > 7 {
            bits.take(1)?;
        }
        if let Some(count) = delay_bits
            && bits.flag()?
        {
            bits.take(count)?;
            bits.take(count)?;
            bits.take(1)?;
        }
        if has_delays && bits.flag()? {
            bits.take(4)?;
        }
    }
    Some(())
}

fn skip_inter_tools(bits: &mut Bits<'_>) -> Option<()> {
    bits.take(4)?;
    let has_order_hint = bits.flag()?;
    if has_order_hint {
        bits.take(2)?;
    }
    let chooses_screen_tools = bits.flag()?;
    let may_use_screen_tools = chooses_screen_tools || bits.flag()?;
    if may_use_screen_tools && !bits.flag()? {
        bits.take(1)?;
    }
    if has_order_hint {
        bits.take(3)?;
    }
    Some(())
}
