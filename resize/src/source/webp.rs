//! Reads the chunks before the pixels of a WebP.

use std::num::NonZeroU16;

use super::info::{Animation, Depth, SourceFormat, SourceInfo, orientation, size};
use super::riff;
use crate::error::Error;
use crate::pixels::Channels;

/// Reads the header of a still or an animation.
pub(super) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let header = codecs::webp::read_header(bytes)?;
    let animation = if header.is_animated { Some(animation(bytes)?) } else { None };
    let exif = riff::chunk(bytes, *b"EXIF");
    let profile = riff::chunk(bytes, *b"ICCP").map(<[u8]>::to_vec);
    let has_metadata = exif.is_some() || profile.is_some() || riff::chunk(bytes, *b"XMP ").is_some();
    Ok(SourceInfo {
        format: SourceFormat::Webp(header),
        size: size(header.width, header.height)?,
        animation,
        orientation: orientation(exif),
        channels: if header.has_alpha { Channels::Rgba } else { Channels::Rgb },
        depth: Depth::Eight,
        profile,
        has_metadata,
        is_lossless: header.is_lossless,
    })
}

/// The facts in the animation chunks of an animated WebP.
fn animation(bytes: &[u8]) -> Result<Animation, Error> {
    let frames = riff::chunks(bytes).filter(|(name, _)| name == b"ANMF").count();
    let plays = match riff::chunk(bytes, *b"ANIM") {
        Some([_, _, _, _, low, high, ..]) => NonZeroU16::new(u16::from_le_bytes([*low, *high])),
        _ => None,
    };
    match u32::try_from(frames) {
        Ok(frames @ 1..) => Ok(Animation { frames, plays }),
        _ => Err(Error::Damaged("the animation has no frames".to_owned())),
    }
}
