//! What a file's header says, before any pixel is decoded.

pub(crate) mod admission;
pub(crate) mod code_points;
mod foreign;
pub(crate) mod gif_blocks;
pub(crate) mod jpeg_segments;
mod png_color;
pub(crate) mod riff;

use contract::format::{Content, Format};
use contract::variant::FrameNumber;

use crate::animation::{Animation, apng, gif, webp};
use crate::decode::jpeg::{self, JpegInfo};
#[cfg(feature = "jxl")]
use crate::decode::jxl;
#[cfg(feature = "svg")]
use crate::decode::svg;
use crate::decode::{avif, bmp, ico, tiff};
use crate::error::Error;
use crate::pixels::orientation::Orientation;
use crate::pixels::{Channels, Size};

/// What is known of a source from its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceInfo {
    /// The format it is stored in, with what its decoder needs to know.
    pub format: SourceFormat,
    /// As stored, before orientation.
    pub size: Size,
    /// Its frames, where its format's decoder gives them one by one.
    pub animation: Option<Animation>,
    /// How it is turned to be upright.
    pub orientation: Orientation,
    /// The samples that its decoder gives.
    pub channels: Channels,
    /// How fine its samples are.
    pub depth: Depth,
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
    Jpeg(JpegInfo),
    /// PNG.
    Png,
    /// WebP.
    Webp(codecs::webp::Header),
    /// The still picture of an AVIF.
    Avif(codecs::avif::Header),
    /// GIF.
    Gif,
    /// TIFF.
    Tiff,
    /// A Windows bitmap.
    Bmp,
    /// A Windows icon.
    Ico,
    /// SVG, drawn at any size.
    Svg,
    /// JPEG XL.
    Jxl,
}

/// The decoder of JPEG XL works on several planes of 32 bits a sample.
pub(crate) const JXL_WORKING_BYTES_A_PIXEL: u64 = 40;

/// How fine the samples of a source are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Depth {
    /// 8 bits or fewer.
    #[default]
    Eight,
    /// 16 bits: its decoder applies the profile while they are there, and gives 8 bits of sRGB.
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
            Self::Tiff | Self::Bmp | Self::Ico | Self::Svg | Self::Jxl => None,
        }
    }

    /// As information about a source spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg(_) => "jpeg",
            Self::Png => "png",
            Self::Webp(_) => "webp",
            Self::Avif(_) => "avif",
            Self::Gif => "gif",
            Self::Tiff => "tiff",
            Self::Bmp => "bmp",
            Self::Ico => "ico",
            Self::Svg => "svg",
            Self::Jxl => "jxl",
        }
    }
}

impl SourceInfo {
    /// The size of the upright picture.
    pub fn upright_size(&self) -> Size {
        self.orientation.upright_size(self.size)
    }

    /// The size that the decoder works in, which is larger where the file says to cut something off.
    pub fn coded_size(&self) -> Size {
        if let SourceFormat::Avif(header) = self.format {
            return Size::new(header.coded_width, header.coded_height).unwrap_or(self.size);
        }
        self.size
    }

    /// What is known of a JPEG.
    pub fn jpeg(&self) -> Option<&JpegInfo> {
        if let SourceFormat::Jpeg(info) = &self.format { Some(info) } else { None }
    }

    /// The profile that the decoder's pixels are in; none where it has been applied, or is sRGB.
    pub fn profile_of_pixels(&self) -> Option<&[u8]> {
        match self.depth {
            Depth::Eight => self.profile.as_deref(),
            Depth::Sixteen => None,
        }
    }

    /// What the decoder takes next to the pixels that it gives, in bytes a pixel.
    pub const fn working_bytes_a_pixel(&self) -> u64 {
        const BYTES_OF_16_BITS: u64 = 2;
        let samples = self.channels.count() as u64;
        // As stored, big-endian or planar, and then in the right order; a profile makes a third.
        let deep = match self.depth {
            Depth::Eight => 0,
            Depth::Sixteen => 3 * BYTES_OF_16_BITS * samples,
        };
        match self.format {
            SourceFormat::Jpeg(_) | SourceFormat::Png | SourceFormat::Webp(_) | SourceFormat::Bmp => deep,
            SourceFormat::Ico | SourceFormat::Gif | SourceFormat::Avif(_) => 0,
            SourceFormat::Tiff => deep + 2 * BYTES_OF_16_BITS * samples,
            // The canvas, and one for each layer that is composed at a time.
            SourceFormat::Svg => 3 * samples,
            SourceFormat::Jxl => JXL_WORKING_BYTES_A_PIXEL,
        }
    }

    /// How many frames it has.
    pub fn frames(&self) -> u32 {
        self.animation.map_or(1, |animation| animation.frames)
    }

    /// Fails where there is no such frame.
    pub fn admit_frame(&self, asked: Option<FrameNumber>) -> Result<(), Error> {
        match asked {
            Some(asked) if asked.get() > self.frames() => {
                Err(Error::NoSuchFrame { asked: asked.get(), frames: self.frames() })
            }
            _ => Ok(()),
        }
    }

    /// What decides the format of an automatic variant that is a still.
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
        [0xff, 0xd8, ..] => jpeg::probe(bytes),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => match apng::header(bytes) {
            // Its frames are read with 8 bits a sample.
            Some(animation) => {
                Ok(SourceInfo { animation: Some(animation), depth: Depth::Eight, ..probe_png(bytes)? })
            }
            None => probe_png(bytes),
        },
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => probe_webp(bytes),
        [b'G', b'I', b'F', b'8', ..] => gif::probe(bytes),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => tiff::probe(bytes),
        [b'B', b'M', ..] => bmp::probe(bytes),
        _ if codecs::avif::is_avif(bytes) => avif::probe(bytes),
        [0, 0, 1, 0, ..] => ico::probe(bytes),
        #[cfg(feature = "jxl")]
        [0xff, 0x0a, ..] | [0, 0, 0, 0x0c, b'J', b'X', b'L', b' ', ..] => jxl::probe(bytes),
        #[cfg(feature = "svg")]
        _ if svg::is_svg(bytes) => svg::probe(bytes),
        _ => Err(foreign::refusal(bytes)),
    }
}

pub(crate) fn probe_png(bytes: &[u8]) -> Result<SourceInfo, Error> {
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
    let is_gray = matches!(channels, Channels::Gray | Channels::GrayAlpha);
    let profile = png_color::profile(info, is_gray);
    let depth = match reader.output_color_type().1 {
        png::BitDepth::Sixteen => Depth::Sixteen,
        png::BitDepth::One | png::BitDepth::Two | png::BitDepth::Four | png::BitDepth::Eight => Depth::Eight,
    };
    Ok(SourceInfo {
        format: SourceFormat::Png,
        size: size(info.width, info.height)?,
        animation: None,
        orientation: orientation(exif),
        channels,
        depth,
        has_metadata: exif.is_some()
            || info.icc_profile.is_some()
            || profile.is_some()
            || crate::decode::png::has_text(bytes),
        profile,
        is_lossless: true,
    })
}

fn probe_webp(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let header = codecs::webp::read_header(bytes)?;
    let animation = if header.is_animated { Some(webp::header(bytes)?) } else { None };
    let exif = riff::chunk(bytes, *b"EXIF");
    let profile = riff::chunk(bytes, *b"ICCP").map(<[u8]>::to_vec);
    let has_metadata = exif.is_some() || profile.is_some() || riff::chunk(bytes, *b"XMP ").is_some();
    Ok(SourceInfo {
        format: SourceFormat::Webp(header),
        size: size(header.width, header.height)?,
        animation,
        orientation: orientation(exif),
        channels: if header.has_alpha { Channels::Rgba } else { Channels::Rgb },
        depth: Depth::Eight,
        profile,
        has_metadata,
        is_lossless: header.is_lossless,
    })
}

pub(crate) fn size(width: u32, height: u32) -> Result<Size, Error> {
    Size::new(width, height).ok_or_else(|| Error::Damaged("the picture has no pixels".to_owned()))
}

pub(crate) fn orientation(exif: Option<&[u8]>) -> Orientation {
    exif.and_then(Orientation::from_exif_block).unwrap_or_default()
}
