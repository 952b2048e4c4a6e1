//! What a file is, going by its first bytes. Signatures are those of the MIME Sniffing Standard (section 6) where
//! it has them, and of the formats' own specifications.

mod iso_media;

mod text;

use crate::signing::media_type::MediaType;

/// How much of a file's beginning tells its type, in bytes.
const TELLING_BYTES: usize = 4096;

/// The first bytes of every EBML document (RFC 8794, section 11.2.1).
const EBML: &[u8] = b"\x1a\x45\xdf\xa3";

/// How far into an EBML document its type is looked for, in bytes. Writers put it into the first forty.
const EBML_HEADER_BYTES: usize = 64;

/// Signatures at the very beginning, and the types that they are of.
const SIGNATURES: [(&[u8], &str); 19] = [
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
    (b"\xff\x0a", "image/jxl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"%PDF-", "application/pdf"),
    (b"OggS\0", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\xff\xfa", "audio/mpeg"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
];

/// Types whose files may also be of another: containers that differ in their brand alone, and names that writers
/// use for one another. The types of every other file are equal or it is refused.
const TOLERATED: [(&str, &str); 9] = [
    ("image/heic", "image/heif"),
    ("image/heif", "image/heic"),
    ("video/mp4", "video/quicktime"),
    ("video/quicktime", "video/mp4"),
    ("video/x-m4v", "video/mp4"),
    ("video/3gpp", "video/mp4"),
    ("video/x-matroska", "video/webm"),
    ("audio/mp4", "video/mp4"),
    ("text/plain", "text/xml"),
];

/// Types that [`sniff`] tells. What is declared to be one of them must look like it.
const TOLD: [&str; 21] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/avif",
    "image/heic",
    "image/heif",
    "image/tiff",
    "image/bmp",
    "image/svg+xml",
    "image/jxl",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-matroska",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/wav",
    "application/pdf",
    "text/html",
];

/// The type that a file's first bytes are of. None where they are of none that is known here.
pub fn sniff(first: &[u8]) -> Option<&'static str> {
    let first = first.get(..TELLING_BYTES).unwrap_or(first);
    let signed = SIGNATURES.into_iter().find(|(signature, _)| first.starts_with(signature));
    signed
        .map(|(_, media_type)| media_type)
        .or_else(|| riff(first))
        .or_else(|| matroska(first))
        .or_else(|| iso_media::sniff(first))
        .or_else(|| bmp(first))
        .or_else(|| text::sniff(first))
}

/// Whether content that is of the type `found` may be served as `declared`. A declared type whose files can't be
/// told here takes what isn't known to be something else.
pub fn is_compatible(found: Option<&str>, declared: &MediaType) -> bool {
    let declared = declared.as_str();
    match found {
        Some(found) if found == declared || TOLERATED.contains(&(declared, found)) => true,
        Some(found) => found == text::PLAIN && !TOLD.contains(&declared),
        None => !TOLD.contains(&declared) && declared != text::PLAIN,
    }
}

fn riff(first: &[u8]) -> Option<&'static str> {
    match (first.get(..4)?, first.get(8..12)?) {
        (b"RIFF", b"WEBP") => Some("image/webp"),
        (b"RIFF", b"WAVE") => Some("audio/wav"),
        _ => None,
    }
}

fn matroska(first: &[u8]) -> Option<&'static str> {
    let header = first.get(..EBML_HEADER_BYTES).unwrap_or(first);
    let has =
        |document_type: &[u8]| header.windows(document_type.len()).any(|window| window == document_type);
    if !header.starts_with(EBML) {
        None
    } else if has(b"webm") {
        Some("video/webm")
    } else if has(b"matroska") {
        Some("video/x-matroska")
    } else {
        None
    }
}

/// `BM` begins many a text too, so the size of the header after it has to be that of a version that exists.
fn bmp(first: &[u8]) -> Option<&'static str> {
    const HEADER_BYTES: [u32; 8] = [12, 16, 40, 52, 56, 64, 108, 124];
    let size = u32::from_le_bytes(first.get(14..18)?.try_into().ok()?);
    (first.starts_with(b"BM") && HEADER_BYTES.contains(&size)).then_some("image/bmp")
}

#[cfg(test)]
mod tests;
