//! Encodes planes of luma and chroma.

use contract::format::Format;

use super::auto_quality::choose;
use super::auto_quality::features::Features;
use super::view::view;
use crate::error::Error;
use crate::pixels::planes::Planes;
use crate::plan::output::OutputPlan;

/// Encodes planes whose chroma has half of luma's size.
pub(super) fn encode(planes: &Planes, plan: &OutputPlan) -> Result<Vec<u8>, Error> {
    let views = codecs::planes::Planes {
        luma: view(&planes.luma),
        cb: view(&planes.cb),
        cr: view(&planes.cr),
        range: planes.range,
    };
    let quality = choose(plan.quality, plan.format, || Features::of_planes(planes));
    match plan.format {
        Format::Jpeg => Ok(codecs::jpeg::planes::encode(views, quality, plan.is_progressive)?),
        Format::Webp => Ok(codecs::webp::planes::encode(views, quality)?),
        Format::Avif => Ok(codecs::avif::encode_planes(views, quality)?),
        Format::Png | Format::Gif => {
            Err(Error::Internal("PNG and GIF are not encoded from planes".to_owned()))
        }
    }
}
