use std::mem::MaybeUninit;

use libaom_sys as raw;

use super::Context;
use crate::error::Error;
use crate::view::Row;

/// Decodes one AV1 picture and keeps it in memory.
pub(crate) struct Decoder(Context);

impl Decoder {
    /// A decoder that uses one thread.
    pub(crate) fn new() -> Result<Self, Error> {
        let config = raw::aom_codec_dec_cfg { threads: 1, w: 0, h: 0, allow_lowbitdepth: 1 };
        let mut context = Box::new(MaybeUninit::zeroed());
        // SAFETY: the call takes no argument.
        let interface = unsafe { raw::aom_codec_av1_dx() };
        let version = raw::AOM_DECODER_ABI_VERSION as i32;
        // SAFETY: the context has room for the struct that libaom fills; libaom copies the configuration.
        let code = unsafe {
            raw::aom_codec_dec_init_ver(context.as_mut_ptr(), interface, &raw const config, 0, version)
        };
        if code != raw::AOM_CODEC_OK {
            return Err(Error::Memory);
        }
        // SAFETY: the call above filled it and succeeded.
        Ok(Self(Context(unsafe { context.assume_init() })))
    }

    /// Chooses one of the sets of layers that the picture's sequence header lists. 0, the default, has all layers.
    pub(crate) fn choose(&mut self, operating_point: u8) -> Result<(), Error> {
        let control = raw::AV1D_SET_OPERATING_POINT as i32;
        // SAFETY: the context is initialised; this control takes one `int`.
        let code = unsafe { raw::aom_codec_control(&raw mut *self.0.0, control, i32::from(operating_point)) };
        self.0.check(code)
    }

    /// Decodes the OBUs (open bitstream units) of one picture. Of several layers the last one is returned.
    pub(crate) fn decode(&mut self, data: &[u8]) -> Result<Frame<'_>, Error> {
        let context = &raw mut *self.0.0;
        // SAFETY: the context is initialised; pointer and length are those of one slice; null means no user data.
        let code = unsafe { raw::aom_codec_decode(context, data.as_ptr(), data.len(), std::ptr::null_mut()) };
        self.0.check(code)?;
        let mut position = std::ptr::null();
        // SAFETY: the context is initialised; a null position means the first picture.
        let image = unsafe { raw::aom_codec_get_frame(context, &raw mut position) };
        // SAFETY: null, or a picture that is valid until the decoder is used again, which the borrow prevents.
        let image = unsafe { image.as_ref() };
        image.map(Frame).ok_or_else(|| Error::Damaged("libaom: the file has no picture".to_owned()))
    }
}

/// A decoded picture, in the decoder's memory.
pub(crate) struct Frame<'a>(&'a raw::aom_image_t);

impl Frame<'_> {
    /// Width and height in pixels.
    pub(crate) fn size(&self) -> (u32, u32) {
        (self.0.d_w, self.0.d_h)
    }

    /// Bits per sample: 8, 10 or 12.
    pub(crate) fn depth(&self) -> u8 {
        self.0.bit_depth as u8
    }

    /// `true` if the picture has no chroma.
    pub(crate) fn is_gray(&self) -> bool {
        self.0.monochrome != 0
    }

    /// Binary logarithms of the horizontal and vertical chroma subsampling: each 0 or 1.
    pub(crate) fn chroma_shift(&self) -> (u32, u32) {
        (self.0.x_chroma_shift, self.0.y_chroma_shift)
    }

    /// Row `y` of plane 0, 1 or 2. `None` outside the plane.
    pub(crate) fn row(&self, plane: usize, y: u32) -> Option<Row<'_>> {
        let (shift_x, shift_y) = if plane == 0 { (0, 0) } else { self.chroma_shift() };
        let (width, height) = (self.0.d_w.div_ceil(1 << shift_x), self.0.d_h.div_ceil(1 << shift_y));
        let (start, stride) = (*self.0.planes.get(plane)?, *self.0.stride.get(plane)?);
        if y >= height || start.is_null() {
            return None;
        }
        let distance = isize::try_from(y).ok()? * isize::try_from(stride).ok()?;
        // SAFETY: `y` is a row of the plane, so the result lies inside the plane's memory.
        let start = unsafe { start.offset(distance) };
        let width = width as usize;
        if self.0.fmt & raw::AOM_IMG_FMT_HIGHBITDEPTH == 0 {
            // SAFETY: a row has at least `width` bytes, and is valid as long as the picture.
            Some(Row::Narrow(unsafe { std::slice::from_raw_parts(start, width) }))
        } else {
            #[expect(clippy::cast_ptr_alignment, reason = "the next line checks it")]
            let start = start.cast::<u16>();
            if !start.is_aligned() {
                return None;
            }
            // SAFETY: with this flag a row has at least `width` samples of two bytes, and `start` is aligned.
            Some(Row::Wide(unsafe { std::slice::from_raw_parts(start, width) }))
        }
    }
}
