//! The sequence parameter set (ITU-T H.265, section 7.3.2.2).

use super::super::bits::Bits;
use super::super::color::Cicp;
use super::super::container::missing_part;
use super::super::picture::PictureHeader;
use crate::error::Error;

/// Code points of a picture that doesn't declare its colours.
const UNSPECIFIED: Cicp = Cicp { primaries: 2, transfer: 2, matrix: 2, is_full_range: false };

/// The most bits per sample. The tables of the conversion to RGB are as long as the range of samples.
const MAX_DEPTH: u32 = 12;

/// Reads a sequence parameter set with its two bytes of header.
pub(super) fn read(unit: &[u8]) -> Result<PictureHeader, Error> {
    let payload = without_emulation_prevention(unit.get(2..).unwrap_or_default());
    let mut bits = Bits::new(&payload);
    let size = read_size(&mut bits).ok_or_else(missing_part)?;
    let Size { coded: (coded_width, coded_height), shown: (width, height), depths, .. } = size;
    if width == 0 || height == 0 {
        return Err(Error::Damaged("the picture has no pixels".to_owned()));
    }
    if depths.0 != depths.1 || !(8..=MAX_DEPTH).contains(&depths.0) {
        return Err(Error::Unsupported("pictures of this bit depth are not supported"));
    }
    let colors = read_colors(&mut bits, size.sub_layers).unwrap_or(UNSPECIFIED);
    let allocated_pixels = u64::from(coded_width) * u64::from(coded_height);
    Ok(PictureHeader { width, height, allocated_pixels, depth: depths.0 as u8, colors })
}

/// The payload without the bytes that prevent a start code (section 7.3.1.1).
fn without_emulation_prevention(payload: &[u8]) -> Vec<u8> {
    let mut zeros = 0;
    let is_kept = |byte: &u8| {
        let is_prevention = zeros >= 2 && *byte == 3;
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        !is_prevention
    };
    payload.iter().copied().filter(is_kept).collect()
}

struct Size {
    /// Width and height in blocks of the least size, in pixels.
    coded: (u32, u32),
    /// Width and height of the conformance window.
    shown: (u32, u32),
    /// Bits per sample of luma and chroma.
    depths: (u32, u32),
    /// The number of temporal sub-layers, less one.
    sub_layers: u32,
}

/// Reads up to the bit depths.
fn read_size(bits: &mut Bits<'_>) -> Option<Size> {
    bits.take(4)?;
    let sub_layers = bits.take(3)?;
    bits.take(1)?;
    skip_profiles(bits, sub_layers)?;
    let _id = bits.exponential()?;
    let chroma = bits.exponential()?;
    let has_separate_planes = chroma == 3 && bits.flag()?;
    let coded = (bits.exponential()?, bits.exponential()?);
    // Offsets count in samples of chroma.
    let unit = match chroma {
        1 => (2, 2),
        2 => (2, 1),
        0 | 3 if !has_separate_planes => (1, 1),
        _ => return None,
    };
    let mut shown = coded;
    if bits.flag()? {
        let mut inset = |unit: u32| bits.exponential()?.checked_mul(unit);
        let (left, right, top, bottom) = (inset(unit.0)?, inset(unit.0)?, inset(unit.1)?, inset(unit.1)?);
        shown =
            (coded.0.checked_sub(left)?.checked_sub(right)?, coded.1.checked_sub(top)?.checked_sub(bottom)?);
    }
    let depths = (bits.exponential()?.checked_add(8)?, bits.exponential()?.checked_add(8)?);
    // Without chroma its depth has no meaning.
    let depths = if chroma == 0 { (depths.0, depths.0) } else { depths };
    Some(Size { coded, shown, depths, sub_layers })
}

/// Skips the profile, tier and level (section 7.3.3).
fn skip_profiles(bits: &mut Bits<'_>, sub_layers: u32) -> Option<()> {
    const PROFILE: usize = 88;
    const LEVEL: usize = 8;
    bits.skip(PROFILE + LEVEL)?;
    let mut lengths = 0;
    for _ in 0..sub_layers {
        let (has_profile, has_level) = (bits.flag()?, bits.flag()?);
        lengths += if has_profile { PROFILE } else { 0 } + if has_level { LEVEL } else { 0 };
    }
    if sub_layers > 0 {
        bits.skip(2 * (8 - sub_layers as usize))?;
    }
    bits.skip(lengths)
}

/// Reads on from the bit depths to the colours in the video usability information (section E.2.1). `None` if there are none.
fn read_colors(bits: &mut Bits<'_>, sub_layers: u32) -> Option<Cicp> {
    const EXTENDED_ASPECT: u32 = 255;
    let order_bits = bits.exponential()?.checked_add(4)?;
    let orders = if bits.flag()? { sub_layers + 1 } else { 1 };
    for _ in 0..orders * 3 {
        bits.exponential()?;
    }
    // The sizes of blocks, and the depths of transform trees.
    for _ in 0..6 {
        bits.exponential()?;
    }
    if bits.flag()? && bits.flag()? {
        skip_scaling_lists(bits)?;
    }
    // The flags of asymmetric partitions and of sample-adaptive offset.
    bits.skip(2)?;
    let has_pcm = bits.flag()?;
    if has_pcm {
        bits.skip(4 + 4)?;
        bits.exponential()?;
        bits.exponential()?;
        bits.skip(1)?;
    }
    skip_reference_sets(bits)?;
    if bits.flag()? {
        let long_terms = bits.exponential()?;
        for _ in 0..long_terms {
            bits.take(order_bits)?;
            bits.skip(1)?;
        }
    }
    // The flags of temporal motion vectors and of strong intra smoothing.
    bits.skip(2)?;
    let has_usability = bits.flag()?;
    if !has_usability {
        return None;
    }
    if bits.flag()? && bits.take(8)? == EXTENDED_ASPECT {
        bits.skip(16 + 16)?;
    }
    let has_overscan = bits.flag()?;
    if has_overscan {
        bits.skip(1)?;
    }
    let has_signal_type = bits.flag()?;
    if !has_signal_type {
        return None;
    }
    let _format = bits.take(3)?;
    let mut colors = Cicp { is_full_range: bits.flag()?, ..UNSPECIFIED };
    if bits.flag()? {
        let mut code = || bits.take(8).map(|code| code as u16);
        (colors.primaries, colors.transfer, colors.matrix) = (code()?, code()?, code()?);
    }
    Some(colors)
}

/// Skips scaling lists (section 7.3.4).
fn skip_scaling_lists(bits: &mut Bits<'_>) -> Option<()> {
    for size in 0..4 {
        let lists = if size == 3 { 2 } else { 6 };
        for _ in 0..lists {
            let is_explicit = bits.flag()?;
            if !is_explicit {
                bits.exponential()?;
                continue;
            }
            // Differences between coefficients, and before them the first one of a larger list.
            let numbers = [16, 64, 64, 64].get(size)? + usize::from(size > 1);
            for _ in 0..numbers {
                bits.exponential()?;
            }
        }
    }
    Some(())
}

/// Skips sets of reference pictures (section 7.3.7).
fn skip_reference_sets(bits: &mut Bits<'_>) -> Option<()> {
    const MAX_SETS: u32 = 64;
    const MAX_PICTURES: u32 = 16;
    let sets = bits.exponential().filter(|sets| *sets <= MAX_SETS)?;
    let mut pictures = 0;
    for set in 0..sets {
        if set > 0 && bits.flag()? {
            // A difference from the set before.
            bits.skip(1)?;
            bits.exponential()?;
            let mut kept = 0;
            for _ in 0..=pictures {
                let is_used = bits.flag()?;
                if is_used || bits.flag()? {
                    kept += 1;
                }
            }
            pictures = kept;
        } else {
            pictures = bits.exponential()?.checked_add(bits.exponential()?)?;
            if pictures > MAX_PICTURES {
                return None;
            }
            for _ in 0..pictures {
                bits.exponential()?;
                bits.skip(1)?;
            }
        }
    }
    Some(())
}
