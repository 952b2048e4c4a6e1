//! The notices in EXIF.

use std::io::Cursor;

use exif::{Exif, In, Reader, Tag, Value};

use super::notice::{Notices, one_line};

/// Reads the notices of a JPEG, PNG, WebP, TIFF, AVIF or HEIC.
pub(super) fn notices(file: &[u8]) -> Notices {
    let exif = Reader::new()
        .continue_on_error(true)
        .read_from_container(&mut Cursor::new(file))
        .or_else(|error| error.distill_partial_result(|_| ()));
    let Ok(exif) = exif else { return Notices::default() };
    Notices {
        artist: notice(&exif, Tag::Artist),
        copyright: notice(&exif, Tag::Copyright),
        ..Notices::default()
    }
}

/// A copyright may have two parts, the photographer's and the editor's.
fn notice(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let parts: Vec<String> =
        parts.iter().map(|part| String::from_utf8_lossy(part).trim().to_owned()).collect();
    one_line(&parts.join(" "))
}
