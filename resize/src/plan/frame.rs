//! The resampling part of a plan.

use codecs::planes::Sampling;

use super::decode::DecodePlan;
use super::finish::FinishPlan;
use super::geometry::Target;
use super::planes::chroma_sampling;
use crate::pixels::Size;
use crate::pixels::light::Light;
use crate::pixels::rect::Rect;
use crate::source::info::SourceInfo;

/// The part of the decoded picture that is shown, and the size at which it is shown.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FramePlan {
    /// The part of the decoded picture that is shown. Its edges may lie between pixels.
    pub shown: Rect,
    /// The size to which the part is resampled, before orientation.
    pub resampled: Size,
    /// The numbers that are averaged.
    pub light: Light,
    /// The sampling to which the chroma of planes is resampled: half if they are encoded as planes, full if they become
    /// pixels. Always full if the picture is decoded to pixels.
    pub chroma: Sampling,
}

impl FramePlan {
    pub(super) fn new(
        info: &SourceInfo,
        target: &Target,
        decode: &DecodePlan,
        finish: &FinishPlan,
        is_lossy: bool,
    ) -> Self {
        Self {
            shown: decode.shown(info, target),
            resampled: target.resampled,
            light: decode.light,
            chroma: if decode.is_planar { chroma_sampling(info, finish, is_lossy) } else { Sampling::Full },
        }
    }
}
