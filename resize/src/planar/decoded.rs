//! A source's own planes.

use ::jpeg::Plane;
use codecs::jpeg::Completeness;
use codecs::planes::{PlanesMut, Sampling};

use crate::decode::jpeg;
use crate::error::Error;
use crate::pixels::rect::Rect;
use crate::pixels::{Channels, Pixels, Size};
use crate::plan::Plan;
use crate::plan::jpeg::{JpegPlan, planes_by_libjpeg_turbo};
use crate::source::info::{SourceFormat, SourceInfo};
use crate::stopwatch::Stopwatch;

/// Luma and chroma as they were decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// As large as the plan says, or a column and a row more.
    pub luma: Shown,
    /// As coarse as the source has it, or coarser.
    pub cb: Shown,
    /// As large as `cb`.
    pub cr: Shown,
}

/// A gray picture, and the part of it that is shown, which may begin and end between its samples.
pub type Shown = (Pixels, Rect);

/// Decodes a source to planes as its plan says, and stops where the time of `watch` is over and the decoder can be
/// stopped.
pub fn decode(bytes: &[u8], source: &SourceInfo, plan: &Plan, watch: &Stopwatch) -> Result<Decoded, Error> {
    match (plan.jpeg, source.format) {
        (Some(jpeg), _) => decode_jpeg(bytes, source, jpeg, plan, watch),
        (None, SourceFormat::Webp(header)) => {
            let mut buffers = Buffers::new(planes_of_webp(plan.decoded));
            codecs::webp::planes::decode(bytes, header, &mut buffers.borrow())?;
            Ok(buffers.shown(plan.shown, Sampling::Half))
        }
        (None, other) => Err(Error::Internal(format!("{} has no planes", other.name()))),
    }
}

fn decode_jpeg(
    bytes: &[u8],
    source: &SourceInfo,
    jpeg: JpegPlan,
    plan: &Plan,
    watch: &Stopwatch,
) -> Result<Decoded, Error> {
    match jpeg {
        JpegPlan::Own { header, options } => {
            let planes = jpeg::planes(bytes, header, options, watch)?;
            let shown = |plane: Plane| jpeg::gray(plane, plan.shown, plan, source.size);
            let [luma, cb, cr] = <[Plane; 3]>::try_from(planes)
                .map_err(|_| Error::Internal("luma and chroma are three planes".to_owned()))?;
            Ok(Decoded { luma: shown(luma)?, cb: shown(cb)?, cr: shown(cr)? })
        }
        JpegPlan::LibjpegTurbo { scale, sampling: Some(sampling) } => {
            let mut buffers = Buffers::new(planes_by_libjpeg_turbo(plan.decoded, sampling));
            let header = codecs::jpeg::read_header(bytes)?;
            let completeness = codecs::jpeg::planes::decode(bytes, header, scale, &mut buffers.borrow())?;
            if completeness == Completeness::Incomplete {
                jpeg::admit_mended(bytes)?;
            }
            Ok(buffers.shown(plan.shown, sampling))
        }
        JpegPlan::LibjpegTurbo { sampling: None, .. } => {
            Err(Error::Internal("libjpeg-turbo has no planes of this JPEG".to_owned()))
        }
    }
}

/// The bytes of the planes of a WebP.
pub(crate) fn webp_bytes(decoded: Size) -> u64 {
    let (luma, chroma) = planes_of_webp(decoded);
    luma.pixels() + 2 * chroma.pixels()
}

fn planes_of_webp(decoded: Size) -> (Size, Size) {
    let (width, height) = Sampling::Half.chroma_size(decoded.width(), decoded.height());
    (decoded, Size::new(width, height).unwrap_or(decoded))
}

/// What C codecs decode to.
struct Buffers {
    luma: Pixels,
    cb: Pixels,
    cr: Pixels,
}

impl Buffers {
    fn new((luma, chroma): (Size, Size)) -> Self {
        let plane = |size| Pixels::black(size, Channels::Gray);
        Self { luma: plane(luma), cb: plane(chroma), cr: plane(chroma) }
    }

    fn borrow(&mut self) -> PlanesMut<'_> {
        PlanesMut { luma: &mut self.luma.samples, cb: &mut self.cb.samples, cr: &mut self.cr.samples }
    }

    fn shown(self, part: Rect, sampling: Sampling) -> Decoded {
        let (across, down) = sampling.factors();
        let chroma = part.stretched(1.0 / f64::from(across), 1.0 / f64::from(down));
        Decoded { luma: (self.luma, part), cb: (self.cb, chroma), cr: (self.cr, chroma) }
    }
}
