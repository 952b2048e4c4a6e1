//! Encodes pixels as a variant's file. No metadata is needed, since the pixels are upright and in sRGB.

pub(crate) mod animation;
pub mod auto_quality;
pub(crate) mod notices;

mod colors;
mod gif;
mod planes;
mod png;
mod view;

use codecs::{Layout, View};
use contract::format::Format;

use crate::error::Error;
use crate::pixels::picture::Picture;
use crate::pixels::{Channels, Pixels};
use crate::plan::output::OutputPlan;
use auto_quality::choose;
use auto_quality::features::Features;
use colors::{has_few_colors, has_sharp_chroma};
use view::{unplanned, view};

/// Encodes a still in the planned format and quality.
pub fn encode(picture: &Picture, plan: &OutputPlan) -> Result<Vec<u8>, Error> {
    match picture {
        Picture::Pixels(pixels) => encode_pixels(pixels, plan),
        Picture::Planes(planes) => planes::encode(planes, plan),
    }
}

fn encode_pixels(pixels: &Pixels, plan: &OutputPlan) -> Result<Vec<u8>, Error> {
    let quality = || choose(plan.quality, plan.format, || Features::of_pixels(pixels));
    match plan.format {
        Format::Jpeg => jpeg(pixels, quality(), plan),
        Format::Png => png::encode(pixels, plan.is_graphic),
        Format::Webp if plan.is_lossless => rgb_or_rgba(pixels, codecs::webp::encode_lossless),
        Format::Webp if plan.may_be_lossless && has_few_colors(pixels) => smaller_webp(pixels, quality()),
        Format::Webp => rgb_or_rgba(pixels, |view, layout| codecs::webp::encode(view, layout, quality())),
        Format::Gif => gif::encode(pixels),
        Format::Avif if plan.may_be_sharp && has_sharp_chroma(pixels) => {
            rgb_or_rgba(pixels, |view, layout| codecs::avif::encode_sharp(view, layout, quality()))
        }
        Format::Avif => rgb_or_rgba(pixels, |view, layout| codecs::avif::encode(view, layout, quality())),
    }
}

/// A WebP without loss, or one with loss if that is smaller.
fn smaller_webp(pixels: &Pixels, quality: u8) -> Result<Vec<u8>, Error> {
    let lossless = rgb_or_rgba(pixels, codecs::webp::encode_lossless)?;
    let lossy = rgb_or_rgba(pixels, |view, layout| codecs::webp::encode(view, layout, quality))?;
    Ok(if lossless.len() <= lossy.len() { lossless } else { lossy })
}

fn jpeg(pixels: &Pixels, quality: u8, plan: &OutputPlan) -> Result<Vec<u8>, Error> {
    let layout = match pixels.channels {
        Channels::Gray => codecs::jpeg::Layout::Gray,
        Channels::Rgb => codecs::jpeg::Layout::Rgb,
        Channels::GrayAlpha | Channels::Rgba | Channels::Cmyk => return Err(unplanned(pixels)),
    };
    let coding = codecs::jpeg::Coding {
        quality,
        is_sharp: plan.may_be_sharp && has_sharp_chroma(pixels),
        is_progressive: plan.is_progressive,
    };
    Ok(codecs::jpeg::encode_as(view(pixels), layout, coding)?)
}

/// Encodes with a codec that supports neither gray nor CMYK.
fn rgb_or_rgba(
    pixels: &Pixels,
    encode: impl Fn(View<'_>, Layout) -> Result<Vec<u8>, codecs::Error>,
) -> Result<Vec<u8>, Error> {
    match pixels.channels {
        Channels::Rgb => Ok(encode(view(pixels), Layout::Rgb)?),
        Channels::Rgba => Ok(encode(view(pixels), Layout::Rgba)?),
        Channels::Gray => {
            let rgb = pixels.map(Channels::Rgb, |[gray]| [gray; 3]);
            Ok(encode(view(&rgb), Layout::Rgb)?)
        }
        Channels::GrayAlpha => {
            let rgba = pixels.map(Channels::Rgba, |[gray, alpha]| [gray, gray, gray, alpha]);
            Ok(encode(view(&rgba), Layout::Rgba)?)
        }
        Channels::Cmyk => Err(unplanned(pixels)),
    }
}
