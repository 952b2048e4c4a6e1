//! How a JPEG is decoded: by whom, at which scale, how finely.

use codecs::planes::Sampling;
use contract::policy::Profile;
use jpeg::{ColorModel, Header, LastBits, Options, Scale, Scales};

use crate::pixels::rect::Rect;
use crate::pixels::{Channels, Size};
use crate::settings::JpegDecoder;
use crate::source::info::{JpegInfo, SourceInfo};

/// A JPEG is decoded at the smallest scale that leaves this many decoded samples for each one shown, a side:
/// less shows in the result (SSIMULACRA2 88 to 90 at 1.1, 92 to 95 at 1.5 against a full decode).
const fn decoded_per_shown(profile: Profile) -> f64 {
    match profile {
        Profile::Standard => 1.5,
        Profile::Fast => 1.25,
    }
}

/// The last bits of a progressive file's coefficients are about half of its bytes. At a scale of a quarter, and with
/// quantisation no coarser than libjpeg's at quality 85, leaving them out changes the SSIMULACRA2 of a lossy variant by
/// 0.15 in the mean: measured over three photos of 6 and 12 megapixels, at qualities 85 to 95. At 3/8 it is up to 0.5, at
/// quality 60 as much; a lossless variant of some photos loses 1.
const COARSEST_STEP_WITHOUT_LAST_BITS: u16 = 4;

/// How a JPEG is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JpegPlan {
    /// By our own decoder.
    Own {
        /// What it read.
        header: Header,
        /// The scales of luma and chroma, and how finely coefficients are read.
        options: Options,
    },
    /// By libjpeg-turbo.
    LibjpegTurbo {
        /// One of those that it has fast code for.
        scale: codecs::jpeg::Scale,
        /// How coarse the planes' chroma is, where it gives planes.
        sampling: Option<Sampling>,
    },
}

/// What is wanted of a JPEG.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The part that is shown, in pixels of the source.
    pub(super) shown: Rect,
    /// The size that it is resampled to.
    pub(super) resampled: Size,
    /// It is encoded with loss, with chroma of half luma's size.
    pub(super) is_lossy: bool,
    /// How many samples are decoded for each one shown.
    pub(super) profile: Profile,
}

impl JpegPlan {
    pub(super) fn new(info: &JpegInfo, decoder: JpegDecoder, wanted: Wanted) -> Self {
        match (decoder, info.header) {
            (JpegDecoder::Own, Some(header)) => {
                let scales = scales(&header, wanted);
                let options = Options { scales, last_bits: last_bits(&header, scales, wanted) };
                Self::Own { header, options }
            }
            (JpegDecoder::Own, None) | (JpegDecoder::LibjpegTurbo, _) => {
                let whole = (1.0, 1.0);
                let is_enough =
                    |scale: &codecs::jpeg::Scale| wanted.is_enough(f64::from(scale.eighths()), whole, whole);
                let scales = codecs::jpeg::Scale::ALL.into_iter();
                let scale = scales.filter(|_| !info.is_lossless).find(is_enough);
                Self::LibjpegTurbo {
                    scale: scale.unwrap_or(codecs::jpeg::Scale::Full),
                    sampling: info.sampling,
                }
            }
        }
    }

    /// The eighths of its size in which the picture is decoded, 1 to 8.
    pub fn eighths(self) -> u32 {
        match self {
            Self::Own { options, .. } => options.scales.luma.eighths(),
            Self::LibjpegTurbo { scale, .. } => scale.eighths(),
        }
    }

    /// The size that a picture of the size `stored` is decoded to.
    pub(super) fn decoded(self, stored: Size) -> Size {
        let side = |pixels| match self {
            Self::Own { options, .. } => options.scales.luma.of(pixels),
            Self::LibjpegTurbo { scale, .. } => scale.of(pixels),
        };
        Size::new(side(stored.width()), side(stored.height())).unwrap_or(stored)
    }

    /// Whether it comes in planes of luma and chroma.
    pub fn is_planar(self) -> bool {
        match self {
            Self::Own { header, .. } => header.color() == ColorModel::YCbCr,
            Self::LibjpegTurbo { sampling, .. } => sampling.is_some(),
        }
    }

    /// The bytes that its decoder takes next to what it gives.
    pub(super) fn working_bytes(self, source: &SourceInfo) -> u64 {
        match self {
            Self::Own { header, options } => {
                header.memory(options.scales) - header.plane_memory(options.scales)
            }
            Self::LibjpegTurbo { .. } => coefficients_of_libjpeg_turbo(source),
        }
    }

    /// The bytes that its decoder gives for a picture of the size `decoded`: planes, or pixels.
    pub(super) fn decoded_bytes(self, decoded: Size, channels: Channels) -> u64 {
        let pixels = decoded.pixels() * u64::from(channels.count());
        match self {
            // Planes are joined to pixels one after the other, and one that is coarser is made finer first.
            Self::Own { header, options } => {
                let is_kept = self.is_planar() || header.color() == ColorModel::Gray;
                header.plane_memory(options.scales) + if is_kept { 0 } else { pixels + decoded.pixels() }
            }
            Self::LibjpegTurbo { sampling: None, .. } => pixels,
            Self::LibjpegTurbo { sampling: Some(sampling), .. } => {
                let (luma, chroma) = planes_by_libjpeg_turbo(decoded, sampling);
                luma.pixels() + 2 * chroma.pixels()
            }
        }
    }
}

/// What libjpeg-turbo keeps of the whole picture, whatever the scale, in bytes: the coefficients of a file that comes
/// in several scans.
fn coefficients_of_libjpeg_turbo(source: &SourceInfo) -> u64 {
    const BYTES_OF_A_COEFFICIENT: u64 = 2;
    let Some(info) = source.jpeg().filter(|info| info.has_scans) else { return 0 };
    let luma = source.size.pixels();
    let samples = match info.sampling {
        Some(Sampling::Half) => luma + luma / 2,
        Some(Sampling::HalfWidth | Sampling::HalfHeight) => 2 * luma,
        Some(Sampling::Full) | None => luma * u64::from(source.channels.count()),
    };
    BYTES_OF_A_COEFFICIENT * samples
}

/// The sizes of the buffers for luma and chroma of a decoded picture: luma of whole samples of chroma, since
/// libjpeg-turbo fills so many.
pub(crate) fn planes_by_libjpeg_turbo(decoded: Size, sampling: Sampling) -> (Size, Size) {
    let (across, down) = sampling.factors();
    let (width, height) = sampling.chroma_size(decoded.width(), decoded.height());
    let size = |width, height| Size::new(width, height).unwrap_or(decoded);
    (size(width * across, height * down), size(width, height))
}

impl Wanted {
    /// Whether a plane that is `fineness` of the picture's size at `eighths` of it has enough samples for one that comes
    /// out at `part` of the variant's size, each across and down.
    fn is_enough(&self, eighths: f64, fineness: (f64, f64), part: (f64, f64)) -> bool {
        let factor = eighths / 8.0;
        let is_enough = |shown: f64, fineness: f64, resampled: u32, part: f64| {
            shown * factor * fineness >= f64::from(resampled) * part * decoded_per_shown(self.profile)
        };
        is_enough(self.shown.width, fineness.0, self.resampled.width(), part.0)
            && is_enough(self.shown.height, fineness.1, self.resampled.height(), part.1)
    }
}

/// Whether the last bits of coefficients are worth reading.
fn last_bits(header: &Header, scales: Scales, wanted: Wanted) -> LastBits {
    let is_small = scales.luma <= Scale::QUARTER && scales.chroma <= Scale::QUARTER;
    let is_fine =
        header.coarsest_step(scales.luma).is_some_and(|step| step <= COARSEST_STEP_WITHOUT_LAST_BITS);
    if wanted.is_lossy && is_small && is_fine { LastBits::Drop } else { LastBits::Read }
}

/// The smallest scales that leave enough samples: of chroma, where it is luma's companion, for what is made of it.
fn scales(header: &Header, wanted: Wanted) -> Scales {
    let (most_across, most_down) = header.largest_factors();
    let smallest = |place: usize, part: (f64, f64)| {
        let component = header.components().get(place);
        let fineness = component.map_or((1.0, 1.0), |component| {
            (
                f64::from(component.across) / f64::from(most_across),
                f64::from(component.down) / f64::from(most_down),
            )
        });
        let is_enough = |scale: &Scale| wanted.is_enough(f64::from(scale.eighths()), fineness, part);
        Scale::ALL.into_iter().find(is_enough).unwrap_or(Scale::FULL)
    };
    let luma = smallest(0, (1.0, 1.0));
    let half = (0.5, 0.5);
    match header.color() {
        ColorModel::Gray => Scales::all(luma),
        ColorModel::YCbCr if wanted.is_lossy => Scales { luma, chroma: smallest(1, half) },
        ColorModel::YCbCr | ColorModel::Ycck | ColorModel::Rgb | ColorModel::Cmyk => {
            Scales { luma, chroma: smallest(1, (1.0, 1.0)) }
        }
    }
}
