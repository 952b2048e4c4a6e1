//! Recognises containers for video and sound by the first bytes of a file. Names and declared types are not trusted.

/// Bytes at the beginning of a file that [`looks_like_media`] needs.
pub const FIRST_BYTES: usize = 1024;

/// Brands of ISO base media files with still pictures and their bursts: HEIF, AVIF, Canon raw. See the registration
/// authority's list at <https://mp4ra.org/registered-types/brands>.
const BRANDS_OF_PICTURES: [&[u8]; 14] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1",
    b"avif", b"avis", b"crx ",
];

/// The first bytes of every EBML document (RFC 8794, section 11.2.1).
const EBML_MAGIC: [u8; 4] = [0x1a, 0x45, 0xdf, 0xa3];

/// Bytes of an EBML document that are searched for its type. Writers put it into the first forty.
const EBML_HEADER_BYTES: usize = 64;

/// The first boxes of QuickTime files that have no brand because they are older than brands.
const OLD_QUICKTIME: [&[u8]; 5] = [b"moov", b"mdat", b"wide", b"free", b"skip"];

/// An MPEG transport stream has a sync byte at the start of each packet (ISO/IEC 13818-1, section 2.4.3.2). Packets of
/// cameras and disks begin with a timestamp of four bytes, those of broadcasts end with 16 bytes of error correction.
const TS_PACKET_BYTES: [usize; 3] = [188, 192, 204];
const TS_SYNC: u8 = 0x47;
const TS_PACKETS: usize = 4;

/// `true` if a file begins like a container for video or sound: MP4 or QuickTime, WebM or Matroska, AVI, an MPEG program,
/// transport or elementary stream, Ogg, FLV, DV, ASF, MXF, MP3, AAC, FLAC, WAV. `first_bytes` are the first [`FIRST_BYTES`] of the file, or all of a shorter one. Only
/// a probe finds out which tracks the container has.
pub fn looks_like_media(first_bytes: &[u8]) -> bool {
    is_iso_media(first_bytes)
        || is_matroska(first_bytes)
        || is_riff(first_bytes)
        || is_transport_stream(first_bytes)
        || is_dv(first_bytes)
        || is_audio_frame(first_bytes)
        || OTHER_CONTAINERS.iter().any(|magic| first_bytes.starts_with(magic))
}

/// The pack header of an MPEG program stream (ISO/IEC 13818-1, section 2.5.3.3), the sequence headers of elementary streams
/// of MPEG-1 and 2 and of MPEG-4 Visual, FLV's header, the GUID of an ASF header, the first bytes of MXF's partition
/// pack (SMPTE ST 377-1), Ogg's pages (RFC 3533, section 6), FLAC's marker (RFC 9639, section 6), and the tags before an MP3.
const OTHER_CONTAINERS: [&[u8]; 9] = [
    b"OggS",
    b"fLaC",
    b"ID3",
    b"\0\0\x01\xba",
    b"\0\0\x01\xb3",
    b"\0\0\x01\xb0",
    b"FLV\x01",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c",
    b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02",
];

/// ISO/IEC 14496-12, section 4.3: four bytes with the size of the box, `ftyp`, the major brand.
fn is_iso_media(bytes: &[u8]) -> bool {
    match (bytes.get(4..8), bytes.get(8..12)) {
        (Some(b"ftyp"), Some(brand)) => !BRANDS_OF_PICTURES.contains(&brand),
        // A text file may have the name of a box in the same place. Its first byte is a letter then, and no real box
        // is so large that the first byte of its size is a letter.
        (Some(name), _) => OLD_QUICKTIME.contains(&name) && bytes.first().is_some_and(|byte| *byte < b' '),
        _ => false,
    }
}

fn is_riff(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && matches!(bytes.get(8..12), Some(b"AVI " | b"WAVE"))
}

/// The header of a frame of MP3 (ISO/IEC 11172-3, section 2.4.1.3, layer III) or of AAC in ADTS (ISO/IEC 13818-7, section 6.2).
/// Both begin with twelve or eleven bits of ones.
fn is_audio_frame(bytes: &[u8]) -> bool {
    let &[0xff, second, third, ..] = bytes else { return false };
    let is_adts = second & 0xf6 == 0xf0;
    let has_version = second & 0x18 != 0x08;
    let has_rates = third >> 4 != 0xf && third & 0x0c != 0x0c;
    is_adts || second & 0xe6 == 0xe2 && has_version && has_rates
}

/// A recording may begin within a packet.
fn is_transport_stream(bytes: &[u8]) -> bool {
    TS_PACKET_BYTES.into_iter().any(|packet_bytes| {
        let is_sync = |at: usize| bytes.get(at) == Some(&TS_SYNC);
        (0..packet_bytes).any(|first| (0..TS_PACKETS).all(|packet| is_sync(first + packet * packet_bytes)))
    })
}

/// The header block of a DV frame (SMPTE ST 314): section type 0, sequence 0, block 0, the bit for 50 fields per second.
fn is_dv(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x07, 0x00]) && bytes.get(3).is_some_and(|byte| byte & 0x7f == 0x3f)
}

fn is_matroska(bytes: &[u8]) -> bool {
    let header = bytes.get(..EBML_HEADER_BYTES).unwrap_or(bytes);
    let has =
        |document_type: &[u8]| header.windows(document_type.len()).any(|window| window == document_type);
    bytes.starts_with(&EBML_MAGIC) && (has(b"webm") || has(b"matroska"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_for_video_or_sound_is_recognised_by_its_first_bytes() {
        let check = |bytes: &[u8], expected| assert_eq!(looks_like_media(bytes), expected, "{bytes:?}");
        check(b"\0\0\0\x20ftypisom\0\0\x02\0", true);
        check(b"\0\0\0\x20ftypmp42\0\0\0\0", true);
        check(b"\0\0\0\x14ftypqt  \0\0\x02\0", true);
        check(b"\0\0\0\x1cftypM4V \0\0\x02\0", true);
        check(b"\0\0\0\x1cftypM4A \0\0\x02\0", true);
        check(b"\0\0\0\x18ftypheic\0\0\0\0", false);
        check(b"\0\0\0\x18ftypavif\0\0\0\0", false);
        check(b"\0\0\0\x20ftypis", false);
        check(b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", true);
        check(b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", true);
        check(b"\x1a\x45\xdf\xa3\x93\x42\x82\x85other", false);
        check(b"webm", false);
        check(b"\0\0\0\x08wide\0\0\0\0mdat", true);
        check(b"\0\0\x10\0moov\0\0", true);
        check(b"any moov in a text", false);
        check(b"RIFF\0\0\0\0AVI LIST", true);
        check(b"RIFF\0\0\0\0WEBPVP8 ", false);
        check(b"\0\0\x01\xba\x44\0", true);
        check(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c\0", true);
        for packet_bytes in TS_PACKET_BYTES {
            let packet = [TS_SYNC].into_iter().chain(vec![0; packet_bytes - 1]).cycle();
            let packets: Vec<u8> = packet.take(FIRST_BYTES).collect();
            check(&packets, true);
            check(&packets[packet_bytes - 4..], true);
            check(&packets[1..], true);
            check(&packets[..200], false);
        }
        check(&[TS_SYNC; 300], false);
        check(b"\0\0\x01\xb3\x14\0\xf0", true);
        check(b"\0\0\x01\xb0\x01", true);
        check(b"FLV\x01\x05\0\0\0\x09", true);
        check(b"\x1f\x07\0\xbf", true);
        check(b"\x1f\x07\0\x3f", true);
        check(b"\x1f\x8b\x08\0", false);
        check(b"OggS\0\x02\0\0\x01\x2a\x80theora\x03", true);
        check(b"OggS\0\x02\0\0\x01\x1e\x01vorbis", true);
        check(b"ID3\x04\0\0\0\0\0\0", true);
        check(b"\xff\xfb\x90\x64", true);
        check(b"\xff\xf3\x40\xc0", true);
        check(b"\xff\xf1\x50\x80", true);
        check(b"\xff\xfb\xf0\x64", false);
        check(b"\xff\xfea\0b\0", false);
        check(b"fLaC\0\0\0\x22", true);
        check(b"RIFF\0\0\0\0WAVEfmt ", true);
        check(b"not a video\n", false);
        check(b"\xff\xd8\xff\xe0\0\x10JFIF\0", false);
        check(b"", false);
    }
}
