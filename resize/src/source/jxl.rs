//! Reads the header of a JPEG XL.

use codecs::avif::Cicp;
use jxl_oxide::color::{ColourEncoding, ColourSpace, Primaries, TransferFunction};
use jxl_oxide::{
    EnumColourEncoding, InitializeResult, JxlImage, JxlThreadPool, PixelFormat, RenderingIntent,
};

use super::code_points;
use super::info::{Depth, SourceFormat, SourceInfo, size};
use crate::error::Error;
use crate::pixels::Channels;
use crate::pixels::orientation::Orientation;

/// Reads the header and the profile that follows it.
pub(crate) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let mut reader = JxlImage::builder().pool(JxlThreadPool::none()).build_uninit();
    reader.feed_bytes(bytes).map_err(|error| damaged(&*error))?;
    let InitializeResult::Initialized(mut image) = reader.try_init().map_err(|error| damaged(&*error))?
    else {
        return Err(Error::Damaged("the JPEG XL ends within its header".to_owned()));
    };
    let channels = channels(&image)?;
    let Colors { profile, depth } = request_colors(&mut image);
    let metadata = &image.image_header().metadata;
    Ok(SourceInfo {
        format: SourceFormat::Jxl,
        size: size(image.width(), image.height())?,
        animation: None,
        orientation: Orientation::UPRIGHT,
        channels,
        depth,
        has_metadata: profile.is_some(),
        profile,
        is_lossless: !metadata.xyb_encoded,
    })
}

/// `true` if the file has all of its frames.
pub(crate) fn is_complete(bytes: &[u8]) -> bool {
    let image = JxlImage::builder().pool(JxlThreadPool::none()).read(std::io::Cursor::new(bytes));
    image.is_ok_and(|image| image.is_loading_done())
}

fn channels(image: &JxlImage) -> Result<Channels, Error> {
    match image.pixel_format() {
        PixelFormat::Gray => Ok(Channels::Gray),
        PixelFormat::Graya => Ok(Channels::GrayAlpha),
        PixelFormat::Rgb => Ok(Channels::Rgb),
        PixelFormat::Rgba => Ok(Channels::Rgba),
        PixelFormat::Cmyk | PixelFormat::Cmyka => {
            Err(Error::Unsupported("CMYK JPEG XL images are not supported"))
        }
    }
}

/// The colours that the decoder returns.
pub(crate) struct Colors {
    /// Their profile; `None` for sRGB.
    pub(crate) profile: Option<Vec<u8>>,
    pub(crate) depth: Depth,
}

/// Requests sRGB from the decoder if it can convert to it. HDR stays as it is stored, so that it is mapped as in other formats.
pub(crate) fn request_colors(image: &mut JxlImage) -> Colors {
    let metadata = &image.image_header().metadata;
    let is_gray = match &metadata.colour_encoding {
        ColourEncoding::Enum(encoding) => {
            let is_gray = encoding.colour_space == ColourSpace::Grey;
            if let Some(profile) = hdr_profile(encoding, is_gray) {
                let encoding = encoding.clone();
                image.request_color_encoding(encoding);
                return Colors { profile: Some(profile), depth: Depth::Sixteen };
            }
            is_gray
        }
        ColourEncoding::IccProfile(_) if !metadata.xyb_encoded => {
            return Colors { profile: image.original_icc().map(<[u8]>::to_vec), depth: Depth::Eight };
        }
        ColourEncoding::IccProfile(space) => *space == ColourSpace::Grey,
    };
    let intent = RenderingIntent::Relative;
    let encoding =
        if is_gray { EnumColourEncoding::gray_srgb(intent) } else { EnumColourEncoding::srgb(intent) };
    image.request_color_encoding(encoding);
    Colors { profile: None, depth: Depth::Eight }
}

/// The profile of HDR with defined primaries.
fn hdr_profile(encoding: &EnumColourEncoding, is_gray: bool) -> Option<Vec<u8>> {
    let transfer = match encoding.tf {
        TransferFunction::Pq => 16,
        TransferFunction::Hlg => 18,
        TransferFunction::Gamma { .. }
        | TransferFunction::Bt709
        | TransferFunction::Unknown
        | TransferFunction::Linear
        | TransferFunction::Srgb
        | TransferFunction::Dci => return None,
    };
    let primaries = match encoding.primaries {
        Primaries::Srgb => 1,
        Primaries::Bt2100 => 9,
        // White of D65 is assumed, as writers use it.
        Primaries::P3 => 12,
        Primaries::Custom { .. } => return None,
    };
    code_points::meaning(Cicp { primaries, transfer, matrix: 0, is_full_range: true }, is_gray).profile()
}

pub(crate) fn damaged(error: &(dyn std::error::Error + Send + Sync)) -> Error {
    Error::Damaged(error.to_string())
}
