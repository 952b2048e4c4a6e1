//! Reads the frame header and the application segments of a JPEG.

use codecs::planes::Sampling;
use jpeg::{ColorModel, Header, UnsupportedKind};

use super::info::{Depth, JpegInfo, SourceFormat, SourceInfo, orientation, size};
use super::jpeg_segments::{self, JpegSegments};
use crate::error::Error;
use crate::pixels::Channels;

/// Reads the header. libjpeg-turbo reads it only if the crate `jpeg` doesn't support the file.
pub(super) fn probe(bytes: &[u8]) -> Result<SourceInfo, Error> {
    let Facts { header, width, height, channels, sampling, is_lossless } = match Header::read(bytes) {
        Ok(header) => Facts::of(header),
        // libjpeg-turbo has separate functions for these, which return samples of another type.
        Err(jpeg::Error::Unsupported(UnsupportedKind::Precision(9..))) => {
            return Err(Error::Unsupported("only JPEGs of 8 bits a sample are supported"));
        }
        Err(jpeg::Error::Unsupported(UnsupportedKind::Arithmetic)) => {
            let facts = Facts::of_foreign(codecs::jpeg::read_header(bytes)?);
            admit_arithmetic(facts.width, facts.height)?;
            facts
        }
        Err(jpeg::Error::Unsupported(_)) => Facts::of_foreign(codecs::jpeg::read_header(bytes)?),
        Err(error) => return Err(error.into()),
    };
    let JpegSegments { exif, profile, has_metadata, has_scans } = jpeg_segments::read(bytes);
    let info = JpegInfo { header, sampling, is_lossless, has_scans };
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

/// Refuses a large picture with arithmetic coding, which takes ten times as long to decode as Huffman coding.
fn admit_arithmetic(width: u32, height: u32) -> Result<(), Error> {
    const MAX_PIXELS: u64 = 25_000_000;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Error::TooManyPixels { width, height, limit: MAX_PIXELS });
    }
    Ok(())
}

/// The facts that both header readers return.
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

/// The sampling by libjpeg-turbo's names: chroma has one sample per unit, and luma has one or two per side.
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
