//! Rewrites a source file as a variant that shows the same picture without another loss.
//!
//! The new file has only the parts of the format that are needed to show the picture, and nothing else of the source. A
//! file isn't rewritten if it is damaged, or if it has bytes that may not be needed.

mod colors;
mod gif;
mod jpeg;
mod png;
mod webp;

#[cfg(test)]
mod tests;

use crate::source::info::{SourceFormat, SourceInfo};

/// The source's picture in a new file of the same format; `None` if the file can't be rewritten.
pub(crate) fn rewrite(bytes: &[u8], source: &SourceInfo) -> Option<Vec<u8>> {
    match source.format {
        SourceFormat::Jpeg(info) => jpeg::rewrite(bytes, &info),
        SourceFormat::Png => png::rewrite(bytes),
        SourceFormat::Webp(_) => webp::rewrite(bytes),
        SourceFormat::Gif => gif::rewrite(bytes),
        SourceFormat::Avif(_) => codecs::avif::rewrite(bytes),
        SourceFormat::Heic(_)
        | SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Svg
        | SourceFormat::Jxl
        | SourceFormat::Pdf(_) => None,
    }
}
