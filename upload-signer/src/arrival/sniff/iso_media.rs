//! Files of ISO/IEC 14496-12 and of its predecessor QuickTime: boxes with a size, a name and a content. The first box
//! lists the brands. They are registered at <https://mp4ra.org/registered-types/brands>.

/// Maximum number of examined brands. Writers list at most a dozen.
const MAX_BRANDS: usize = 32;

/// The possible first boxes of QuickTime files that are older than brands.
const OLD_QUICKTIME: [&[u8]; 6] = [b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];

/// The type of a file of boxes.
pub(super) fn sniff(first: &[u8]) -> Option<&'static str> {
    let (size, name) = (first.get(..4)?, first.get(4..8)?);
    // A text may contain the name of a box at its fifth byte. The letters before it would be the size of the box, which
    // is larger than any real one.
    if size.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')) {
        return None;
    }
    if name != b"ftyp" {
        return OLD_QUICKTIME.contains(&name).then_some("video/quicktime");
    }
    let end = usize::try_from(u32::from_be_bytes(size.try_into().ok()?)).ok()?;
    let brands = first.get(8..end.min(first.len()))?;
    let major = brands.get(..4)?;
    // After the major brand comes its version, then the compatible brands.
    let compatible = || brands.get(8..).unwrap_or_default().chunks_exact(4).take(MAX_BRANDS);
    match major {
        b"mif1" | b"mif2" | b"msf1" | b"miaf" => compatible().find_map(still).or(Some("image/heif")),
        b"qt  " => Some("video/quicktime"),
        b"M4A " | b"M4B " | b"M4P " | b"F4A " | b"F4B " => Some("audio/mp4"),
        // Canon's raw pictures and the JPEG 2000 family are not videos.
        b"crx " | b"jp2 " | b"jpx " | b"jpm " | b"mjp2" => None,
        _ => still(major).or(Some("video/mp4")),
    }
}

/// The type of a brand for pictures and image sequences.
fn still(brand: &[u8]) -> Option<&'static str> {
    match brand {
        b"avif" | b"avis" => Some("image/avif"),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => Some("image/heic"),
        _ => None,
    }
}
