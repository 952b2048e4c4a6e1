#[cfg(test)]
pub(crate) mod layers;

use std::mem::MaybeUninit;

use libaom_sys as raw;

use super::Context;
use crate::error::Error;
use crate::planes::Range;

/// Speed of the encoder, 0 to 9: libaom's fastest for still pictures.
const CPU_USED: i32 = 9;

/// The speed for drawings and text. At the next faster one libaom doesn't look for palettes and repeated parts, and red text takes five
/// times the bytes.
const SHARP_CPU_USED: i32 = 7;

/// The range of quantisation matrices, from steep (0) to flat (15), from which libaom chooses by the quantiser. At equal
/// SSIMULACRA2 an AVIF is smaller than a WebP with these matrices, and larger without them.
const MATRIX_LEVELS: (u32, u32) = (2, 10);

/// The largest quantiser. 0 is lossless.
const MAX_QUANTIZER: u32 = 63;

/// A picture of 8 bits per sample, in planes whose rows have no padding.
pub(crate) struct Planes<'a> {
    /// Width in pixels.
    pub(crate) width: u32,
    /// Height in pixels.
    pub(crate) height: u32,
    /// The range of the samples.
    pub(crate) range: Range,
    /// `width` × `height` samples of luma.
    pub(crate) luma: &'a [u8],
    /// The chroma planes.
    pub(crate) chroma: Chroma<'a>,
}

/// The chroma planes of a picture.
#[derive(Clone, Copy)]
pub(crate) enum Chroma<'a> {
    /// The picture has only luma.
    None,
    /// Blue and red difference by BT.601, of half the width and height, rounded up.
    Planes([&'a [u8]; 2]),
    /// Blue and red difference by BT.601, as large as luma. The picture is encoded with tools for drawings and text.
    FullPlanes([&'a [u8]; 2]),
}

/// Encodes a picture. `quantizer` is 0 (lossless) to 63.
pub(crate) fn encode(planes: &Planes<'_>, quantizer: u32) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::new(planes, quantizer)?;
    let mut bytes = Vec::new();
    // libaom reads chroma planes even if it does not encode them.
    let flat;
    let [blue, red] = match planes.chroma {
        Chroma::Planes(chroma) | Chroma::FullPlanes(chroma) => chroma,
        Chroma::None => {
            flat = vec![128; chroma_len(planes)];
            [flat.as_slice(), flat.as_slice()]
        }
    };
    let image = image(planes, blue, red)?;
    encoder.push(Some(&image))?;
    encoder.take(&mut bytes);
    encoder.push(None)?;
    encoder.take(&mut bytes);
    if bytes.is_empty() { Err(Error::Damaged("libaom encoded no picture".to_owned())) } else { Ok(bytes) }
}

fn chroma_size(planes: &Planes<'_>) -> (u32, u32) {
    match planes.chroma {
        Chroma::None | Chroma::Planes(_) => (planes.width.div_ceil(2), planes.height.div_ceil(2)),
        Chroma::FullPlanes(_) => (planes.width, planes.height),
    }
}

fn chroma_len(planes: &Planes<'_>) -> usize {
    let (width, height) = chroma_size(planes);
    width as usize * height as usize
}

fn range_code(range: Range) -> raw::aom_color_range_t {
    match range {
        Range::Full => raw::AOM_CR_FULL_RANGE,
        Range::Limited => raw::AOM_CR_STUDIO_RANGE,
    }
}

/// libaom's description of the planes, whose lengths are checked.
fn image(planes: &Planes<'_>, blue: &[u8], red: &[u8]) -> Result<raw::aom_image_t, Error> {
    let is_whole = planes.luma.len() as u64 == u64::from(planes.width) * u64::from(planes.height)
        && [blue, red].iter().all(|plane| plane.len() == chroma_len(planes));
    if !is_whole {
        return Err(Error::Size);
    }
    let stride = |width: u32| i32::try_from(width).map_err(|_| Error::Size);
    let (luma_stride, chroma_stride) = (stride(planes.width)?, stride(chroma_size(planes).0)?);
    let image = MaybeUninit::<raw::aom_image_t>::zeroed();
    // SAFETY: the struct has only numbers and pointers, for which zero is valid.
    let mut image = unsafe { image.assume_init() };
    let is_full = matches!(planes.chroma, Chroma::FullPlanes(_));
    image.fmt = if is_full { raw::AOM_IMG_FMT_I444 } else { raw::AOM_IMG_FMT_I420 };
    image.monochrome = i32::from(matches!(planes.chroma, Chroma::None));
    image.range = range_code(planes.range);
    (image.bit_depth, image.bps) = (8, if is_full { 24 } else { 12 });
    (image.w, image.h) = (planes.width, planes.height);
    (image.d_w, image.d_h) = (planes.width, planes.height);
    (image.x_chroma_shift, image.y_chroma_shift) = if is_full { (0, 0) } else { (1, 1) };
    image.planes = [planes.luma, blue, red].map(|plane| plane.as_ptr().cast_mut());
    image.stride = [luma_stride, chroma_stride, chroma_stride];
    Ok(image)
}

struct Encoder(Context);

impl Encoder {
    fn new(planes: &Planes<'_>, quantizer: u32) -> Result<Self, Error> {
        Self::with_usage(planes, quantizer, raw::AOM_USAGE_ALL_INTRA, 1)
    }

    /// An encoder for a usage of libaom and at most so many pictures, or any number if 0.
    fn with_usage(planes: &Planes<'_>, quantizer: u32, usage: u32, limit: u32) -> Result<Self, Error> {
        // SAFETY: the call takes no argument.
        let interface = unsafe { raw::aom_codec_av1_cx() };
        let mut config = MaybeUninit::zeroed();
        // SAFETY: the pointer has room for the struct that libaom fills.
        let code = unsafe { raw::aom_codec_enc_config_default(interface, config.as_mut_ptr(), usage) };
        if code != raw::AOM_CODEC_OK {
            return Err(Error::Memory);
        }
        // SAFETY: the call above filled it and succeeded.
        let mut config = unsafe { config.assume_init() };
        (config.g_w, config.g_h) = (planes.width, planes.height);
        (config.g_threads, config.g_limit, config.g_lag_in_frames) = (1, limit, 0);
        (config.rc_end_usage, config.rc_min_quantizer, config.rc_max_quantizer) =
            (raw::AOM_Q, 0, MAX_QUANTIZER);
        config.g_profile = u32::from(matches!(planes.chroma, Chroma::FullPlanes(_)));
        config.monochrome = u32::from(matches!(planes.chroma, Chroma::None));

        let mut context = Box::new(MaybeUninit::zeroed());
        let version = raw::AOM_ENCODER_ABI_VERSION as i32;
        // SAFETY: the context has room for the struct that libaom fills; libaom copies the configuration.
        let code = unsafe {
            raw::aom_codec_enc_init_ver(context.as_mut_ptr(), interface, &raw const config, 0, version)
        };
        match code {
            raw::AOM_CODEC_OK => {}
            raw::AOM_CODEC_MEM_ERROR => return Err(Error::Memory),
            _ => return Err(Error::Size),
        }
        // SAFETY: the call above filled it and succeeded.
        let mut encoder = Self(Context(unsafe { context.assume_init() }));
        let is_sharp = matches!(planes.chroma, Chroma::FullPlanes(_));
        encoder.set(raw::AOME_SET_CPUUSED, if is_sharp { SHARP_CPU_USED } else { CPU_USED })?;
        encoder.set(raw::AOME_SET_CQ_LEVEL, quantizer.min(MAX_QUANTIZER) as i32)?;
        let (steepest, flattest) = MATRIX_LEVELS;
        encoder.set(raw::AV1E_SET_ENABLE_QM, 1)?;
        encoder.set(raw::AV1E_SET_QM_MIN, steepest as i32)?;
        encoder.set(raw::AV1E_SET_QM_MAX, flattest as i32)?;
        encoder.set(raw::AV1E_SET_COLOR_RANGE, range_code(planes.range) as i32)?;
        if let Chroma::FullPlanes(_) = planes.chroma {
            encoder.set(raw::AV1E_SET_TUNE_CONTENT, raw::AOM_CONTENT_SCREEN as i32)?;
        }
        if let Chroma::Planes(_) | Chroma::FullPlanes(_) = planes.chroma {
            encoder.set(raw::AV1E_SET_COLOR_PRIMARIES, raw::AOM_CICP_CP_BT_709 as i32)?;
            encoder.set(raw::AV1E_SET_TRANSFER_CHARACTERISTICS, raw::AOM_CICP_TC_SRGB as i32)?;
            encoder.set(raw::AV1E_SET_MATRIX_COEFFICIENTS, raw::AOM_CICP_MC_BT_601 as i32)?;
        }
        Ok(encoder)
    }

    fn set(&mut self, control: raw::aome_enc_control_id, value: i32) -> Result<(), Error> {
        // SAFETY: the context is initialised; each control used here takes one `int`.
        let code = unsafe { raw::aom_codec_control(&raw mut *self.0.0, control as i32, value) };
        self.0.check(code)
    }

    /// Encodes a picture, or ends the stream if `None`.
    fn push(&mut self, image: Option<&raw::aom_image_t>) -> Result<(), Error> {
        let image = image.map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: the context is initialised; the picture's planes are complete and outlive the call.
        let code = unsafe { raw::aom_codec_encode(&raw mut *self.0.0, image, 0, 1, 0) };
        self.0.check(code)
    }

    /// Appends the data that was encoded since the last call.
    fn take(&mut self, bytes: &mut Vec<u8>) {
        let mut position = std::ptr::null();
        loop {
            // SAFETY: the context is initialised; the position starts as null, and only libaom changes it.
            let packet = unsafe { raw::aom_codec_get_cx_data(&raw mut *self.0.0, &raw mut position) };
            // SAFETY: null, or a packet that is valid until the context is used again.
            let Some(packet) = (unsafe { packet.as_ref() }) else { return };
            if packet.kind == raw::AOM_CODEC_CX_FRAME_PKT {
                // SAFETY: packets of this kind have this member of the union.
                let frame = unsafe { packet.data.frame };
                // SAFETY: libaom wrote `sz` bytes there, which are valid as long as the packet.
                let data = unsafe { std::slice::from_raw_parts(frame.buf.cast::<u8>(), frame.sz) };
                bytes.extend_from_slice(data);
            }
        }
    }
}
