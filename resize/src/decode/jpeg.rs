//! Decodes JPEG with the crate `jpeg`, or with libjpeg-turbo if that crate doesn't support the file or the settings
//! select libjpeg-turbo.

use codecs::jpeg::Completeness;
use jpeg::{ColorModel, Header, Plane};

use super::samples::{put_channel, rgb_of_ycc, ycc_to_rgb};
use crate::error::Error;
use crate::pixels::picture::DecodedPlane;
use crate::pixels::rect::Rect;
use crate::pixels::resample::resample;
use crate::pixels::{Channels, Pixels, Size};
use crate::plan::decode::DecodePlan;
use crate::plan::jpeg::JpegPlan;
use crate::source::file::File;
use crate::source::info::{SourceInfo, size};
use crate::source::jpeg_segments::ends_in_first_progressive_scan;
use crate::stopwatch::Stopwatch;

/// Decodes to pixels of the planned size. In CMYK, 255 is full ink.
pub(super) fn decode(
    file: File<'_>,
    info: &SourceInfo,
    plan: &DecodePlan,
    watch: &Stopwatch,
) -> Result<Pixels, Error> {
    let mut pixels = match plan.jpeg {
        Some(JpegPlan::Own { header, options }) => {
            joined(planes(file, header, options, watch)?, info, options, header.color(), plan.size)?
        }
        Some(JpegPlan::LibjpegTurbo { scale, .. }) => {
            by_libjpeg_turbo(file.whole()?, info, scale, plan.size)?
        }
        None => return Err(Error::Internal("a JPEG was planned as something else".to_owned())),
    };
    // Adobe's programs write inks inverted, and viewers take it so whether Adobe's marker is there or not.
    if pixels.channels == Channels::Cmyk {
        pixels.samples.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    Ok(pixels)
}

/// Decodes to the planes of the file.
pub(super) fn planes(
    file: File<'_>,
    header: Header,
    options: jpeg::Options,
    watch: &Stopwatch,
) -> Result<Vec<Plane>, Error> {
    let mut in_time = Ok(());
    let mut keep_going = || {
        in_time = watch.check();
        in_time.is_ok()
    };
    if let Some(planes) = file.shared_planes(&header, options, &mut keep_going) {
        return Ok(planes.into_planes());
    }
    let mut planes = jpeg::Planes::default();
    let decoded =
        file.decode(|input| jpeg::decode_arriving(&header, input, options, &mut planes, &mut keep_going));
    in_time?;
    if !decoded??.is_none() {
        admit_repaired(file.whole()?)?;
    }
    Ok(planes.into_planes())
}

/// Refuses a damaged JPEG that ends within its first progressive scan.
pub(super) fn admit_repaired(bytes: &[u8]) -> Result<(), Error> {
    if ends_in_first_progressive_scan(bytes) {
        return Err(Error::Damaged("it ends in its first scan".to_owned()));
    }
    Ok(())
}

/// A plane of a picture of the size `stored`, whose luma is decoded at `eighths` of its size.
pub(super) fn decoded_plane(plane: Plane, eighths: u32, stored: Size) -> Result<DecodedPlane, Error> {
    let scaled = |side: u32| f64::from(side) * f64::from(eighths) / 8.0;
    let (width, height) = plane.exact_size();
    let scale = (width / scaled(stored.width()), height / scaled(stored.height()));
    let size = size(plane.width(), plane.height())?;
    let pixels = Pixels { samples: plane.into_packed(), size, channels: Channels::Gray };
    Ok(DecodedPlane { pixels, scale })
}

/// Joins planes to one picture. Coarser planes are resampled to its size. CMYK samples stay as they are in the file.
fn joined(
    planes: Vec<Plane>,
    info: &SourceInfo,
    options: jpeg::Options,
    color: ColorModel,
    size: Size,
) -> Result<Pixels, Error> {
    let mut pixels = Pixels::black(size, info.channels);
    for (channel, plane) in planes.into_iter().enumerate() {
        let plane = decoded_plane(plane, options.scales.luma.eighths(), info.size)?;
        let part = plane.part(Rect::whole(size));
        let plane = resample(plane.pixels, part, size)?;
        put_channel(&mut pixels.samples, channel, info.channels.count() as usize, &plane.samples);
    }
    match color {
        ColorModel::YCbCr => ycc_to_rgb(&mut pixels.samples),
        ColorModel::Ycck => ycck_to_cmyk(&mut pixels.samples),
        ColorModel::Gray | ColorModel::Rgb | ColorModel::Cmyk => {}
    }
    Ok(pixels)
}

/// Converts YCCK to CMYK in place. Luma and chroma give the light that three inks absorb; the fourth is stored
/// directly.
fn ycck_to_cmyk(samples: &mut [u8]) {
    for pixel in samples.as_chunks_mut::<4>().0 {
        let [luma, cb, cr, black] = *pixel;
        let [red, green, blue] = rgb_of_ycc([luma, cb, cr]);
        *pixel = [255 - red, 255 - green, 255 - blue, black];
    }
}

fn by_libjpeg_turbo(
    bytes: &[u8],
    info: &SourceInfo,
    scale: codecs::jpeg::Scale,
    size: Size,
) -> Result<Pixels, Error> {
    let layout = match info.channels {
        Channels::Gray | Channels::GrayAlpha => codecs::jpeg::Layout::Gray,
        Channels::Rgb | Channels::Rgba => codecs::jpeg::Layout::Rgb,
        Channels::Cmyk => codecs::jpeg::Layout::Cmyk,
    };
    let mut pixels = Pixels::black(size, info.channels);
    let header = codecs::jpeg::read_header(bytes)?;
    let completeness = codecs::jpeg::decode(bytes, header, scale, layout, &mut pixels.samples)?;
    if completeness == Completeness::Incomplete {
        admit_repaired(bytes)?;
    }
    Ok(pixels)
}
