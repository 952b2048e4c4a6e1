//! HEVC pictures, by the crate `hpvcd`.

use crate::error::Error;
use crate::view::Row;

/// `true` if this build decodes HEVC.
pub(crate) const IS_INCLUDED: bool = cfg!(feature = "heic");

/// A decoded picture, in planes of its own, in rows without padding.
pub(crate) struct Frame {
    size: (u32, u32),
    depth: u8,
    is_gray: bool,
    chroma_shift: (u32, u32),
    planes: [Plane; 3],
}

/// The samples of a plane.
#[cfg_attr(not(feature = "heic"), expect(dead_code, reason = "only the decoder makes them"))]
enum Plane {
    /// Of 8 bits.
    Narrow(Vec<u8>),
    /// Of more bits, in the lowest bits of 16.
    Wide(Vec<u16>),
}

/// Decodes one picture that is coded without others, from its parameter sets and its slices: NAL units without start codes.
#[cfg(feature = "heic")]
pub(crate) fn decode(parameter_sets: &[&[u8]], slices: &[&[u8]]) -> Result<Frame, Error> {
    use hpvcd::{ChromaFormat, SampleBuf, VideoDecoder};

    let damaged = |error: hpvcd::DecodeError| Error::Damaged(format!("HEVC: {error}"));
    // The decoder has one thread beside this one, which ends with it.
    let mut decoder = VideoDecoder::with_threads(1);
    for unit in parameter_sets.iter().chain(slices) {
        let unit_type = unit.first().map_or(0, |byte| byte >> 1 & 0x3f);
        decoder.process_nal(unit_type, unit).map_err(damaged)?;
    }
    decoder.flush().map_err(damaged)?;
    let frame = decoder.take_frames(true).into_iter().next();
    let frame = frame.ok_or_else(|| Error::Damaged("HEVC: the file has no picture".to_owned()))?;
    let chroma = frame.chroma_format();
    let planes = frame.to_yuv();
    let plane = |samples| match samples {
        SampleBuf::U8(samples) => Plane::Narrow(samples),
        SampleBuf::U16(samples) => Plane::Wide(samples),
    };
    let is_half = |samples_for_one: usize| u32::from(samples_for_one > 1);
    Ok(Frame {
        size: (planes.width as u32, planes.height as u32),
        depth: planes.bit_depth,
        is_gray: chroma == ChromaFormat::Monochrome,
        chroma_shift: (is_half(chroma.sub_w()), is_half(chroma.sub_h())),
        planes: [planes.y, planes.cb, planes.cr].map(plane),
    })
}

/// Fails: this build has no decoder.
#[cfg(not(feature = "heic"))]
pub(crate) fn decode(_: &[&[u8]], _: &[&[u8]]) -> Result<Frame, Error> {
    Err(Error::Unsupported("HEIC images are not supported; send JPEG, PNG, WebP or AVIF"))
}

impl Frame {
    /// Width and height in pixels.
    pub(crate) fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Bits per sample: 8 to 12.
    pub(crate) fn depth(&self) -> u8 {
        self.depth
    }

    /// `true` if the picture has no chroma.
    pub(crate) fn is_gray(&self) -> bool {
        self.is_gray
    }

    /// Binary logarithms of the horizontal and vertical chroma subsampling: each 0 or 1.
    pub(crate) fn chroma_shift(&self) -> (u32, u32) {
        self.chroma_shift
    }

    /// Row `y` of plane 0, 1 or 2. `None` outside the plane.
    pub(crate) fn row(&self, plane: usize, y: u32) -> Option<Row<'_>> {
        let (shift_x, _) = if plane == 0 { (0, 0) } else { self.chroma_shift };
        let width = self.size.0.div_ceil(1 << shift_x) as usize;
        let start = width.checked_mul(y as usize)?;
        let range = start..start.checked_add(width)?;
        match self.planes.get(plane)? {
            Plane::Narrow(samples) => samples.get(range).map(Row::Narrow),
            Plane::Wide(samples) => samples.get(range).map(Row::Wide),
        }
    }
}
