use std::ffi::c_void;

use libwebp_sys as raw;

use crate::error::Error;
use crate::planes::Sampling;
use crate::view::{Layout, View};

/// The longest side of a WebP picture in pixels.
pub const MAX_SIDE: u32 = 16_383;

/// A picture in libwebp's memory, to be encoded.
pub(super) struct Picture(pub(super) raw::WebPPicture);

/// How a picture's samples are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Storage {
    /// ARGB, for lossless encoding.
    Argb,
    /// Luma and chroma of 4:2:0, and alpha if a pixel is transparent, for encoding with loss.
    Planes,
}

impl Picture {
    /// An empty picture of at most [`MAX_SIDE`] pixels a side.
    pub(super) fn new(width: i32, height: i32) -> Result<Self, Error> {
        if width > MAX_SIDE as i32 || height > MAX_SIDE as i32 {
            return Err(Error::Size);
        }
        let mut picture = raw::WebPPicture::new().map_err(|()| Error::Memory)?;
        (picture.width, picture.height, picture.use_argb) = (width, height, 0);
        Ok(Self(picture))
    }

    /// A copy of a picture in libwebp's memory.
    pub(super) fn of(view: View<'_>, layout: Layout, storage: Storage) -> Result<Self, Error> {
        let (width, height, stride) = view.dimensions(layout.channels())?;
        let mut picture = Self::new(width, height)?;
        picture.import(view.samples, layout, stride, storage)?;
        Ok(picture)
    }

    /// Copies the samples into the picture. `samples` must have the picture's height × `stride` bytes.
    pub(super) fn import(
        &mut self,
        samples: &[u8],
        layout: Layout,
        stride: i32,
        storage: Storage,
    ) -> Result<(), Error> {
        self.0.use_argb = i32::from(storage == Storage::Argb);
        let picture = &raw mut self.0;
        let is_done = match layout {
            // SAFETY: the caller checked that `samples` holds height × stride bytes of RGB.
            Layout::Rgb => unsafe { raw::WebPPictureImportRGB(picture, samples.as_ptr(), stride) },
            // SAFETY: the caller checked that `samples` holds height × stride bytes of RGBA.
            Layout::Rgba => unsafe { raw::WebPPictureImportRGBA(picture, samples.as_ptr(), stride) },
        };
        if is_done == 0 { Err(Error::Memory) } else { Ok(()) }
    }

    /// Width and height in pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        (self.0.width.unsigned_abs(), self.0.height.unsigned_abs())
    }

    /// `true` if the picture is stored in planes and a pixel may be transparent.
    pub(super) fn has_alpha(&self) -> bool {
        !self.0.a.is_null()
    }

    /// Gives fully transparent areas colours that take few bytes.
    pub(super) fn clean_transparent_areas(&mut self) {
        // SAFETY: libwebp initialised the picture and allocated its samples.
        unsafe { raw::WebPCleanupTransparentArea(&raw mut self.0) };
    }

    /// Luma and both chroma planes, in the limited range. `None` if the picture isn't stored in planes, or its rows have gaps,
    /// which libwebp doesn't allocate.
    pub(super) fn planes(&self) -> Option<vp8::Planes<'_>> {
        let (width, height) = self.size();
        let (across, down) = Sampling::Half.chroma_size(width, height);
        let picture = &self.0;
        let strides = (picture.y_stride.unsigned_abs(), picture.uv_stride.unsigned_abs());
        let is_allocated = !picture.y.is_null() && !picture.u.is_null() && !picture.v.is_null();
        if strides != (width, across) || !is_allocated {
            return None;
        }
        // SAFETY: libwebp allocated the plane with height rows of stride bytes; they live as long as the picture.
        let luma = unsafe { std::slice::from_raw_parts(picture.y, width as usize * height as usize) };
        // SAFETY: as above, with the chroma planes' size.
        let cb = unsafe { std::slice::from_raw_parts(picture.u, across as usize * down as usize) };
        // SAFETY: as above.
        let cr = unsafe { std::slice::from_raw_parts(picture.v, across as usize * down as usize) };
        Some(vp8::Planes {
            luma: vp8::Plane { samples: luma, width, height },
            cb: vp8::Plane { samples: cb, width: across, height: down },
            cr: vp8::Plane { samples: cr, width: across, height: down },
            range: vp8::Range::Limited,
        })
    }

    /// Encodes the picture to a file by libwebp.
    pub(super) fn encode(mut self, config: &raw::WebPConfig) -> Result<Vec<u8>, Error> {
        let mut output = Output::new();
        self.0.writer = Some(raw::WebPMemoryWrite);
        self.0.custom_ptr = (&raw mut output.0).cast::<c_void>();
        // SAFETY: libwebp initialised config and picture; the writer's target outlives the call.
        let is_done = unsafe { raw::WebPEncode(&raw const *config, &raw mut self.0) };
        if is_done == 0 {
            return Err(if self.0.error_code == raw::WebPEncodingError::VP8_ENC_ERROR_OUT_OF_MEMORY {
                Error::Memory
            } else {
                Error::Damaged(format!("libwebp: {:?}", self.0.error_code))
            });
        }
        Ok(output.to_vec())
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // SAFETY: libwebp initialised the picture, which owns what is freed.
        unsafe { raw::WebPPictureFree(&raw mut self.0) };
    }
}

/// libwebp's growing output buffer.
struct Output(raw::WebPMemoryWriter);

impl Output {
    fn new() -> Self {
        let mut writer = std::mem::MaybeUninit::uninit();
        // SAFETY: the call initialises every member of the struct.
        unsafe { raw::WebPMemoryWriterInit(writer.as_mut_ptr()) };
        // SAFETY: initialised by the call above.
        Self(unsafe { writer.assume_init() })
    }

    fn to_vec(&self) -> Vec<u8> {
        if self.0.mem.is_null() {
            return Vec::new();
        }
        // SAFETY: libwebp wrote `size` bytes at `mem`, which is valid until drop.
        unsafe { std::slice::from_raw_parts(self.0.mem, self.0.size) }.to_vec()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // SAFETY: `WebPMemoryWriterInit` initialised the writer, and it is cleared once.
        unsafe { raw::WebPMemoryWriterClear(&raw mut self.0) };
    }
}
