//! The decoder and the scale of a JPEG.

use codecs::planes::Sampling;
use jpeg::{ColorModel, Header, LastBits, Options, Scale, Scales};

use super::density::Density;
use crate::pixels::Size;
use crate::pixels::rect::Rect;
use crate::settings::JpegDecoder;
use crate::source::info::JpegInfo;

/// Coarsest quantisation step at which the last bits of coefficients are not read.
///
/// The last bits of a progressive file's coefficients are about half of its bytes. At a scale of a quarter, and with
/// quantisation no coarser than libjpeg's at quality 85, leaving them out changes the SSIMULACRA2 of a lossy variant by
/// 0.15 on average (three photos of 6 and 12 megapixels, qualities 85 to 95). At a scale of 3/8, or with coarser
/// quantisation (quality 60), the change is up to 0.5; lossless variants of some photos lose 1.
const COARSEST_STEP_WITHOUT_LAST_BITS: u16 = 4;

/// The decoder of a JPEG with its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JpegPlan {
    /// The crate `jpeg`.
    Own {
        /// The header that it read.
        header: Header,
        /// The scales of luma and chroma, and the precision of the coefficients.
        options: Options,
    },
    /// libjpeg-turbo.
    LibjpegTurbo {
        /// One of the scales for which it has fast code.
        scale: codecs::jpeg::Scale,
        /// The chroma sampling, if it decodes to planes.
        sampling: Option<Sampling>,
    },
}

/// The variant for which a JPEG is decoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct JpegTarget {
    /// The part of the stored picture that is shown.
    pub(super) shown: Rect,
    /// The size to which the part is resampled.
    pub(super) resampled: Size,
    /// `true` if the variant is encoded with loss, and chroma at half of luma's size.
    pub(super) is_lossy: bool,
    /// The samples that the filter needs. A JPEG is decoded at the smallest scale that leaves them.
    pub(super) density: Density,
}

impl JpegPlan {
    /// The smallest scales that leave enough samples for the target.
    pub(super) fn new(info: &JpegInfo, decoder: JpegDecoder, target: JpegTarget) -> Self {
        match (decoder, info.header) {
            (JpegDecoder::Own, Some(header)) => {
                let scales = scales(&header, target);
                let options = Options { scales, last_bits: last_bits(&header, scales, target) };
                Self::Own { header, options }
            }
            (JpegDecoder::Own, None) | (JpegDecoder::LibjpegTurbo, _) => {
                let is_enough = |scale: &codecs::jpeg::Scale| {
                    target.is_luma_enough(f64::from(scale.eighths()), (1.0, 1.0))
                };
                let scales = codecs::jpeg::Scale::ALL.into_iter();
                let scale = scales.filter(|_| !info.is_lossless).find(is_enough);
                Self::LibjpegTurbo {
                    scale: scale.unwrap_or(codecs::jpeg::Scale::Full),
                    sampling: info.sampling,
                }
            }
        }
    }

    /// The scale of luma in eighths, 1 to 8.
    pub fn eighths(self) -> u32 {
        match self {
            Self::Own { options, .. } => options.scales.luma.eighths(),
            Self::LibjpegTurbo { scale, .. } => scale.eighths(),
        }
    }

    /// The size to which a picture of the size `stored` is decoded.
    pub(super) fn decoded_size(self, stored: Size) -> Size {
        let side = |pixels| match self {
            Self::Own { options, .. } => options.scales.luma.of(pixels),
            Self::LibjpegTurbo { scale, .. } => scale.of(pixels),
        };
        Size::new(side(stored.width()), side(stored.height())).unwrap_or(stored)
    }

    /// `true` if the decoder returns planes of luma and chroma.
    pub fn is_planar(self) -> bool {
        match self {
            Self::Own { header, .. } => header.color() == ColorModel::YCbCr,
            Self::LibjpegTurbo { sampling, .. } => sampling.is_some(),
        }
    }
}

impl JpegTarget {
    /// `true` if luma has enough samples when it is decoded at `eighths` of its size. `fineness` is the size of the stored
    /// plane, across and down, as a share of the picture's size.
    fn is_luma_enough(&self, eighths: f64, fineness: (f64, f64)) -> bool {
        eighths / 8.0 >= self.density.least && self.is_enough(eighths, fineness, self.density.luma)
    }

    /// `true` if chroma has enough samples when it is decoded at `eighths` of its size. `part` is the size of the resampled
    /// plane, across and down, as a share of the variant's size.
    fn is_chroma_enough(&self, eighths: f64, fineness: (f64, f64), part: f64) -> bool {
        self.is_enough(eighths, fineness, part * self.density.chroma)
    }

    /// `true` if a plane that is decoded at `eighths` of its size has at least `samples` for each pixel of the variant, across
    /// and down.
    fn is_enough(&self, eighths: f64, fineness: (f64, f64), samples: f64) -> bool {
        let factor = eighths / 8.0;
        let is_enough = |shown: f64, fineness: f64, resampled: u32| {
            shown * factor * fineness >= f64::from(resampled) * samples
        };
        is_enough(self.shown.width, fineness.0, self.resampled.width())
            && is_enough(self.shown.height, fineness.1, self.resampled.height())
    }
}

/// The precision at which coefficients are read.
fn last_bits(header: &Header, scales: Scales, target: JpegTarget) -> LastBits {
    let is_small = scales.luma <= Scale::QUARTER && scales.chroma <= Scale::QUARTER;
    let is_fine =
        header.coarsest_step(scales.luma).is_some_and(|step| step <= COARSEST_STEP_WITHOUT_LAST_BITS);
    if target.is_lossy && is_small && is_fine { LastBits::Drop } else { LastBits::Read }
}

/// The smallest scales that leave enough samples. Chroma may get a smaller one than luma if chroma is encoded at half of
/// luma's size.
fn scales(header: &Header, target: JpegTarget) -> Scales {
    let (most_across, most_down) = header.largest_factors();
    let fineness = |place: usize| {
        header.components().get(place).map_or((1.0, 1.0), |component| {
            (
                f64::from(component.across) / f64::from(most_across),
                f64::from(component.down) / f64::from(most_down),
            )
        })
    };
    let smallest = |is_enough: &dyn Fn(f64) -> bool| {
        let mut scales = Scale::ALL.into_iter();
        scales.find(|scale| is_enough(f64::from(scale.eighths()))).unwrap_or(Scale::FULL)
    };
    let luma_of = |place: usize| smallest(&|eighths| target.is_luma_enough(eighths, fineness(place)));
    let chroma_of = |part: f64| smallest(&|eighths| target.is_chroma_enough(eighths, fineness(1), part));
    let luma = luma_of(0);
    match header.color() {
        ColorModel::Gray => Scales::all(luma),
        ColorModel::YCbCr if target.is_lossy => Scales { luma, chroma: chroma_of(0.5) },
        ColorModel::YCbCr | ColorModel::Ycck => Scales { luma, chroma: chroma_of(1.0) },
        // The other components are colours, too.
        ColorModel::Rgb | ColorModel::Cmyk => Scales { luma, chroma: luma_of(1) },
    }
}
