//! Reads the header of a JPEG XL.

use jxl_oxide::color::{ColourEncoding, ColourSpace};
use jxl_oxide::{
    EnumColourEncoding, InitializeResult, JxlImage, JxlThreadPool, PixelFormat, RenderingIntent,
};

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
    let profile = request_srgb(&mut image);
    let metadata = &image.image_header().metadata;
    Ok(SourceInfo {
        format: SourceFormat::Jxl,
        size: size(image.width(), image.height())?,
        animation: None,
        orientation: Orientation::UPRIGHT,
        channels,
        depth: Depth::Eight,
        has_metadata: profile.is_some(),
        profile,
        is_lossless: !metadata.xyb_encoded,
    })
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

/// Requests sRGB from the decoder if it can convert to it; otherwise returns the profile for a later conversion.
pub(crate) fn request_srgb(image: &mut JxlImage) -> Option<Vec<u8>> {
    let metadata = &image.image_header().metadata;
    let is_gray = match &metadata.colour_encoding {
        ColourEncoding::Enum(encoding) => encoding.colour_space == ColourSpace::Grey,
        ColourEncoding::IccProfile(_) if !metadata.xyb_encoded => {
            return image.original_icc().map(<[u8]>::to_vec);
        }
        ColourEncoding::IccProfile(space) => *space == ColourSpace::Grey,
    };
    let intent = RenderingIntent::Relative;
    let encoding =
        if is_gray { EnumColourEncoding::gray_srgb(intent) } else { EnumColourEncoding::srgb(intent) };
    image.request_color_encoding(encoding);
    None
}

pub(crate) fn damaged(error: &(dyn std::error::Error + Send + Sync)) -> Error {
    Error::Damaged(error.to_string())
}
