//! The facts in a file's header that decide how the picture is decoded.

use std::num::NonZeroU16;

use codecs::planes::Sampling;
use contract::format::{Content, Format};
use contract::variant::FrameNumber;
use jpeg::Header;

use crate::error::Error;
use crate::pixels::orientation::Orientation;
use crate::pixels::{Channels, Size};

/// The facts in a file's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceInfo {
    /// The file's format, with the facts that its decoder needs.
    pub format: SourceFormat,
    /// The stored size, before orientation.
    pub size: Size,
    /// The frames, if the format's decoder returns them one by one.
    pub animation: Option<Animation>,
    /// The transformation from the stored picture to the upright one.
    pub orientation: Orientation,
    /// The channels of the decoded pixels.
    pub channels: Channels,
    /// The depth of the stored samples.
    pub depth: Depth,
    /// The ICC profile of the stored colours. `None` means sRGB.
    pub profile: Option<Vec<u8>>,
    /// `true` if the file contains more than pixels: EXIF, a profile, comments.
    pub has_metadata: bool,
    /// `true` if the pixels are stored without loss.
    pub is_lossless: bool,
}

/// The format of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceFormat {
    /// JPEG.
    Jpeg(JpegInfo),
    /// PNG.
    Png,
    /// WebP.
    Webp(codecs::webp::Header),
    /// AVIF. If the file has an image sequence, only the still picture is decoded.
    Avif(codecs::heif::Header),
    /// HEIC: the same container, coded by HEVC. If the file has an image sequence, only the still picture is decoded.
    Heic(codecs::heif::Header),
    /// GIF.
    Gif,
    /// TIFF.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// Windows icon.
    Ico,
    /// SVG, drawn at any size.
    Svg,
    /// JPEG XL.
    Jxl,
    /// A page of a PDF, drawn at any size.
    Pdf(DocumentPage),
}

/// A page of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentPage {
    /// The page's number, from 1.
    pub number: u32,
    /// Number of pages in the document, at least 1.
    pub pages: u32,
    /// The memory in bytes that the page's largest picture takes while it is drawn.
    pub picture_bytes: u64,
}

/// The facts in a JPEG's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JpegInfo {
    /// The header as the crate `jpeg` reads it. `None` if that crate does not support the file.
    pub header: Option<Header>,
    /// The chroma sampling, if libjpeg-turbo can decode the picture to planes of luma and chroma.
    pub sampling: Option<Sampling>,
    /// `true` if the picture is stored without loss. It can then be decoded at its full size only.
    pub is_lossless: bool,
    /// `true` if the picture is stored in several scans. libjpeg-turbo then keeps the coefficients of the whole picture.
    pub has_scans: bool,
}

/// The facts in an animation's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Animation {
    /// Number of frames, at least 1.
    pub frames: u32,
    /// Number of times that the frames are played. `None` means forever.
    pub plays: Option<NonZeroU16>,
}

/// The depth of stored samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Depth {
    /// 8 bits or fewer.
    #[default]
    Eight,
    /// 16 bits. The decoder converts them to sRGB in 16 bits and returns 8 bits.
    Sixteen,
}

impl SourceFormat {
    /// The output format of the same name, if there is one.
    pub const fn as_output(self) -> Option<Format> {
        match self {
            Self::Jpeg(_) => Some(Format::Jpeg),
            Self::Png => Some(Format::Png),
            Self::Webp(_) => Some(Format::Webp),
            Self::Avif(_) => Some(Format::Avif),
            Self::Gif => Some(Format::Gif),
            Self::Heic(_) | Self::Tiff | Self::Bmp | Self::Ico | Self::Svg | Self::Jxl | Self::Pdf(_) => None,
        }
    }

    /// The name in lower case, such as `jpeg`. The API's documents about sources contain it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg(_) => "jpeg",
            Self::Png => "png",
            Self::Webp(_) => "webp",
            Self::Avif(_) => "avif",
            Self::Heic(_) => "heic",
            Self::Gif => "gif",
            Self::Tiff => "tiff",
            Self::Bmp => "bmp",
            Self::Ico => "ico",
            Self::Svg => "svg",
            Self::Jxl => "jxl",
            Self::Pdf(_) => "pdf",
        }
    }

    /// `true` if the picture has no pixels of its own and is drawn at the size that a variant needs.
    pub const fn is_drawn(self) -> bool {
        matches!(self, Self::Svg | Self::Pdf(_))
    }
}

impl SourceInfo {
    /// The size of the upright picture.
    pub fn upright_size(&self) -> Size {
        self.orientation.upright_size(self.size)
    }

    /// The size of the picture that the decoder allocates. It is larger than the picture if the file crops it.
    pub fn coded_size(&self) -> Size {
        if let SourceFormat::Avif(header) | SourceFormat::Heic(header) = self.format {
            return Size::new(header.coded_width, header.coded_height).unwrap_or(self.size);
        }
        self.size
    }

    /// The facts in a JPEG's header. `None` for other formats.
    pub fn jpeg(&self) -> Option<&JpegInfo> {
        if let SourceFormat::Jpeg(info) = &self.format { Some(info) } else { None }
    }

    /// The header of a HEIC. `None` for other formats.
    pub const fn heic(&self) -> Option<&codecs::heif::Header> {
        if let SourceFormat::Heic(header) = &self.format { Some(header) } else { None }
    }

    /// The profile of the pixels that the decoder returns. `None` if they are in sRGB.
    pub fn profile_of_pixels(&self) -> Option<&[u8]> {
        match self.depth {
            Depth::Eight => self.profile.as_deref(),
            Depth::Sixteen => None,
        }
    }

    /// Number of pages. `None` for a format without pages.
    pub const fn pages(&self) -> Option<u32> {
        if let SourceFormat::Pdf(page) = self.format { Some(page.pages) } else { None }
    }

    /// Number of frames, at least 1.
    pub fn frames(&self) -> u32 {
        self.animation.map_or(1, |animation| animation.frames)
    }

    /// Fails if the requested frame is above the number of frames. The page of a document was found when it was opened.
    pub(crate) fn admit_frame(&self, asked: Option<FrameNumber>) -> Result<(), Error> {
        match asked {
            Some(asked) if asked.get() > self.frames() && self.pages().is_none() => {
                Err(Error::NoSuchFrame { asked: asked.get(), frames: self.frames() })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The content of a still, by which the format of an automatic variant is chosen.
    pub const fn content(&self) -> Content {
        if self.channels.has_alpha() {
            Content::Alpha
        } else if self.is_lossless {
            Content::Graphic
        } else {
            Content::Photo
        }
    }
}

/// A size from a header. Fails if a side is 0.
pub(crate) fn size(width: u32, height: u32) -> Result<Size, Error> {
    Size::new(width, height).ok_or_else(|| Error::Damaged("the picture has no pixels".to_owned()))
}

/// The orientation in an EXIF block; upright if the block has no orientation.
pub(super) fn orientation(exif: Option<&[u8]>) -> Orientation {
    exif.and_then(Orientation::from_exif_block).unwrap_or_default()
}
