//! Reads the header of a GIF from its blocks.

use super::gif_blocks;
use super::info::{Animation, Depth, SourceFormat, SourceInfo, size};
use crate::error::Error;
use crate::pixels::Channels;
use crate::pixels::orientation::Orientation;

/// Reads its blocks, and decodes none of its pictures.
pub(super) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let damaged = || Error::Damaged("the GIF has no frames".to_owned());
    let blocks = gif_blocks::read(bytes).filter(|blocks| blocks.frames > 0).ok_or_else(damaged)?;
    Ok(SourceInfo {
        format: SourceFormat::Gif,
        size: size(blocks.width, blocks.height)?,
        animation: Some(Animation { frames: blocks.frames, plays: blocks.plays }),
        orientation: Orientation::UPRIGHT,
        channels: if blocks.has_alpha { Channels::Rgba } else { Channels::Rgb },
        depth: Depth::Eight,
        profile: None,
        has_metadata: blocks.has_metadata,
        is_lossless: true,
    })
}
