//! The notices in IPTC-IIM, which Photoshop and others write into an image resource (IPTC-NAA Information Interchange Model,
//! version 4.2).

use memchr::memmem;

use super::notice::{Notices, one_line};

/// The start of the resource.
const RESOURCE: &[u8] = b"8BIM\x04\x04";

/// Reads the notices of a file with the resource, wherever it is.
pub(super) fn notices(file: &[u8]) -> Notices {
    let mut notices = Notices::default();
    let Some(mut rest) = resource(file) else { return notices };
    let mut is_utf8 = false;
    while let Some(([0x1c, record, name, length @ ..], after)) = rest.split_first_chunk::<5>() {
        // A longer data set has another form of length, and is no notice.
        let Some((value, after)) = after.split_at_checked(usize::from(u16::from_be_bytes(*length))) else {
            break;
        };
        rest = after;
        let text = || one_line(&decoded(value, is_utf8));
        match (*record, *name) {
            (1, 90) => is_utf8 = value == b"\x1b%G",
            (2, 80) => notices.artist = joined(notices.artist, text()),
            (2, 110) => notices.credit = notices.credit.or_else(text),
            (2, 116) => notices.copyright = notices.copyright.or_else(text),
            _ => {}
        }
    }
    notices
}

/// The content of the resource.
fn resource(file: &[u8]) -> Option<&[u8]> {
    let start = memmem::find(file, RESOURCE)? + RESOURCE.len();
    // Its name with a byte for the length, of an even number of bytes.
    let name = usize::from(*file.get(start)?) + 1;
    let rest = file.get(start + name.next_multiple_of(2)..)?;
    let (length, content) = rest.split_first_chunk()?;
    let length = u32::from_be_bytes(*length) as usize;
    Some(content.get(..length).unwrap_or(content))
}

/// Names of several authors.
fn joined(names: Option<String>, name: Option<String>) -> Option<String> {
    match (names, name) {
        (Some(names), Some(name)) => one_line(&format!("{names}, {name}")),
        (names, name) => names.or(name),
    }
}

/// Text in UTF-8, or in Latin-1 where it isn't declared and isn't UTF-8.
fn decoded(text: &[u8], is_utf8: bool) -> String {
    match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) if is_utf8 => String::from_utf8_lossy(text).into_owned(),
        Err(_) => text.iter().map(|byte| char::from(*byte)).collect(),
    }
}
