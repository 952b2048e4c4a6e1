//! A source file whose header was read and admitted.

pub(crate) mod admission;
pub mod info;
pub(crate) mod probe;

pub(crate) mod bmp;
mod gif;
mod heif;
pub(crate) mod ico;
mod jpeg;
#[cfg(feature = "jxl")]
pub(crate) mod jxl;
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
mod png_color;
pub(crate) mod profile;
pub(crate) mod riff;

use contract::limits::Limits;

use crate::error::Error;
use crate::panics::unless_it_panics;
use admission::{admit_bytes, admit_frames, admit_pixels};
use info::SourceInfo;
use probe::probe;

/// A source file within the limits. [`Source::open`] is the only way to make one, and every decoder takes one: a file
/// whose size, pixels and frames were not checked cannot be decoded.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    bytes: &'a [u8],
    info: SourceInfo,
}

/// `true` if the file is a drawing (SVG) rather than stored pixels. The time to read its header and to draw it depends
/// on its text.
#[cfg(all(feature = "edge", feature = "svg"))]
pub(crate) fn is_drawing(bytes: &[u8]) -> bool {
    svg::is_svg(bytes)
}

/// `false`: drawings are left out of this build.
#[cfg(all(feature = "edge", not(feature = "svg")))]
pub(crate) const fn is_drawing(_: &[u8]) -> bool {
    false
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
    /// Reads a file's header and admits the file. The format is recognised by the first bytes.
    ///
    /// # Errors
    /// The file exceeds a limit, its format is unknown or unsupported, or its header is damaged.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        admit_bytes(limits, bytes.len() as u64)?;
        let info = unless_it_panics(|| probe(bytes))?;
        admit_pixels(limits, info.coded_size())?;
        admit_frames(limits, info.size, info.frames())?;
        Ok(Self { bytes, info })
    }

    /// A source that was not admitted, for tests of plans.
    #[cfg(test)]
    pub(crate) const fn unchecked(bytes: &'a [u8], info: SourceInfo) -> Self {
        Self { bytes, info }
    }

    /// The whole file.
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The facts in the file's header.
    pub const fn info(&self) -> &SourceInfo {
        &self.info
    }
}
