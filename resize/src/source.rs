//! What a file's header says, before any pixel is decoded.

use contract::format::{Content, Format};

use crate::error::Error;
use crate::jpeg_segments::{self, JpegSegments};
use crate::orient::Orientation;
use crate::pixels::{Channels, Size};
use crate::riff;

/// What is known of a source from its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceInfo {
    /// The format it is stored in, with what its decoder needs to know.
    pub format: SourceFormat,
    /// As stored, before orientation.
    pub size: Size,
    /// How it is turned to be upright.
    pub orientation: Orientation,
    /// The samples that its decoder gives.
    pub channels: Channels,
    /// Its ICC profile.
    pub profile: Option<Vec<u8>>,
    /// Whether it carries anything but pixels: EXIF, a profile, comments.
    pub has_metadata: bool,
    /// Whether it was stored without loss.
    pub is_lossless: bool,
}

/// The format of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceFormat {
    /// JPEG.
    Jpeg {
        /// What libjpeg-turbo read.
        header: codecs::jpeg::Header,
        /// CMYK samples are stored inverted, as Adobe does.
        is_inverted: bool,
    },
    /// PNG.
    Png,
    /// A still WebP.
    Webp(codecs::webp::Header),
}

impl SourceFormat {
    /// The output format of the same name.
    pub const fn as_output(self) -> Format {
        match self {
            Self::Jpeg { .. } => Format::Jpeg,
            Self::Png => Format::Png,
            Self::Webp(_) => Format::Webp,
        }
    }
}

impl SourceInfo {
    /// The size of the upright picture.
    pub fn upright_size(&self) -> Size {
        self.orientation.upright_size(self.size)
    }

    /// What decides the format of an automatic variant.
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

/// Reads the header of a file, whatever its name says.
pub fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    match bytes {
        [] => Err(Error::Empty),
        [0xff, 0xd8, ..] => probe_jpeg(bytes),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => probe_png(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => probe_webp(bytes),
        _ => Err(Error::UnknownFormat),
    }
}

fn probe_jpeg(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let header = codecs::jpeg::header(bytes)?;
    let JpegSegments { exif, profile, has_adobe, has_metadata } = jpeg_segments::read(bytes);
    let channels = match header.colors {
        codecs::jpeg::Colors::Gray => Channels::Gray,
        codecs::jpeg::Colors::Rgb => Channels::Rgb,
        codecs::jpeg::Colors::Cmyk => Channels::Cmyk,
    };
    Ok(SourceInfo {
        format: SourceFormat::Jpeg { header, is_inverted: has_adobe },
        size: size(header.width, header.height)?,
        orientation: orientation(exif),
        channels,
        profile,
        has_metadata,
        is_lossless: false,
    })
}

fn probe_png(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let reader = crate::decode::png::open(bytes)?;
    let info = reader.info();
    let channels = match reader.output_color_type().0 {
        png::ColorType::Grayscale => Channels::Gray,
        png::ColorType::GrayscaleAlpha => Channels::GrayAlpha,
        png::ColorType::Rgb => Channels::Rgb,
        png::ColorType::Rgba => Channels::Rgba,
        png::ColorType::Indexed => return Err(Error::Internal("a palette was left unexpanded".to_owned())),
    };
    let exif = info.exif_metadata.as_deref();
    let profile = info.icc_profile.as_deref().map(<[u8]>::to_vec);
    Ok(SourceInfo {
        format: SourceFormat::Png,
        size: size(info.width, info.height)?,
        orientation: orientation(exif),
        channels,
        has_metadata: exif.is_some() || profile.is_some() || crate::decode::png::has_text(bytes),
        profile,
        is_lossless: true,
    })
}

fn probe_webp(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let header = codecs::webp::header(bytes)?;
    if header.is_animated {
        return Err(Error::Unsupported("animated WebP images are not read yet"));
    }
    let exif = riff::chunk(bytes, *b"EXIF");
    let profile = riff::chunk(bytes, *b"ICCP").map(<[u8]>::to_vec);
    let has_metadata = exif.is_some() || profile.is_some() || riff::chunk(bytes, *b"XMP ").is_some();
    Ok(SourceInfo {
        format: SourceFormat::Webp(header),
        size: size(header.width, header.height)?,
        orientation: orientation(exif),
        channels: if header.has_alpha { Channels::Rgba } else { Channels::Rgb },
        profile,
        has_metadata,
        is_lossless: header.is_lossless,
    })
}

fn size(width: u32, height: u32) -> Result<Size, Error> {
    Size::new(width, height).ok_or_else(|| Error::Damaged("the picture has no pixels".to_owned()))
}

fn orientation(exif: Option<&[u8]>) -> Orientation {
    exif.and_then(Orientation::from_exif_block).unwrap_or_default()
}
