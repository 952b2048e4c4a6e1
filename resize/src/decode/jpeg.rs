//! JPEG: our own decoder, and libjpeg-turbo for what that doesn't take and as a second opinion.

use codecs::jpeg::Completeness;
use codecs::planes::Sampling;
use jpeg::{ColorModel, Header, Plane, UnsupportedKind};

use super::planes::{put_channel, rgb_of_ycc, ycc_to_rgb};
use crate::error::Error;
use crate::pixels::rect::Rect;
use crate::pixels::{Channels, Pixels, Size};
use crate::plan::Plan;
use crate::plan::jpeg::JpegPlan;
use crate::source::jpeg_segments::{self, JpegSegments, ends_in_first_progressive_scan};
use crate::source::{Depth, SourceFormat, SourceInfo, orientation, size};
use crate::steps::scale::resample;
use crate::stopwatch::Stopwatch;

/// What is known of a JPEG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JpegInfo {
    /// As our own decoder reads it; none where it doesn't take the file.
    pub header: Option<Header>,
    /// How coarse chroma is, where libjpeg-turbo decodes the picture to planes of luma and chroma.
    pub sampling: Option<Sampling>,
    /// It is stored without loss, so that it is decoded at its full size only.
    pub is_lossless: bool,
    /// Its inks are stored inverted, as Adobe does.
    pub is_inverted: bool,
    /// It comes in several scans, so that libjpeg-turbo keeps the whole picture's coefficients.
    pub has_scans: bool,
}

/// Reads the header. libjpeg-turbo is asked where our own decoder doesn't take the file, and nowhere else.
pub(crate) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let Facts { header, width, height, channels, sampling, is_lossless } = match Header::read(bytes) {
        Ok(header) => Facts::of(header),
        // libjpeg-turbo has other functions for them, which give other samples.
        Err(jpeg::Error::Unsupported(UnsupportedKind::Precision(9..))) => {
            return Err(Error::Unsupported("only JPEGs of 8 bits a sample are read here"));
        }
        Err(jpeg::Error::Unsupported(_)) => Facts::of_foreign(codecs::jpeg::read_header(bytes)?),
        Err(error) => return Err(error.into()),
    };
    let JpegSegments { exif, profile, has_adobe, has_metadata, has_scans } = jpeg_segments::read(bytes);
    let info = JpegInfo { header, sampling, is_lossless, is_inverted: has_adobe, has_scans };
    Ok(SourceInfo {
        format: SourceFormat::Jpeg(info),
        size: size(width, height)?,
        animation: None,
        orientation: orientation(exif),
        channels,
        depth: Depth::Eight,
        profile,
        has_metadata,
        is_lossless: false,
    })
}

/// What either header says.
struct Facts {
    header: Option<Header>,
    width: u32,
    height: u32,
    channels: Channels,
    sampling: Option<Sampling>,
    is_lossless: bool,
}

impl Facts {
    fn of(header: Header) -> Self {
        let channels = match header.color() {
            ColorModel::Gray => Channels::Gray,
            ColorModel::YCbCr | ColorModel::Rgb => Channels::Rgb,
            ColorModel::Cmyk | ColorModel::Ycck => Channels::Cmyk,
        };
        Self {
            header: Some(header),
            width: header.width(),
            height: header.height(),
            channels,
            sampling: sampling(&header),
            is_lossless: false,
        }
    }

    fn of_foreign(header: codecs::jpeg::Header) -> Self {
        let channels = match header.color_space {
            codecs::jpeg::ColorSpace::Gray => Channels::Gray,
            codecs::jpeg::ColorSpace::Rgb => Channels::Rgb,
            codecs::jpeg::ColorSpace::Cmyk => Channels::Cmyk,
        };
        let codecs::jpeg::Header { width, height, sampling, is_lossless, .. } = header;
        Self { header: None, width, height, channels, sampling, is_lossless }
    }
}

/// The sampling by libjpeg-turbo's names: chroma of one sample a unit beside luma of one or two a side.
fn sampling(header: &Header) -> Option<Sampling> {
    let factors = header.components().iter().map(|component| (component.across, component.down));
    match (header.color(), factors.collect::<Vec<_>>().as_slice()) {
        (ColorModel::YCbCr, [luma, (1, 1), (1, 1)]) => match luma {
            (1, 1) => Some(Sampling::Full),
            (2, 1) => Some(Sampling::HalfWidth),
            (1, 2) => Some(Sampling::HalfHeight),
            (2, 2) => Some(Sampling::Half),
            _ => None,
        },
        _ => None,
    }
}

/// Decodes to pixels of the planned size, inks as they are where 255 is full.
pub(super) fn decode(
    bytes: &[u8],
    source: &SourceInfo,
    info: JpegInfo,
    plan: &Plan,
    watch: &Stopwatch,
) -> Result<Pixels, Error> {
    let mut pixels = match plan.jpeg {
        Some(JpegPlan::Own { header, options }) => {
            joined(planes(bytes, header, options, watch)?, source, header.color(), plan)?
        }
        Some(JpegPlan::LibjpegTurbo { scale, .. }) => by_libjpeg_turbo(bytes, source, scale, plan.decoded)?,
        None => return Err(Error::Internal("a JPEG was planned as something else".to_owned())),
    };
    if info.is_inverted && pixels.channels == Channels::Cmyk {
        pixels.samples.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    Ok(pixels)
}

/// Decodes to the planes that the file has.
pub(crate) fn planes(
    bytes: &[u8],
    header: Header,
    options: jpeg::Options,
    watch: &Stopwatch,
) -> Result<Vec<Plane>, Error> {
    let mut planes = jpeg::Planes::default();
    let mut in_time = Ok(());
    let decoded = jpeg::decode(&header, bytes, options, &mut planes, &mut || {
        in_time = watch.check();
        in_time.is_ok()
    });
    in_time?;
    if !decoded?.is_none() {
        admit_mended(bytes)?;
    }
    Ok(planes.into_planes())
}

/// Refuses a damaged JPEG of which less came than its first scan.
pub(crate) fn admit_mended(bytes: &[u8]) -> Result<(), Error> {
    if ends_in_first_progressive_scan(bytes) {
        return Err(Error::Damaged("it breaks off in its first scan".to_owned()));
    }
    Ok(())
}

/// A plane as a gray picture, and what of it is a part of the picture decoded to `plan`'s size.
pub(crate) fn gray(plane: Plane, part: Rect, plan: &Plan, source: Size) -> Result<(Pixels, Rect), Error> {
    let eighths = plan.jpeg.map_or(8, JpegPlan::eighths);
    let scaled = |side: u32| f64::from(side) * f64::from(eighths) / 8.0;
    let (width, height) = plane.exact_size();
    let part = part.stretched(width / scaled(source.width()), height / scaled(source.height()));
    let size = size(plane.width(), plane.height())?;
    Ok((Pixels { samples: plane.into_packed(), size, channels: Channels::Gray }, part.within(size)))
}

/// One picture of planes, the coarser ones made as fine as the picture. Inks are left as the file has them.
fn joined(planes: Vec<Plane>, source: &SourceInfo, color: ColorModel, plan: &Plan) -> Result<Pixels, Error> {
    let mut pixels = Pixels::black(plan.decoded, source.channels);
    for (channel, plane) in planes.into_iter().enumerate() {
        let (plane, part) = gray(plane, Rect::whole(plan.decoded), plan, source.size)?;
        let plane = resample(plane, part, plan.decoded)?;
        put_channel(&mut pixels.samples, channel, source.channels.count() as usize, &plane.samples);
    }
    match color {
        ColorModel::YCbCr => ycc_to_rgb(&mut pixels.samples),
        ColorModel::Ycck => ycck_to_cmyk(&mut pixels.samples),
        ColorModel::Gray | ColorModel::Rgb | ColorModel::Cmyk => {}
    }
    Ok(pixels)
}

/// The light of luma and chroma is what the three inks take away; the fourth is stored as it is.
fn ycck_to_cmyk(samples: &mut [u8]) {
    for pixel in samples.as_chunks_mut::<4>().0 {
        let [luma, cb, cr, black] = *pixel;
        let [red, green, blue] = rgb_of_ycc([luma, cb, cr]);
        *pixel = [255 - red, 255 - green, 255 - blue, black];
    }
}

fn by_libjpeg_turbo(
    bytes: &[u8],
    source: &SourceInfo,
    scale: codecs::jpeg::Scale,
    size: Size,
) -> Result<Pixels, Error> {
    let layout = match source.channels {
        Channels::Gray | Channels::GrayAlpha => codecs::jpeg::Layout::Gray,
        Channels::Rgb | Channels::Rgba => codecs::jpeg::Layout::Rgb,
        Channels::Cmyk => codecs::jpeg::Layout::Cmyk,
    };
    let mut pixels = Pixels::black(size, source.channels);
    let header = codecs::jpeg::read_header(bytes)?;
    let completeness = codecs::jpeg::decode(bytes, header, scale, layout, &mut pixels.samples)?;
    if completeness == Completeness::Incomplete {
        admit_mended(bytes)?;
    }
    Ok(pixels)
}
