//! The format of a file, recognised by its first bytes, and its header.

use contract::variant::FrameNumber;

use super::info::SourceInfo;
#[cfg(feature = "jxl")]
use super::jxl;
#[cfg(feature = "pdf")]
use super::pdf;
#[cfg(feature = "svg")]
use super::svg;
use super::{bmp, foreign, gif, heif, ico, jpeg, png, tiff, webp};
use crate::error::Error;

/// Reads the header of a file, and of a document the page. The file's name has no influence.
pub(crate) fn probe_page(bytes: &[u8], page: Option<FrameNumber>) -> Result<SourceInfo, Error> {
    #[cfg(feature = "pdf")]
    if pdf::is_pdf(bytes) {
        return pdf::probe(bytes, page);
    }
    #[cfg(not(feature = "pdf"))]
    let _ = page;
    probe(bytes)
}

/// Reads the header of a picture. Drawings may contain these, but no documents.
pub(crate) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    match bytes {
        [] => Err(Error::Empty),
        [0xff, 0xd8, ..] => jpeg::probe(bytes),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => png::probe(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp::probe(bytes),
        [b'G', b'I', b'F', b'8', ..] => gif::probe(bytes),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => tiff::probe(bytes),
        [b'B', b'M', ..] => bmp::probe(bytes),
        _ if codecs::heif::is_heif(bytes) => heif::probe(bytes),
        [0, 0, 1, 0, ..] => ico::probe(bytes),
        #[cfg(feature = "jxl")]
        [0xff, 0x0a, ..] | [0, 0, 0, 0x0c, b'J', b'X', b'L', b' ', ..] => jxl::probe(bytes),
        #[cfg(feature = "svg")]
        _ if svg::is_svg(bytes) => svg::probe(bytes, probe),
        _ => Err(foreign::refusal(bytes)),
    }
}
