use turbojpeg::raw;

use crate::error::Error;

/// A libjpeg-turbo compressor for planes, with the buffer that it allocates.
pub(super) struct Compressor {
    handle: raw::tjhandle,
    buffer: *mut u8,
    size: raw::size_t,
}

impl Compressor {
    pub(super) fn new() -> Result<Self, Error> {
        // SAFETY: the only argument is an enum's value; the next line checks for a null handle.
        let handle = unsafe { raw::tj3Init(raw::TJINIT_TJINIT_COMPRESS as i32) };
        if handle.is_null() {
            return Err(Error::Memory);
        }
        Ok(Self { handle, buffer: std::ptr::null_mut(), size: 0 })
    }

    pub(super) fn set(&mut self, parameter: raw::TJPARAM, value: i32) -> Result<(), Error> {
        // SAFETY: the handle is valid until drop; libjpeg-turbo returns -1 for a bad value.
        let code = unsafe { raw::tj3Set(self.handle, parameter as i32, value) };
        if code == 0 { Ok(()) } else { Err(Error::Size) }
    }

    /// Compresses planes of 4:2:0. Each plane of `sources` has the width and height of its subsampling, and `strides` bytes
    /// per row.
    pub(super) fn compress(
        &mut self,
        sources: [&[u8]; 3],
        strides: [i32; 3],
        width: i32,
        height: i32,
    ) -> Result<Vec<u8>, Error> {
        let sources = sources.map(<[u8]>::as_ptr);
        // SAFETY: the caller's planes have the sizes of 4:2:0 for width × height rounded up to even numbers; buffer and
        // size belong to self, and a null buffer makes libjpeg-turbo allocate one.
        let code = unsafe {
            raw::tj3CompressFromYUVPlanes8(
                self.handle,
                sources.as_ptr(),
                width,
                strides.as_ptr(),
                height,
                &raw mut self.buffer,
                &raw mut self.size,
            )
        };
        if code != 0 || self.buffer.is_null() {
            return Err(Error::Damaged("libjpeg-turbo could not encode the picture".to_owned()));
        }
        // SAFETY: libjpeg-turbo wrote `size` bytes at `buffer`, which is valid until drop.
        Ok(unsafe { std::slice::from_raw_parts(self.buffer, self.size as usize) }.to_vec())
    }
}

impl Drop for Compressor {
    fn drop(&mut self) {
        // SAFETY: the buffer is null or was allocated by libjpeg-turbo; it is freed once.
        unsafe { raw::tj3Free(self.buffer.cast()) };
        // SAFETY: the handle came from `tj3Init` and is destroyed once.
        unsafe { raw::tj3Destroy(self.handle) };
    }
}
