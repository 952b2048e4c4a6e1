//! Writes a source file anew as a variant that shows the same picture without another loss.
//!
//! The new file consists of what is needed to show the picture, in the parts of the format that are listed here: nothing else
//! of the source remains, whatever it is and wherever it stands. A file that is damaged, or that has bytes of which it isn't
//! certain that they are needed, isn't written anew.

mod gif;
mod jpeg;
mod png;
mod webp;

#[cfg(test)]
mod tests;

use crate::source::Source;
use crate::source::info::SourceFormat;

/// The source's picture in a new file of the same format; `None` if the file can't be written anew.
pub(crate) fn rewrite(source: &Source<'_>) -> Option<Vec<u8>> {
    let bytes = source.bytes();
    match source.info().format {
        SourceFormat::Jpeg(info) => jpeg::rewrite(bytes, &info),
        SourceFormat::Png => png::rewrite(bytes),
        SourceFormat::Webp(_) => webp::rewrite(bytes),
        SourceFormat::Gif => gif::rewrite(bytes),
        SourceFormat::Avif(_) => codecs::avif::rewrite(bytes),
        SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Ico
        | SourceFormat::Svg
        | SourceFormat::Jxl => None,
    }
}
