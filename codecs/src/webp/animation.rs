//! Animated WebP by libwebp: decodes and encodes one full canvas at a time.

use std::marker::PhantomData;
use std::num::NonZeroU16;
use std::ptr::NonNull;

use libwebp_sys as raw;

use super::config::{encoder_config, lossless_config};
use super::picture::{MAX_SIDE, Picture, Storage};
use crate::error::Error;
use crate::view::{Layout, View, dimensions};

/// The least and the greatest number of frames between key frames. Key frames keep losses from adding up, and let a viewer
/// seek. These are the distances of libwebp's `gif2webp` for lossless files; its shorter ones for lossy files make much
/// larger files.
const KEY_FRAME_DISTANCES: (i32, i32) = (9, 17);

/// Decodes an animation, one canvas after another.
#[derive(Debug)]
pub struct Decoder<'a> {
    raw: NonNull<raw::WebPAnimDecoder>,
    width: u32,
    height: u32,
    /// Time in milliseconds at which the last canvas ends.
    end_ms: i32,
    /// The borrow of the file, because libwebp keeps pointers to its bytes.
    file: PhantomData<&'a [u8]>,
}

/// A canvas of an animation, with all frames up to this one composed.
#[derive(Clone, Copy, Debug)]
pub struct Canvas<'a> {
    /// RGBA samples of [`Decoder::width`] × [`Decoder::height`] pixels. Alpha is not premultiplied.
    pub samples: &'a [u8],
    /// Duration in milliseconds.
    pub milliseconds: u32,
}

impl<'a> Decoder<'a> {
    /// Reads the structure of a file. Fails if a part of the file is missing.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let damaged = || Error::Damaged("libwebp: not a complete animation".to_owned());
        let mut options = std::mem::MaybeUninit::uninit();
        // SAFETY: the call initialises every member of the struct.
        if unsafe { raw::WebPAnimDecoderOptionsInit(options.as_mut_ptr()) } == 0 {
            return Err(Error::Memory);
        }
        // SAFETY: initialised by the call above.
        let mut options: raw::WebPAnimDecoderOptions = unsafe { options.assume_init() };
        options.color_mode = raw::WEBP_CSP_MODE::MODE_RGBA;
        let data = raw::WebPData { bytes: bytes.as_ptr(), size: bytes.len() };
        // SAFETY: data and options are initialised; the lifetime makes the file outlive the decoder.
        let decoder = unsafe { raw::WebPAnimDecoderNew(&raw const data, &raw const options) };
        let decoder = NonNull::new(decoder).ok_or_else(damaged)?;
        let mut decoder = Self { raw: decoder, width: 0, height: 0, end_ms: 0, file: PhantomData };
        let mut info = raw::WebPAnimInfo::default();
        // SAFETY: the decoder is valid until drop; info is an initialised struct of the right type.
        if unsafe { raw::WebPAnimDecoderGetInfo(decoder.raw.as_ptr(), &raw mut info) } == 0 {
            return Err(damaged());
        }
        (decoder.width, decoder.height) = (info.canvas_width, info.canvas_height);
        Ok(decoder)
    }

    /// Decodes the next canvas. `None` after the last one.
    pub fn next_canvas(&mut self) -> Result<Option<Canvas<'_>>, Error> {
        // SAFETY: the decoder is valid until drop.
        if unsafe { raw::WebPAnimDecoderHasMoreFrames(self.raw.as_ptr()) } == 0 {
            return Ok(None);
        }
        let (mut samples, mut end_ms) = (std::ptr::null_mut(), 0);
        // SAFETY: the decoder is valid until drop; both targets have the right type and outlive the call.
        let is_done =
            unsafe { raw::WebPAnimDecoderGetNext(self.raw.as_ptr(), &raw mut samples, &raw mut end_ms) };
        if is_done == 0 || samples.is_null() {
            return Err(Error::Damaged("libwebp: a frame can't be decoded".to_owned()));
        }
        let milliseconds = end_ms.wrapping_sub(self.end_ms).max(0) as u32;
        self.end_ms = end_ms;
        let len = self.width as usize * self.height as usize * Layout::Rgba.channels() as usize;
        // SAFETY: libwebp's canvas has width × height pixels of four bytes. It does not change before the next call, which
        // the borrow of `self` prevents.
        let samples = unsafe { std::slice::from_raw_parts(samples, len) };
        Ok(Some(Canvas { samples, milliseconds }))
    }

    /// Width in pixels.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub const fn height(&self) -> u32 {
        self.height
    }
}

impl Drop for Decoder<'_> {
    fn drop(&mut self) {
        // SAFETY: libwebp created the decoder, and it is deleted once.
        unsafe { raw::WebPAnimDecoderDelete(self.raw.as_ptr()) };
    }
}

/// The loss that an encoder may cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The loss of quality 1 to 100. Frames of few colours are stored without loss if that is smaller.
    Quality(u8),
    /// No loss.
    Nothing,
}

/// Encodes an animation, one canvas after another. It holds three canvases and the encoded frames.
#[derive(Debug)]
pub struct Encoder {
    raw: NonNull<raw::WebPAnimEncoder>,
    config: raw::WebPConfig,
    width: u32,
    height: u32,
    /// Time in milliseconds at which the last canvas ends.
    end_ms: i32,
}

impl Encoder {
    /// An animation of `width` × `height` pixels that is played `plays` times, or forever if `None`.
    pub fn new(width: u32, height: u32, plays: Option<NonZeroU16>, loss: Loss) -> Result<Self, Error> {
        if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
            return Err(Error::Size);
        }
        let config = match loss {
            Loss::Quality(quality) => encoder_config(quality)?,
            Loss::Nothing => lossless_config()?,
        };
        let abi = raw::WEBP_MUX_ABI_VERSION as i32;
        let mut options = std::mem::MaybeUninit::uninit();
        // SAFETY: the call initialises every member of the struct.
        if unsafe { raw::WebPAnimEncoderOptionsInitInternal(options.as_mut_ptr(), abi) } == 0 {
            return Err(Error::Memory);
        }
        // SAFETY: initialised by the call above.
        let mut options: raw::WebPAnimEncoderOptions = unsafe { options.assume_init() };
        options.anim_params.loop_count = plays.map_or(0, |plays| i32::from(plays.get()));
        (options.kmin, options.kmax) = KEY_FRAME_DISTANCES;
        options.allow_mixed = i32::from(loss != Loss::Nothing);
        // SAFETY: options is initialised, and libwebp copies it; the sides are at most `MAX_SIDE`.
        let encoder =
            unsafe { raw::WebPAnimEncoderNewInternal(width as i32, height as i32, &raw const options, abi) };
        let raw = NonNull::new(encoder).ok_or(Error::Memory)?;
        Ok(Self { raw, config, width, height, end_ms: 0 })
    }

    /// Adds an RGBA canvas for a duration. Fails with [`Error::Size`] if the canvas has another size, or the animation would
    /// last longer than 2³¹ milliseconds.
    pub fn add(&mut self, canvas: View<'_>, milliseconds: u32) -> Result<(), Error> {
        let channels = Layout::Rgba.channels();
        let (width, height, stride) = dimensions(canvas.samples.len(), self.width, self.height, channels)?;
        if (canvas.width, canvas.height) != (self.width, self.height) {
            return Err(Error::Size);
        }
        let end_ms = i32::try_from(milliseconds).ok().and_then(|time| self.end_ms.checked_add(time));
        let end_ms = end_ms.ok_or(Error::Size)?;
        let mut picture = Picture::new(width, height)?;
        picture.import(canvas.samples, Layout::Rgba, stride, Storage::Argb)?;
        let (encoder, config) = (self.raw.as_ptr(), &raw const self.config);
        // SAFETY: encoder and config are valid; libwebp initialised and filled the picture.
        let is_done = unsafe { raw::WebPAnimEncoderAdd(encoder, &raw mut picture.0, self.end_ms, config) };
        if is_done == 0 {
            return Err(self.failure());
        }
        self.end_ms = end_ms;
        Ok(())
    }

    /// Finishes the file. Fails if it has no canvas.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        let (encoder, end) = (self.raw.as_ptr(), std::ptr::null_mut());
        // SAFETY: the encoder is valid until drop; a null frame tells libwebp the end of the last frame.
        let is_done = unsafe { raw::WebPAnimEncoderAdd(encoder, end, self.end_ms, std::ptr::null()) };
        let mut file = OutputFile(raw::WebPData::default());
        // SAFETY: the encoder is valid until drop; the target is an empty struct of the right type.
        let is_done = is_done != 0 && unsafe { raw::WebPAnimEncoderAssemble(encoder, &raw mut file.0) } != 0;
        if is_done { Ok(file.to_vec()) } else { Err(self.failure()) }
    }

    fn failure(&self) -> Error {
        // SAFETY: the encoder is valid until drop, and so is the sentence that it points to.
        let sentence = unsafe { raw::WebPAnimEncoderGetError(self.raw.as_ptr()) };
        if sentence.is_null() {
            return Error::Memory;
        }
        // SAFETY: libwebp's sentences end with a zero byte.
        let sentence = unsafe { std::ffi::CStr::from_ptr(sentence) };
        Error::Damaged(format!("libwebp: {}", sentence.to_string_lossy()))
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: libwebp created the encoder, and it is deleted once.
        unsafe { raw::WebPAnimEncoderDelete(self.raw.as_ptr()) };
    }
}

/// A file in libwebp's memory.
struct OutputFile(raw::WebPData);

impl OutputFile {
    fn to_vec(&self) -> Vec<u8> {
        if self.0.bytes.is_null() {
            return Vec::new();
        }
        // SAFETY: libwebp wrote `size` bytes there, which are valid until drop.
        unsafe { std::slice::from_raw_parts(self.0.bytes, self.0.size) }.to_vec()
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        // SAFETY: the pointer is null or libwebp allocated it; it is freed once.
        unsafe { raw::WebPDataClear(&mut self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas(color: [u8; 4]) -> Vec<u8> {
        color.repeat(8 * 6)
    }

    fn view(samples: &[u8]) -> View<'_> {
        View { samples, width: 8, height: 6 }
    }

    #[test]
    fn encoded_canvases_are_decoded_with_colours_alpha_and_durations() {
        let frames = [([200, 30, 40, 255], 40), ([0, 0, 0, 0], 500), ([10, 20, 250, 255], 70)];
        for loss in [Loss::Nothing, Loss::Quality(90)] {
            let mut encoder = Encoder::new(8, 6, NonZeroU16::new(3), loss).unwrap();
            for (color, milliseconds) in frames {
                encoder.add(view(&canvas(color)), milliseconds).unwrap();
            }
            let file = encoder.finish().unwrap();
            assert!(crate::webp::read_header(&file).unwrap().is_animated);
            let mut decoder = Decoder::new(&file).unwrap();
            assert_eq!((decoder.width(), decoder.height()), (8, 6));
            for (color, milliseconds) in frames {
                let got = decoder.next_canvas().unwrap().unwrap();
                assert_eq!(got.milliseconds, milliseconds, "{loss:?}");
                let is_near = |(a, b): (&u8, &u8)| a.abs_diff(*b) < 8;
                assert!(color[3] == 0 || got.samples[..4].iter().zip(&color).all(is_near), "{loss:?}");
                assert_eq!(got.samples[3], color[3], "{loss:?}");
            }
            assert!(decoder.next_canvas().unwrap().is_none());
            assert!(Decoder::new(&file[..file.len() - 9]).is_err());
        }
    }

    #[test]
    fn wrong_sizes_endless_durations_and_empty_animations_are_errors() {
        assert!(matches!(Encoder::new(0, 6, None, Loss::Nothing), Err(Error::Size)));
        assert!(matches!(Encoder::new(16_384, 6, None, Loss::Nothing), Err(Error::Size)));
        let mut encoder = Encoder::new(8, 6, None, Loss::Nothing).unwrap();
        assert_eq!(encoder.add(View { samples: &[0; 16], width: 2, height: 2 }, 10), Err(Error::Size));
        assert_eq!(encoder.add(view(&canvas([0; 4])), u32::MAX), Err(Error::Size));
        assert!(encoder.finish().is_err());
        assert!(Decoder::new(b"RIFF\0\0\0\0WEBP").is_err());
    }
}
