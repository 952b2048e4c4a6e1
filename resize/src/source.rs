//! A source file whose header was read and admitted.

pub(crate) mod admission;
pub mod arriving;
pub(crate) mod completeness;
pub mod file;
pub mod info;
pub(crate) mod probe;

pub(crate) mod bmp;
pub(crate) mod bmp_rows;
mod gif;
mod heif;
pub(crate) mod ico;
mod jpeg;
#[cfg(feature = "jxl")]
pub(crate) mod jxl;
#[cfg(feature = "pdf")]
pub(crate) mod pdf;
pub(crate) mod png;
#[cfg(feature = "svg")]
pub(crate) mod svg;
pub(crate) mod tiff;
mod tiff_jpeg;
mod webp;

mod code_points;
mod foreign;
pub(crate) mod gif_blocks;
pub(crate) mod jpeg_segments;
pub(crate) mod notices;
mod png_color;
pub(crate) mod profile;
pub(crate) mod riff;

use contract::limits::Limits;
use contract::variant::FrameNumber;

use crate::error::Error;
use crate::panics::unless_it_panics;
use admission::{admit_bytes, admit_frames, admit_pixels};
use file::File;
use info::SourceInfo;
use probe::probe_page;

/// A source file within the limits. [`Source::open`] is the only way to make one, and every decoder takes one: a file
/// whose size, pixels and frames were not checked cannot be decoded.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    file: File<'a>,
    info: SourceInfo,
}

/// A file that is drawn rather than decoded. The time to read its header and to draw it depends on its content, not on its
/// pixels.
#[cfg(feature = "edge")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drawn {
    /// SVG.
    Drawing,
    /// PDF.
    Document,
}

/// The kind of a file that is drawn. `None` for stored pixels.
#[cfg(feature = "edge")]
pub(crate) fn drawn(bytes: &[u8]) -> Option<Drawn> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(Drawn::Document),
        #[cfg(feature = "svg")]
        _ if svg::is_svg(bytes) => Some(Drawn::Drawing),
        _ => None,
    }
}

/// Adds faces for the text of drawings, each in its file of TrueType or OpenType, before the first drawing is read.
#[cfg(all(feature = "edge", feature = "svg"))]
pub(crate) fn add_faces(files: Vec<Vec<u8>>) {
    svg::add_faces(files);
}

/// No effect: drawings are left out of this build.
#[cfg(all(feature = "edge", not(feature = "svg")))]
pub(crate) fn add_faces(_: Vec<Vec<u8>>) {}

impl<'a> Source<'a> {
    /// Reads a file's header and admits the file. The format is recognised by the first bytes. Of a document, the first
    /// page is opened.
    ///
    /// # Errors
    /// The file exceeds a limit, its format is unknown or unsupported, or its header is damaged.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        Self::open_page(File::Whole(bytes), None, limits)
    }

    /// Does the same as [`Self::open`] for a file that may still be arriving, and of a document opens the page `page`. A page has no
    /// effect on other files.
    ///
    /// # Errors
    /// Those of [`Self::open`], or the document lacks the page.
    pub fn open_page(file: File<'a>, page: Option<FrameNumber>, limits: &Limits) -> Result<Self, Error> {
        admit_bytes(limits, file.length() as u64)?;
        let info = unless_it_panics(|| probe_page(file.head(), page))?;
        admit_pixels(limits, info.coded_size())?;
        admit_frames(limits, info.size, info.frames())?;
        Ok(Self { file, info })
    }

    /// A source that was not admitted, for tests of plans.
    #[cfg(test)]
    pub(crate) const fn unchecked(bytes: &'a [u8], info: SourceInfo) -> Self {
        Self { file: File::Whole(bytes), info }
    }

    /// The file.
    pub const fn file(&self) -> File<'a> {
        self.file
    }

    /// The facts in the file's header.
    pub const fn info(&self) -> &SourceInfo {
        &self.info
    }
}
