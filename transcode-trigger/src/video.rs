//! Which objects are videos to transcode.

use contract::key::Area;

/// The suffixes of files that are looked at, in lower case.
const SUFFIXES: [&str; 6] = ["mp4", "m4v", "mov", "webm", "mkv", "qt"];

/// Brands of ISO base media files that hold no video: still pictures and their bursts (HEIF, AVIF, Canon raw),
/// and audio. See the registration authority's list at <https://mp4ra.org/registered-types/brands>.
const BRANDS_WITHOUT_VIDEO: [&[u8]; 16] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1",
    b"avif", b"avis", b"crx ", b"M4A ", b"M4B ",
];

/// The first bytes of every EBML document (RFC 8794, section 11.2.1).
const EBML_MAGIC: [u8; 4] = [0x1a, 0x45, 0xdf, 0xa3];

/// How far into an EBML document its type is looked for, in bytes. Writers put it into the first forty.
const EBML_HEADER_BYTES: usize = 64;

/// What an object is, going by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// Named like a video.
    Video,
    /// Named like something else.
    Other,
    /// Written by a transcoding job. Never an input, or jobs would feed on their own output.
    Output,
}

impl Candidate {
    /// What the object with this key is.
    pub fn of(key: &str) -> Self {
        let mut segments = key.split('/');
        if segments.next() == Some(Area::Videos.segment()) {
            return Self::Output;
        }
        match segments.next_back().and_then(|name| name.rsplit_once('.')) {
            Some((_, suffix)) if SUFFIXES.contains(&suffix.to_ascii_lowercase().as_str()) => Self::Video,
            _ => Self::Other,
        }
    }
}

/// Whether a file's first bytes are those of a container for video: MP4 or QuickTime, WebM or Matroska. 64 bytes
/// are enough. What streams the file holds, only a probe can tell.
pub fn looks_like_video(first_bytes: &[u8]) -> bool {
    is_iso_media(first_bytes) || is_matroska(first_bytes)
}

/// ISO/IEC 14496-12, section 4.3: a box's size in four bytes, `ftyp`, the major brand.
fn is_iso_media(bytes: &[u8]) -> bool {
    match (bytes.get(4..8), bytes.get(8..12)) {
        (Some(b"ftyp"), Some(brand)) => !BRANDS_WITHOUT_VIDEO.contains(&brand),
        _ => false,
    }
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
    fn a_candidate_is_told_by_its_suffix_and_never_below_videos() {
        let check = |key: &str, expected| assert_eq!(Candidate::of(key), expected, "{key:?}");
        check("files/1/clip.mp4", Candidate::Video);
        check("files/1/clip.Mp4", Candidate::Video);
        check("private/1/ünï.mov", Candidate::Video);
        check("uploads/a.b.webm", Candidate::Video);
        check("files/1/cat.jpg", Candidate::Other);
        check("files/1/mp4", Candidate::Other);
        check("files/1.mp4/cat", Candidate::Other);
        check("", Candidate::Other);
        check("videos/1/720p.mp4", Candidate::Output);
        check("videos/1/poster.0000000.jpg", Candidate::Output);
        check("videos", Candidate::Output);
        check("videosx/1/clip.mp4", Candidate::Video);
        check("files/videos/clip.mp4", Candidate::Video);
    }

    #[test]
    fn a_container_is_told_by_its_first_bytes() {
        let check = |bytes: &[u8], expected| assert_eq!(looks_like_video(bytes), expected, "{bytes:?}");
        check(b"\0\0\0\x20ftypisom\0\0\x02\0", true);
        check(b"\0\0\0\x20ftypmp42\0\0\0\0", true);
        check(b"\0\0\0\x14ftypqt  \0\0\x02\0", true);
        check(b"\0\0\0\x1cftypM4V \0\0\x02\0", true);
        check(b"\0\0\0\x1cftypM4A \0\0\x02\0", false);
        check(b"\0\0\0\x18ftypheic\0\0\0\0", false);
        check(b"\0\0\0\x18ftypavif\0\0\0\0", false);
        check(b"\0\0\0\x20ftypis", false);
        check(b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", true);
        check(b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", true);
        check(b"\x1a\x45\xdf\xa3\x93\x42\x82\x85other", false);
        check(b"webm", false);
        check(b"not a video\n", false);
        check(b"\xff\xd8\xff\xe0\0\x10JFIF\0", false);
        check(b"", false);
    }
}
