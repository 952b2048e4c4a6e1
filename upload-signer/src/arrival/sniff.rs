//! Detects the media type of a file by its first bytes. The signatures are those of the MIME Sniffing Standard (section 6)
//! if it has them, and otherwise those of the specification of each format.

mod iso_media;

mod text;

use crate::signing::media_type::MediaType;

/// The number of bytes at the beginning of a file that are examined.
const EXAMINED_BYTES: usize = 4096;

/// The first bytes of every EBML document (RFC 8794, section 11.2.1).
const EBML: &[u8] = b"\x1a\x45\xdf\xa3";

/// The number of bytes in which the type of an EBML document is searched. Writers put it into the first forty.
const EBML_HEADER_BYTES: usize = 64;

/// Signatures at the beginning of a file, and their types.
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

/// Pairs of declared and detected type that are compatible: containers that differ only in their brand, and names that
/// writers use for each other. In all other cases both types must be equal.
const COMPATIBLE_TYPES: [(&str, &str); 9] = [
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

/// Declared types that [`sniff`] can confirm. Content that is declared as one of them must be detected as such.
const CONFIRMABLE_TYPES: [&str; 21] = [
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

/// The type of a file with these first bytes; `None` if it is unknown.
///
/// ```
/// use upload_signer::arrival::sniff::sniff;
///
/// assert_eq!(sniff(b"\x89PNG\r\n\x1a\n"), Some("image/png"));
/// assert_eq!(sniff(b"<script>alert(1)</script>"), Some("text/html"));
/// assert_eq!(sniff(b"\x00\x01"), None);
/// ```
pub fn sniff(first: &[u8]) -> Option<&'static str> {
    let first = first.get(..EXAMINED_BYTES).unwrap_or(first);
    let by_signature = SIGNATURES.into_iter().find(|(signature, _)| first.starts_with(signature));
    by_signature
        .map(|(_, media_type)| media_type)
        .or_else(|| riff(first))
        .or_else(|| matroska(first))
        .or_else(|| iso_media::sniff(first))
        .or_else(|| bmp(first))
        .or_else(|| text::sniff(first))
}

/// `true` if content of the type `detected` may be served as `declared`. For a declared type that can't be confirmed,
/// content of unknown type and plain text are compatible.
pub fn is_compatible(detected: Option<&str>, declared: &MediaType) -> bool {
    let declared = declared.as_str();
    match detected {
        Some(detected) if detected == declared || COMPATIBLE_TYPES.contains(&(declared, detected)) => true,
        Some(detected) => detected == text::PLAIN && !CONFIRMABLE_TYPES.contains(&declared),
        None => !CONFIRMABLE_TYPES.contains(&declared) && declared != text::PLAIN,
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

/// Texts may begin with `BM` too, so the size of the header must be that of a BMP version.
fn bmp(first: &[u8]) -> Option<&'static str> {
    const HEADER_BYTES: [u32; 8] = [12, 16, 40, 52, 56, 64, 108, 124];
    let size = u32::from_le_bytes(first.get(14..18)?.try_into().ok()?);
    (first.starts_with(b"BM") && HEADER_BYTES.contains(&size)).then_some("image/bmp")
}

#[cfg(test)]
mod tests;
