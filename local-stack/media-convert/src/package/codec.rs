//! Codec names for manifests (RFC 6381; for HEVC ISO/IEC 14496-15, annex E.3).

use std::fmt::Write as _;

use super::boxes::{find, number};

/// The codec name of a track, from its initialisation segment.
pub(super) fn name(init: &[u8]) -> Option<String> {
    let entries = find(init, &[b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"])?.get(8..)?;
    // The boxes of a video sample entry follow 78 bytes of fields.
    if let Some(entry) = find(entries, &[b"avc1"]) {
        let configuration = find(entry.get(78..)?, &[b"avcC"])?;
        return Some(format!("avc1.{:06X}", number(configuration, 1, 3)?));
    }
    if let Some(entry) = find(entries, &[b"hvc1"]) {
        return hevc(find(entry.get(78..)?, &[b"hvcC"])?);
    }
    // The plan uses ffmpeg's AAC encoder, which produces AAC-LC: audio object type 2.
    find(entries, &[b"mp4a"]).map(|_| "mp4a.40.2".to_owned())
}

fn hevc(configuration: &[u8]) -> Option<String> {
    let profile = number(configuration, 1, 1)?;
    let space = ["", "A", "B", "C"].get((profile >> 6) as usize)?;
    let tier = if profile & 0x20 == 0 { 'L' } else { 'H' };
    let compatible = (number(configuration, 2, 4)? as u32).reverse_bits();
    let constraints = configuration.get(6..12)?;
    let last = constraints.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let level = number(configuration, 12, 1)?;
    let mut name = format!("hvc1.{space}{}.{compatible:X}.{tier}{level}", profile & 0x1f);
    for byte in constraints.iter().take(last) {
        let _ = write!(name, ".{byte:X}");
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hevc_configuration_gets_the_name_that_players_expect() {
        // Main profile, main tier, level 3.1, progressive and frame-only, in the annex's notation.
        let configuration = [1, 0x01, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93];
        assert_eq!(hevc(&configuration).as_deref(), Some("hvc1.1.6.L93.90"));
        let high_tier_main_10 = [1, 0x22, 0x20, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 153];
        assert_eq!(hevc(&high_tier_main_10).as_deref(), Some("hvc1.2.4.H153.B0"));
        assert_eq!(hevc(&configuration[..12]), None);
        assert_eq!(name(b""), None);
    }
}
