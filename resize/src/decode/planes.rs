//! Decodes source bytes to planes of luma and chroma.

use ::jpeg::Plane;
use codecs::jpeg::Completeness;
use codecs::planes::{PlanesMut, Range, Sampling};

use super::jpeg;
use super::truncated::admit_rows;
use crate::error::Error;
use crate::pixels::picture::{DecodedPlane, DecodedPlanes};
use crate::pixels::{Channels, Pixels, Size};
use crate::plan::decode::DecodePlan;
use crate::plan::jpeg::JpegPlan;
use crate::plan::planes::{libjpeg_turbo_sizes, webp_sizes};
use crate::source::Source;
use crate::source::info::SourceFormat;
use crate::stopwatch::Stopwatch;

/// Decodes a source to planes as planned. Stops at the deadline of `watch` if the decoder can be stopped.
pub(crate) fn decode(
    source: &Source<'_>,
    plan: &DecodePlan,
    watch: &Stopwatch,
) -> Result<DecodedPlanes, Error> {
    match (plan.jpeg, source.info().format) {
        (Some(jpeg), _) => decode_jpeg(source, jpeg, plan.size, watch),
        (None, SourceFormat::Webp(header)) => {
            let mut buffers = Buffers::black(webp_sizes(plan.size));
            let rows = codecs::webp::planes::decode(source.file().whole()?, header, &mut buffers.borrow())?;
            admit_rows(rows, header.height)?;
            Ok(buffers.into_planes(Sampling::Half, Range::Limited))
        }
        (None, other) => Err(Error::Internal(format!("{} has no planes", other.name()))),
    }
}

fn decode_jpeg(
    source: &Source<'_>,
    plan: JpegPlan,
    decoded: Size,
    watch: &Stopwatch,
) -> Result<DecodedPlanes, Error> {
    let file = source.file();
    match plan {
        JpegPlan::Own { header, options } => {
            let planes = jpeg::planes(file, header, options, watch)?;
            let [luma, cb, cr] = <[Plane; 3]>::try_from(planes)
                .map_err(|_| Error::Internal("luma and chroma are three planes".to_owned()))?;
            let plane = |plane| jpeg::decoded_plane(plane, plan.eighths(), source.info().size);
            Ok(DecodedPlanes { luma: plane(luma)?, cb: plane(cb)?, cr: plane(cr)?, range: Range::Full })
        }
        JpegPlan::LibjpegTurbo { scale, sampling: Some(sampling) } => {
            let mut buffers = Buffers::new(libjpeg_turbo_sizes(decoded, sampling));
            let bytes = file.whole()?;
            let header = codecs::jpeg::read_header(bytes)?;
            let completeness = codecs::jpeg::planes::decode(bytes, header, scale, &mut buffers.borrow())?;
            if completeness == Completeness::Incomplete {
                jpeg::admit_repaired(bytes)?;
            }
            Ok(buffers.into_planes(sampling, Range::Full))
        }
        JpegPlan::LibjpegTurbo { sampling: None, .. } => {
            Err(Error::Internal("libjpeg-turbo has no planes of this JPEG".to_owned()))
        }
    }
}

/// The planes to which C codecs decode.
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

    /// Black planes of limited range.
    fn black((luma, chroma): (Size, Size)) -> Self {
        let plane = |size: Size, sample| Pixels {
            samples: vec![sample; size.pixels() as usize],
            size,
            channels: Channels::Gray,
        };
        Self { luma: plane(luma, 16), cb: plane(chroma, 128), cr: plane(chroma, 128) }
    }

    fn borrow(&mut self) -> PlanesMut<'_> {
        PlanesMut { luma: &mut self.luma.samples, cb: &mut self.cb.samples, cr: &mut self.cr.samples }
    }

    fn into_planes(self, sampling: Sampling, range: Range) -> DecodedPlanes {
        let (across, down) = sampling.factors();
        let chroma = (1.0 / f64::from(across), 1.0 / f64::from(down));
        let plane = |pixels, scale| DecodedPlane { pixels, scale };
        DecodedPlanes {
            luma: plane(self.luma, (1.0, 1.0)),
            cb: plane(self.cb, chroma),
            cr: plane(self.cr, chroma),
            range,
        }
    }
}
