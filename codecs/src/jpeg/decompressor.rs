use turbojpeg::raw;

use super::header::Header;
use super::scale::Scale;
use crate::error::Error;

/// The most scans that a progressive file may have. Real files have about ten; thousands are an attack.
const MAX_SCANS: u64 = 200;

/// Number of scans that a picture of any size may have: twice as many as writers make.
const MIN_SCANS: u64 = 20;

/// Number of pixels that all scans together may read in addition. A scan takes time for each pixel even if it is empty.
const MAX_SCANNED_PIXELS: u64 = 1_000_000_000;

/// `Incomplete` if a part of the picture was damaged or missing. libjpeg-turbo fills this part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// The whole picture was decoded.
    Complete,
    /// A part was damaged or missing.
    Incomplete,
}

/// A libjpeg-turbo decompressor that distinguishes warnings from errors, which the safe crate does not.
pub(super) struct Decompressor(pub(super) raw::tjhandle);

impl Decompressor {
    /// A decompressor for a file whose header was read before, at `scale`. Fails if the file has another header.
    pub(super) fn new(bytes: &[u8], header: Header, scale: Scale) -> Result<Self, Error> {
        let mut decompressor = Self::of_kind(raw::TJINIT_TJINIT_DECOMPRESS, bytes, header)?;
        decompressor.set_scale(scale)?;
        Ok(decompressor)
    }

    /// A decompressor that gives coefficients and stops at the first damage.
    pub(super) fn for_transform(bytes: &[u8], header: Header) -> Result<Self, Error> {
        let mut decompressor = Self::of_kind(raw::TJINIT_TJINIT_TRANSFORM, bytes, header)?;
        decompressor.set(raw::TJPARAM_TJPARAM_STOPONWARNING, 1)?;
        Ok(decompressor)
    }

    fn of_kind(kind: raw::TJINIT, bytes: &[u8], header: Header) -> Result<Self, Error> {
        // SAFETY: the only argument is an enum's value; the next line checks for a null handle.
        let handle = unsafe { raw::tj3Init(kind as i32) };
        if handle.is_null() {
            return Err(Error::Memory);
        }
        let mut decompressor = Self(handle);
        decompressor.read_header(bytes, header)?;
        decompressor.set(raw::TJPARAM_TJPARAM_SCANLIMIT, max_scans(header))?;
        Ok(decompressor)
    }

    /// Reads the header, and fails if its size is not the one for which the buffer was made.
    fn read_header(&mut self, bytes: &[u8], expected: Header) -> Result<(), Error> {
        // SAFETY: the handle is valid until drop; pointer and length are those of one slice.
        let code = unsafe { raw::tj3DecompressHeader(self.0, bytes.as_ptr(), bytes.len() as raw::size_t) };
        self.check(code)?;
        let (width, height) =
            (self.get(raw::TJPARAM_TJPARAM_JPEGWIDTH), self.get(raw::TJPARAM_TJPARAM_JPEGHEIGHT));
        let is_expected =
            u32::try_from(width) == Ok(expected.width) && u32::try_from(height) == Ok(expected.height);
        if is_expected { Ok(()) } else { Err(Error::Size) }
    }

    pub(super) fn get(&mut self, parameter: raw::TJPARAM) -> i32 {
        // SAFETY: the handle is valid until drop; libjpeg-turbo returns -1 for an unknown parameter.
        unsafe { raw::tj3Get(self.0, parameter as i32) }
    }

    fn set(&mut self, parameter: raw::TJPARAM, value: i32) -> Result<(), Error> {
        // SAFETY: the handle is valid until drop; libjpeg-turbo returns -1 for a bad value.
        let code = unsafe { raw::tj3Set(self.0, parameter as i32, value) };
        self.check(code).map(drop)
    }

    /// Fails for a lossless file unless `scale` is the full size. libjpeg-turbo would accept the factor, and then write
    /// the full size into the smaller buffer.
    fn set_scale(&mut self, scale: Scale) -> Result<(), Error> {
        if scale != Scale::Full && self.get(raw::TJPARAM_TJPARAM_LOSSLESS) != 0 {
            return Err(Error::Size);
        }
        let denom = match scale {
            Scale::Eighth => 8,
            Scale::Quarter => 4,
            Scale::Half => 2,
            Scale::Full => 1,
        };
        let factor = raw::tjscalingfactor { num: 1, denom };
        // SAFETY: the handle is valid until drop; the factor is passed by value.
        let code = unsafe { raw::tj3SetScalingFactor(self.0, factor) };
        self.check(code).map(drop)
    }

    /// Turns a return code into a result: a warning leaves a picture, an error does not.
    pub(super) fn check(&mut self, code: i32) -> Result<Completeness, Error> {
        if code == 0 {
            return Ok(Completeness::Complete);
        }
        // SAFETY: the handle is valid until drop.
        let severity = unsafe { raw::tj3GetErrorCode(self.0) };
        if severity == raw::TJERR_TJERR_WARNING as i32 {
            return Ok(Completeness::Incomplete);
        }
        // SAFETY: the handle is valid until drop; the text belongs to it and is copied before the next call.
        let text = unsafe { raw::tj3GetErrorStr(self.0) };
        // SAFETY: libjpeg-turbo's error texts are static or in the handle, and end with a zero byte.
        let text = unsafe { std::ffi::CStr::from_ptr(text) };
        Err(Error::Damaged(text.to_string_lossy().into_owned()))
    }
}

/// The most scans that a picture of this size may have.
fn max_scans(header: Header) -> i32 {
    let pixels = u64::from(header.width) * u64::from(header.height);
    (MAX_SCANNED_PIXELS / pixels.max(1)).clamp(MIN_SCANS, MAX_SCANS) as i32
}

impl Drop for Decompressor {
    fn drop(&mut self) {
        // SAFETY: the handle came from `tj3Init` and is destroyed once.
        unsafe { raw::tj3Destroy(self.0) };
    }
}
