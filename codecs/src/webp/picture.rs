use std::ffi::c_void;

use libwebp_sys as raw;

use crate::error::Error;
use crate::view::Layout;

/// The longest side of a WebP picture in pixels.
pub const MAX_SIDE: u32 = 16_383;

/// A picture in libwebp's memory, to be encoded.
pub(super) struct Picture(pub(super) raw::WebPPicture);

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

    /// Copies the samples into the picture, as ARGB if `use_argb` is set, as luma and chroma planes otherwise. `samples` must
    /// have the picture's height × `stride` bytes.
    pub(super) fn import(&mut self, samples: &[u8], layout: Layout, stride: i32) -> Result<(), Error> {
        let picture = &raw mut self.0;
        let is_done = match layout {
            // SAFETY: the caller checked that `samples` holds height × stride bytes of RGB.
            Layout::Rgb => unsafe { raw::WebPPictureImportRGB(picture, samples.as_ptr(), stride) },
            // SAFETY: the caller checked that `samples` holds height × stride bytes of RGBA.
            Layout::Rgba => unsafe { raw::WebPPictureImportRGBA(picture, samples.as_ptr(), stride) },
        };
        if is_done == 0 { Err(Error::Memory) } else { Ok(()) }
    }

    /// Encodes the picture to a file.
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
