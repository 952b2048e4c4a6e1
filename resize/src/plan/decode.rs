//! The decoding part of a plan.

use contract::variant::{FrameNumber, Variant};

use super::density::Density;
use super::drawing;
use super::geometry::Target;
use super::heif::HeifPlan;
use super::jpeg::{JpegPlan, JpegTarget};
use super::planes::has_planes;
use crate::pixels::Size;
use crate::pixels::light::Light;
use crate::pixels::rect::Rect;
use crate::pixels::row_means::{averaged_size, rows_to_spare};
use crate::settings::Settings;
use crate::source::info::{Depth, SourceFormat, SourceInfo};

/// Settings for decoding source bytes to pixels or planes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodePlan {
    /// The decoder and scale of a JPEG. `None` for other formats.
    pub jpeg: Option<JpegPlan>,
    /// The part of a HEIC, and its scale. `None` for other formats.
    pub heif: Option<HeifPlan>,
    /// Number of stored rows that are averaged to one decoded row, 1 to 64. It is more than 1 only for decoders that
    /// return rows one by one.
    pub rows_per_mean: u32,
    /// Size of the decoded picture.
    pub size: Size,
    /// The numbers that are averaged.
    pub light: Light,
    /// The frame of an animation that becomes a still. `None` means the first.
    pub frame: Option<FrameNumber>,
    /// `true` if the picture is decoded to planes of luma and chroma instead of pixels.
    pub is_planar: bool,
}

impl DecodePlan {
    /// The smallest decoding that leaves enough samples for the target. `is_lossy` is true if the variant is encoded
    /// with loss, and chroma at half of luma's size.
    pub(super) fn new(
        info: &SourceInfo,
        variant: &Variant,
        target: &Target,
        is_lossy: bool,
        settings: &Settings,
    ) -> Self {
        let Target { shown, resampled, .. } = *target;
        let light = Light::of(variant, settings.profile);
        let density = Density::new(settings.profile, light);
        let jpeg_target = JpegTarget { shown, resampled, is_lossy, density };
        let jpeg = info.jpeg().map(|jpeg| JpegPlan::new(jpeg, settings.jpeg_decoder, jpeg_target));
        let heif = info.heic().map(|header| HeifPlan::new(header, info.size, target, density));
        let rows_per_mean = rows_per_mean(info, target);
        let size = match (jpeg, heif) {
            (Some(jpeg), _) => jpeg.decoded_size(info.size),
            (None, Some(heif)) => heif.size,
            (None, None) if info.format.is_drawn() => drawing::decoded_size(target),
            (None, None) => averaged_size(info.size, rows_per_mean),
        };
        let (frame, is_planar) = (variant.frame(), has_planes(info, jpeg));
        Self { jpeg, heif, rows_per_mean, size, light, frame, is_planar }
    }

    /// The part of the decoded picture that corresponds to the target's part of the stored picture.
    pub(super) fn shown(&self, info: &SourceInfo, target: &Target) -> Rect {
        let shown = match (self.jpeg, self.heif) {
            (Some(jpeg), _) => {
                let factor = f64::from(jpeg.eighths()) / 8.0;
                target.shown.stretched(factor, factor)
            }
            (None, Some(heif)) => {
                let (across, down) = heif.scale(info.size);
                target.shown.stretched(across, down)
            }
            (None, None) if info.format.is_drawn() => drawing::decoded_part(target, self.size),
            (None, None) => target.shown.stretched(1.0, 1.0 / f64::from(self.rows_per_mean)),
        };
        shown.within(self.size)
    }
}

/// Rows of a PNG are averaged while they are decoded, if enough of them remain. Rows with alpha are not averaged,
/// because their colours would have to be weighted by alpha.
fn rows_per_mean(info: &SourceInfo, target: &Target) -> u32 {
    let is_by_rows = info.format == SourceFormat::Png
        && info.animation.is_none()
        && info.depth == Depth::Eight
        && !info.channels.has_alpha();
    if is_by_rows { rows_to_spare(target.shown.height, target.resampled.height()) } else { 1 }
}
