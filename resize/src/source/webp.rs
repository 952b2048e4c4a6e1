//! Reads the chunks before the pixels of a WebP.

use std::num::NonZeroU16;

use super::info::{Animation, Depth, SourceFormat, SourceInfo, orientation, size};
use super::riff;
use crate::error::Error;
use crate::pixels::Channels;

/// Flags of the extended header (WebP Container Specification, section "Extended File Format").
const PROFILE_FLAG: u8 = 0x20;
const EXIF_FLAG: u8 = 0x08;

/// Reads the header of a still or an animation.
pub(super) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let header = codecs::webp::read_header(bytes)?;
    let animation = if header.is_animated { Some(animation(bytes)?) } else { None };
    // Viewers ignore a profile or EXIF that the header's flags don't announce.
    let flags = riff::chunk(bytes, *b"VP8X").and_then(<[u8]>::first).copied().unwrap_or_default();
    let announced = |flag: u8, name: [u8; 4]| riff::chunk(bytes, name).filter(|_| flags & flag != 0);
    let (exif, profile) = (announced(EXIF_FLAG, *b"EXIF"), announced(PROFILE_FLAG, *b"ICCP"));
    let has_metadata = [*b"EXIF", *b"ICCP", *b"XMP "].iter().any(|name| riff::chunk(bytes, *name).is_some());
    Ok(SourceInfo {
        format: SourceFormat::Webp(header),
        size: size(header.width, header.height)?,
        animation,
        orientation: orientation(exif),
        channels: if header.has_alpha { Channels::Rgba } else { Channels::Rgb },
        depth: Depth::Eight,
        profile: profile.map(<[u8]>::to_vec),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::orientation::Orientation;

    #[test]
    fn a_profile_and_exif_count_if_the_header_announces_them() {
        let samples = [90; 12];
        let view = codecs::View { samples: &samples, width: 2, height: 2 };
        let picture = codecs::webp::encode(view, codecs::webp::Layout::Rgb, 50).unwrap();
        let chunk = |name: &[u8], content: &[u8]| {
            [name, &(content.len() as u32).to_le_bytes(), content, &[0][..content.len() % 2]].concat()
        };
        // One entry: an orientation of 6.
        let exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
        let file = |flags: u8| {
            let header = [flags, 0, 0, 0, 1, 0, 0, 1, 0, 0];
            let chunks = [
                chunk(b"VP8X", &header),
                chunk(b"ICCP", &profile),
                picture[12..].to_vec(),
                chunk(b"EXIF", exif),
            ];
            let chunks = chunks.concat();
            [b"RIFF", &(chunks.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &chunks].concat()
        };
        let check = |flags: u8, has_profile: bool, is_turned: bool| {
            let info = probe(&file(flags)).unwrap();
            assert_eq!(info.profile.is_some(), has_profile, "{flags:x}");
            assert_eq!(info.orientation != Orientation::UPRIGHT, is_turned, "{flags:x}");
            assert!(info.has_metadata);
        };
        check(0, false, false);
        check(PROFILE_FLAG, true, false);
        check(EXIF_FLAG, false, true);
        check(PROFILE_FLAG | EXIF_FLAG, true, true);
    }
}
