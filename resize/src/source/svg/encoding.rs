//! The text of a file: unpacked, and in UTF-8.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

use crate::error::Error;

/// Maximum bytes of the text. Drawings for a screen are smaller.
const MAX_BYTES: usize = 16 << 20;

/// Longest part of the file that an encoding declaration is searched in.
const DECLARATION_BYTES: usize = 256;

/// The first bytes of a file that is compressed by gzip.
const GZIP: &[u8] = b"\x1f\x8b";

/// The file's text. Files may be compressed by gzip (SVGZ), and be in any encoding of the web that they declare.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    let bytes = unpacked(bytes)?;
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooManyBytes { bytes: bytes.len() as u64, limit: MAX_BYTES as u64 });
    }
    match bytes {
        Cow::Borrowed(bytes) => decoded(bytes),
        Cow::Owned(bytes) => decoded(&bytes).map(|text| Cow::Owned(text.into_owned())),
    }
}

/// The first bytes of the text, which show whether the file is an SVG. Empty if the file can't be unpacked.
pub(super) fn beginning(bytes: &[u8], length: usize) -> String {
    let mut start = Vec::with_capacity(length.min(bytes.len()));
    let limit = length as u64;
    // A file that is cut off has a beginning, too.
    let _ = if bytes.starts_with(GZIP) {
        MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut start)
    } else {
        bytes.take(limit).read_to_end(&mut start)
    };
    encoding(&start).decode(&start).0.into_owned()
}

fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Error> {
    if !bytes.starts_with(GZIP) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut text = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    let read = MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut text);
    read.map_err(|error| Error::Damaged(format!("it can't be unpacked: {error}")))?;
    Ok(Cow::Owned(text))
}

fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    let (text, encoding, has_errors) = encoding(bytes).decode(bytes);
    if has_errors {
        return Err(Error::Damaged(format!("the SVG isn't in {}, as it says", encoding.name())));
    }
    Ok(text)
}

/// The encoding by the declaration or the first bytes. A byte order mark takes precedence when the text is decoded.
fn encoding(bytes: &[u8]) -> &'static Encoding {
    match bytes {
        [b'<', 0, ..] => UTF_16LE,
        [0, b'<', ..] => UTF_16BE,
        _ => declared(bytes).unwrap_or(UTF_8),
    }
}

/// The encoding by an XML declaration in ASCII. One that says UTF-16 can't be true.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..DECLARATION_BYTES).unwrap_or(bytes);
    let text = String::from_utf8_lossy(start);
    let declaration = text.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let name = value.get(1..)?.split(['"', '\'']).next()?;
    let encoding = Encoding::for_label(name.as_bytes())?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn texts_are_read_in_the_encoding_that_they_declare() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><svg id='caf\xe9'/>";
        assert!(text(latin).unwrap().ends_with("<svg id='café'/>"));
        let greek = b"<?xml version=\"1.0\" encoding = \"iso-8859-7\"?><svg id='\xe1'/>";
        assert!(text(greek).unwrap().ends_with("<svg id='α'/>"));
        let source = "\u{feff}<svg id='é'/>";
        let little: Vec<u8> = source.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = source.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [&little, &big, &little[2..].to_vec(), &big[2..].to_vec(), &packed(&big)] {
            assert_eq!(text(bytes).unwrap(), "<svg id='é'/>");
        }
        assert!(text(b"<svg id='\xe9'/>").is_err());
        assert_eq!(text(b"<?xml encoding='utf-16'?><svg/>").unwrap(), "<?xml encoding='utf-16'?><svg/>");
    }

    #[test]
    fn a_small_file_of_a_huge_text_is_refused() {
        let bomb = packed(&vec![b' '; MAX_BYTES + 1]);
        assert!(matches!(text(&bomb), Err(Error::TooManyBytes { .. })));
        assert!(text(&packed(&vec![b' '; MAX_BYTES])).is_ok());
        assert!(text(&bomb[..1000]).is_err());
    }
}
