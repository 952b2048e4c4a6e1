//! AV1 pictures by libaom.

pub(crate) mod decoder;

pub(crate) mod encoder;

use libaom_sys as raw;

use crate::error::Error;

/// A codec instance of libaom. It is boxed because libaom may keep its address.
struct Context(Box<raw::aom_codec_ctx>);

impl Context {
    fn check(&self, code: raw::aom_codec_err_t) -> Result<(), Error> {
        match code {
            raw::AOM_CODEC_OK => Ok(()),
            raw::AOM_CODEC_MEM_ERROR => Err(Error::Memory),
            _ => Err(Error::Damaged(format!("libaom: {}", self.reason(code)))),
        }
    }

    fn reason(&self, code: raw::aom_codec_err_t) -> String {
        // SAFETY: the context is initialised; the text is null or belongs to it.
        let detail = unsafe { raw::aom_codec_error_detail(&raw const *self.0) };
        // SAFETY: the call returns a static text for any number.
        let general = unsafe { raw::aom_codec_err_to_string(code) };
        let text = if detail.is_null() { general } else { detail };
        // SAFETY: both texts end with a zero byte and outlive this call.
        let text = unsafe { std::ffi::CStr::from_ptr(text) };
        text.to_string_lossy().into_owned()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: only a successful initialisation creates a context, and it is destroyed once.
        unsafe { raw::aom_codec_destroy(&raw mut *self.0) };
    }
}
