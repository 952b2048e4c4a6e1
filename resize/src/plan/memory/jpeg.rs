//! The memory of the JPEG decoders.

use codecs::planes::Sampling;
use jpeg::ColorModel;

use crate::pixels::{Channels, Size};
use crate::plan::jpeg::JpegPlan;
use crate::plan::planes::libjpeg_turbo_sizes;
use crate::source::info::SourceInfo;

/// Memory of a decoder in addition to its result, in bytes.
pub(super) fn working_bytes(plan: JpegPlan, info: &SourceInfo) -> u64 {
    match plan {
        JpegPlan::Own { header, options } => {
            header.memory(options.scales) - header.plane_memory(options.scales)
        }
        JpegPlan::LibjpegTurbo { .. } => coefficients_of_libjpeg_turbo(info),
    }
}

/// The planes or pixels that a decoder returns for a picture of the size `decoded`, in bytes.
pub(super) fn decoded_bytes(plan: JpegPlan, decoded: Size, channels: Channels) -> u64 {
    let pixels = decoded.pixels() * u64::from(channels.count());
    match plan {
        // Planes are joined to pixels one after the other. A coarser plane is enlarged first.
        JpegPlan::Own { header, options } => {
            let is_kept = plan.is_planar() || header.color() == ColorModel::Gray;
            header.plane_memory(options.scales) + if is_kept { 0 } else { pixels + decoded.pixels() }
        }
        JpegPlan::LibjpegTurbo { sampling: None, .. } => pixels,
        JpegPlan::LibjpegTurbo { sampling: Some(sampling), .. } => {
            let (luma, chroma) = libjpeg_turbo_sizes(decoded, sampling);
            luma.pixels() + 2 * chroma.pixels()
        }
    }
}

/// The coefficients that libjpeg-turbo keeps of the whole picture, independent of the scale, in bytes. It keeps them
/// for files of several scans only.
fn coefficients_of_libjpeg_turbo(info: &SourceInfo) -> u64 {
    const BYTES_OF_A_COEFFICIENT: u64 = 2;
    let Some(jpeg) = info.jpeg().filter(|jpeg| jpeg.has_scans) else { return 0 };
    let luma = info.size.pixels();
    let samples = match jpeg.sampling {
        Some(Sampling::Half) => luma + luma / 2,
        Some(Sampling::HalfWidth | Sampling::HalfHeight) => 2 * luma,
        Some(Sampling::Full) | None => luma * u64::from(info.channels.count()),
    };
    BYTES_OF_A_COEFFICIENT * samples
}
