//! Detects the media type of a file by its first bytes. The signatures are those of the MIME Sniffing Standard (section 6)
//! if it has them, and otherwise those of the specification of each format.

mod iso_media;

mod text;

use contract::media_types::{KnownType, Usage};

use crate::signing::media_type::MediaType;

/// The number of bytes at the beginning of a file that are examined.
const EXAMINED_BYTES: usize = 4096;

/// The number of bytes at the beginning of a text that are examined.
const TEXT_BYTES: usize = 1 << 16;

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
    let all = first;
    let first = first.get(..EXAMINED_BYTES).unwrap_or(first);
    let by_signature = SIGNATURES.into_iter().find(|(signature, _)| first.starts_with(signature));
    by_signature
        .map(|(_, media_type)| media_type)
        .or_else(|| riff(first))
        .or_else(|| matroska(first))
        .or_else(|| iso_media::sniff(first))
        .or_else(|| icon(first))
        .or_else(|| bmp(first))
        .or_else(|| text::sniff(all.get(..TEXT_BYTES).unwrap_or(all)))
}

/// The type with which content of the type `detected` is served if it was declared as `declared`; `None` if it must not be
/// served.
///
/// That is the declared type, if its row in the table of types lists the detected one. A picture that was declared as another
/// format of pictures is served as what it is: browsers derive the type from the file's name, which is often wrong. A drawing
/// may contain scripts and is served only if it was declared as one.
pub fn served_type(detected: Option<&str>, declared: &MediaType) -> Option<MediaType> {
    let detected_as = declared.known().map_or(&[][..], |known| known.detected_as);
    let is_as_declared = match detected {
        Some(detected) if detected_as.contains(&detected) => true,
        Some(text::PLAIN | text::WEB_VTT) | None => detected_as.is_empty(),
        Some(text::XML) => declared.as_str().ends_with("+xml") && detected_as.is_empty(),
        Some(_) => false,
    };
    if is_as_declared {
        return Some(declared.clone());
    }
    let is_picture = declared.known().is_some_and(KnownType::is_source);
    let picture = MediaType::parse(detected?)?;
    (is_picture && matches!(picture.known()?.usage, Usage::Picture(_))).then_some(picture)
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

/// The signature of an icon is also the size of a first box of 256 bytes, so files of boxes are examined before.
fn icon(first: &[u8]) -> Option<&'static str> {
    first.starts_with(b"\0\0\x01\0").then_some("image/vnd.microsoft.icon")
}

/// Texts may begin with `BM` too, so the size of the header must be that of a BMP version.
fn bmp(first: &[u8]) -> Option<&'static str> {
    const HEADER_BYTES: [u32; 8] = [12, 16, 40, 52, 56, 64, 108, 124];
    let size = u32::from_le_bytes(first.get(14..18)?.try_into().ok()?);
    (first.starts_with(b"BM") && HEADER_BYTES.contains(&size)).then_some("image/bmp")
}

#[cfg(test)]
mod tests;
