//! Recognises unsupported files by their first bytes, so that the error names the format that was sent.

use crate::error::Error;

/// The error for a file in no supported format.
pub(crate) fn refusal(bytes: &[u8]) -> Error {
    match name(bytes) {
        Some(sentence) => Error::Unsupported(sentence),
        None => Error::UnknownFormat,
    }
}

fn name(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "this is a video, not an image",
        [b'%', b'P', b'D', b'F', ..] => "PDF documents are not supported; send a picture of the page",
        [b'%', b'!', b'P', b'S', ..] => "PostScript is not supported; send SVG, or a picture of the page",
        [0x1a, 0x45, 0xdf, 0xa3, ..] => "this is a WebM or Matroska video, not an image",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => {
            "this is an AVI video, not an image"
        }
        [0x1f, 0x8b, ..] => "this is a gzip file without an SVG, not an image",
        [b'8', b'B', b'P', b'S', ..] => "Photoshop documents are not supported; send a flattened copy",
        [0x00, 0x00, 0x00, 0x0c, b'j', b'P', b' ', b' ', ..] | [0xff, 0x4f, 0xff, 0x51, ..] => {
            "JPEG 2000 images are not supported; send JPEG, PNG, WebP or AVIF"
        }
        [b'P', b'K', 3, 4, ..] => "this is a ZIP archive or an office document, not an image",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_the_format_of_the_file() {
        let check = |bytes: &[u8], word: &str| {
            let sentence = refusal(bytes).to_string();
            assert!(sentence.contains(word), "{sentence}");
        };
        check(b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2", "video");
        check(b"\0\0\0\x18ftypqt  ", "video");
        check(b"%PDF-1.7", "PDF");
        check(b"\x1a\x45\xdf\xa3....", "video");
        check(b"\x1f\x8b\x08", "gzip");
        check(b"hello", "not a JPEG");
        check(b"", "not a JPEG");
    }
}
