//! Pictures in the drawing: JPEG, PNG, WebP, GIF, and drawings.

use std::str::FromStr as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use resvg::usvg::roxmltree::Document;
use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree};
use svgtypes::Length;

use super::fonts::{self, Missing};
use super::prologue::is_svg;
use super::weight::TOO_MANY;
use crate::error::Error;
use crate::source::info::{SourceFormat, SourceInfo};

/// Maximum pixels of all embedded images together.
const MAX_PIXELS: u64 = 25_000_000;

/// The farthest side of an embedded picture, in user units: the renderer can't place a picture that is larger by more than its
/// numbers have digits.
const FARTHEST: f64 = 4_194_304.0;

/// Maximum number of elements of a drawing and all drawings in it, about a second of work.
const MAX_WEIGHT: u64 = 1_000_000;

/// Deepest nesting of drawings in drawings.
const MAX_NESTING: u32 = 3;

/// What a drawing and those in it may take together.
#[derive(Debug, Default)]
pub(super) struct Budget {
    pixels: AtomicU64,
    weight: AtomicU64,
    /// The reason why an embedded picture can't be drawn.
    fault: OnceLock<Error>,
}

impl Budget {
    pub(super) fn add_weight(&self, weight: u64) -> Result<(), Error> {
        let weight = weight.min(MAX_WEIGHT + 1);
        let before = self.weight.fetch_add(weight, Ordering::Relaxed);
        if before + weight > MAX_WEIGHT { Err(TOO_MANY) } else { Ok(()) }
    }

    fn has_pixels(&self, pixels: u64) -> bool {
        let before = self.pixels.fetch_add(pixels.min(MAX_PIXELS + 1), Ordering::Relaxed);
        before.saturating_add(pixels) <= MAX_PIXELS
    }

    /// Fails if an embedded picture couldn't be drawn.
    pub(super) fn result(&self) -> Result<(), Error> {
        self.fault.get().cloned().map_or(Ok(()), Err)
    }
}

/// A function that reads the header of a picture.
pub(crate) type Probe = fn(&[u8]) -> Result<SourceInfo, Error>;

/// A function that reads a drawing in a drawing. The number counts the drawings around it.
pub(super) type Draw = fn(&[u8], Probe, &Arc<Budget>, u32) -> Result<Tree, Error>;

/// How pictures in a drawing are read.
pub(super) struct Embedded {
    pub(super) probe: Probe,
    pub(super) draw: Draw,
    pub(super) budget: Arc<Budget>,
    /// Number of drawings around this one.
    pub(super) nesting: u32,
}

/// Refuses a drawing with embedded pictures that the renderer can't place.
pub(super) fn check_places(document: &Document<'_>) -> Result<(), Error> {
    let is_far = |text: &str| Length::from_str(text).is_ok_and(|length| length.number.abs() > FARTHEST);
    let mut images = document.descendants().filter(|node| node.tag_name().name() == "image");
    if images.any(|image| {
        ["x", "y", "width", "height"].iter().any(|name| image.attribute(*name).is_some_and(is_far))
    }) {
        return Err(Error::Unsupported("a picture in the SVG is too large or too far beyond the drawing"));
    }
    Ok(())
}

/// Options of the renderer.
pub(super) fn options(embedded: Embedded, missing: &Missing) -> Options<'static> {
    let resolve_data = move |_: &str, data: Arc<Vec<u8>>, _: &Options<'_>| {
        embedded.picture(data).unwrap_or_else(|error| {
            embedded.budget.fault.get_or_init(|| error);
            None
        })
    };
    let image_href_resolver =
        ImageHrefResolver { resolve_data: Box::new(resolve_data), resolve_string: Box::new(|_, _| None) };
    Options { image_href_resolver, ..fonts::options(missing) }
}

impl Embedded {
    /// `None` if browsers show nothing either, because the picture is damaged. Fails if they show one that can't be drawn.
    fn picture(&self, data: Arc<Vec<u8>>) -> Result<Option<ImageKind>, Error> {
        const UNKNOWN: Error = Error::Unsupported(
            "the SVG has a picture in it that isn't drawn: embed JPEG, PNG, WebP or GIF without animation, or SVG",
        );
        if is_svg(&data) {
            if self.nesting >= MAX_NESTING {
                return Err(Error::Unsupported("the SVG has too many drawings within drawings"));
            }
            return match (self.draw)(&data, self.probe, &self.budget, self.nesting + 1) {
                Ok(tree) => Ok(Some(ImageKind::SVG(tree))),
                Err(Error::Damaged(_)) => Ok(None),
                Err(error) => Err(error),
            };
        }
        let Ok(info) = (self.probe)(&data) else { return Ok(None) };
        if !self.budget.has_pixels(info.size.pixels()) {
            return Err(Error::Unsupported("the pictures in the SVG have too many pixels"));
        }
        match info.format {
            SourceFormat::Jpeg(_) => Ok(Some(ImageKind::JPEG(data))),
            SourceFormat::Png => Ok(Some(ImageKind::PNG(data))),
            SourceFormat::Gif => Ok(Some(ImageKind::GIF(data))),
            SourceFormat::Webp(header) if !header.is_animated => Ok(Some(ImageKind::WEBP(data))),
            SourceFormat::Webp(_)
            | SourceFormat::Avif(_)
            | SourceFormat::Heic(_)
            | SourceFormat::Tiff
            | SourceFormat::Bmp
            | SourceFormat::Ico
            | SourceFormat::Svg
            | SourceFormat::Jxl
            | SourceFormat::Pdf(_) => Err(UNKNOWN),
        }
    }
}
