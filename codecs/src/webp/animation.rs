//! Animated WebP by libwebp: one composed canvas at a time out, one frame at a time in.

use std::marker::PhantomData;
use std::num::NonZeroU16;
use std::ptr::NonNull;

use libwebp_sys as raw;

use super::{Layout, Picture};
use crate::{Error, View, checked_size};

/// Every so many frames one is stored whole, 9 to 17: what is lost from frame to frame doesn't add up for
/// longer, and a viewer finds its way back in. The distances of libwebp's own `gif2webp` for what loses nothing; the
/// closer ones that it has for loss make much larger files.
const KEY_FRAME_DISTANCES: (i32, i32) = (9, 17);

/// A file being decoded.
#[derive(Debug)]
pub struct Decoder<'a> {
    raw: NonNull<raw::WebPAnimDecoder>,
    width: u32,
    height: u32,
    shown_until: i32,
    /// libwebp keeps pointers into the file.
    file: PhantomData<&'a [u8]>,
}

/// What is shown for a while.
#[derive(Clone, Copy, Debug)]
pub struct Canvas<'a> {
    /// RGBA, alpha straight, of the size that the header says.
    pub samples: &'a [u8],
    /// For how long.
    pub milliseconds: u32,
}

impl<'a> Decoder<'a> {
    /// Reads everything but the pixels. Fails where a part of the file is missing.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let damaged = || Error::Damaged("libwebp: not a whole animation".to_owned());
        let mut options = std::mem::MaybeUninit::uninit();
        // SAFETY: initialises every member of the struct that it is given.
        if unsafe { raw::WebPAnimDecoderOptionsInit(options.as_mut_ptr()) } == 0 {
            return Err(Error::Memory);
        }
        // SAFETY: initialised by the call above.
        let mut options: raw::WebPAnimDecoderOptions = unsafe { options.assume_init() };
        options.color_mode = raw::WEBP_CSP_MODE::MODE_RGBA;
        let data = raw::WebPData { bytes: bytes.as_ptr(), size: bytes.len() };
        // SAFETY: data and options are whole structs; the file outlives the decoder by its lifetime.
        let decoder = unsafe { raw::WebPAnimDecoderNew(&raw const data, &raw const options) };
        let decoder = NonNull::new(decoder).ok_or_else(damaged)?;
        let mut decoder = Self { raw: decoder, width: 0, height: 0, shown_until: 0, file: PhantomData };
        let mut info = raw::WebPAnimInfo::default();
        // SAFETY: the decoder lives; info is a whole struct of the right type.
        if unsafe { raw::WebPAnimDecoderGetInfo(decoder.raw.as_ptr(), &raw mut info) } == 0 {
            return Err(damaged());
        }
        (decoder.width, decoder.height) = (info.canvas_width, info.canvas_height);
        Ok(decoder)
    }

    /// The next frame on its canvas; none after the last.
    pub fn next_canvas(&mut self) -> Result<Option<Canvas<'_>>, Error> {
        // SAFETY: the decoder lives.
        if unsafe { raw::WebPAnimDecoderHasMoreFrames(self.raw.as_ptr()) } == 0 {
            return Ok(None);
        }
        let (mut samples, mut shown_until) = (std::ptr::null_mut(), 0);
        // SAFETY: the decoder lives; both targets are of the right type and outlive the call.
        let is_done =
            unsafe { raw::WebPAnimDecoderGetNext(self.raw.as_ptr(), &raw mut samples, &raw mut shown_until) };
        if is_done == 0 || samples.is_null() {
            return Err(Error::Damaged("libwebp: a frame can't be decoded".to_owned()));
        }
        let milliseconds = shown_until.wrapping_sub(self.shown_until).max(0) as u32;
        self.shown_until = shown_until;
        let len = self.width as usize * self.height as usize * Layout::Rgba.channels() as usize;
        // SAFETY: libwebp's canvas has width × height pixels of four bytes and stays as it is until the next
        // call, which the borrow of `self` keeps away.
        let samples = unsafe { std::slice::from_raw_parts(samples, len) };
        Ok(Some(Canvas { samples, milliseconds }))
    }

    /// In pixels.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// In pixels.
    pub const fn height(&self) -> u32 {
        self.height
    }
}

impl Drop for Decoder<'_> {
    fn drop(&mut self) {
        // SAFETY: made by libwebp, deleted once.
        unsafe { raw::WebPAnimDecoderDelete(self.raw.as_ptr()) };
    }
}

/// What may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// What quality 1 to 100 loses; frames of few colours are stored without loss where that is smaller.
    Quality(u8),
    /// Nothing.
    Nothing,
}

/// An animation being encoded. Holds three canvases and what is encoded so far.
#[derive(Debug)]
pub struct Encoder {
    raw: NonNull<raw::WebPAnimEncoder>,
    config: raw::WebPConfig,
    width: u32,
    height: u32,
    shown_until: i32,
}

impl Encoder {
    /// An animation of this size, shown `plays` times; none is for ever.
    pub fn new(width: u32, height: u32, plays: Option<NonZeroU16>, loss: Loss) -> Result<Self, Error> {
        if !(1..=super::MAX_SIDE).contains(&width) || !(1..=super::MAX_SIDE).contains(&height) {
            return Err(Error::Size);
        }
        let config = match loss {
            Loss::Quality(quality) => super::encoder_config(quality)?,
            Loss::Nothing => super::lossless_config()?,
        };
        let abi = raw::WEBP_MUX_ABI_VERSION as i32;
        let mut options = std::mem::MaybeUninit::uninit();
        // SAFETY: initialises every member of the struct that it is given.
        if unsafe { raw::WebPAnimEncoderOptionsInitInternal(options.as_mut_ptr(), abi) } == 0 {
            return Err(Error::Memory);
        }
        // SAFETY: initialised by the call above.
        let mut options: raw::WebPAnimEncoderOptions = unsafe { options.assume_init() };
        options.anim_params.loop_count = plays.map_or(0, |plays| i32::from(plays.get()));
        (options.kmin, options.kmax) = KEY_FRAME_DISTANCES;
        options.allow_mixed = i32::from(loss != Loss::Nothing);
        // SAFETY: options is a whole struct, which libwebp copies; the sides are within what the format can say.
        let encoder =
            unsafe { raw::WebPAnimEncoderNewInternal(width as i32, height as i32, &raw const options, abi) };
        let raw = NonNull::new(encoder).ok_or(Error::Memory)?;
        Ok(Self { raw, config, width, height, shown_until: 0 })
    }

    /// Adds a canvas in RGBA, to be shown for so long. Fails where it has another size or the animation becomes
    /// longer than 2³¹ milliseconds.
    pub fn add(&mut self, canvas: View<'_>, milliseconds: u32) -> Result<(), Error> {
        let channels = Layout::Rgba.channels();
        let (width, height, stride) = checked_size(canvas.samples.len(), self.width, self.height, channels)?;
        if (canvas.width, canvas.height) != (self.width, self.height) {
            return Err(Error::Size);
        }
        let shown_until =
            i32::try_from(milliseconds).ok().and_then(|time| self.shown_until.checked_add(time));
        let shown_until = shown_until.ok_or(Error::Size)?;
        let mut picture = Picture::new(width, height)?;
        picture.0.use_argb = 1;
        picture.import(canvas.samples, Layout::Rgba, stride)?;
        let (encoder, config) = (self.raw.as_ptr(), &raw const self.config);
        // SAFETY: encoder and config live; the picture was initialised and filled by libwebp.
        let is_done =
            unsafe { raw::WebPAnimEncoderAdd(encoder, &raw mut picture.0, self.shown_until, config) };
        if is_done == 0 {
            return Err(self.failure());
        }
        self.shown_until = shown_until;
        Ok(())
    }

    /// The file. Fails without a frame.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        let (encoder, end) = (self.raw.as_ptr(), std::ptr::null_mut());
        // SAFETY: the encoder lives; no frame is how libwebp is told the end of the last one.
        let is_done = unsafe { raw::WebPAnimEncoderAdd(encoder, end, self.shown_until, std::ptr::null()) };
        let mut file = File(raw::WebPData::default());
        // SAFETY: the encoder lives; the target is an empty struct of the right type.
        let is_done = is_done != 0 && unsafe { raw::WebPAnimEncoderAssemble(encoder, &raw mut file.0) } != 0;
        if is_done { Ok(file.to_vec()) } else { Err(self.failure()) }
    }

    fn failure(&self) -> Error {
        // SAFETY: the encoder lives, and so does the sentence that it points to.
        let sentence = unsafe { raw::WebPAnimEncoderGetError(self.raw.as_ptr()) };
        if sentence.is_null() {
            return Error::Memory;
        }
        // SAFETY: libwebp ends its sentences with a zero.
        let sentence = unsafe { std::ffi::CStr::from_ptr(sentence) };
        Error::Damaged(format!("libwebp: {}", sentence.to_string_lossy()))
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: made by libwebp, deleted once.
        unsafe { raw::WebPAnimEncoderDelete(self.raw.as_ptr()) };
    }
}

/// A file that libwebp made, freed at the end.
struct File(raw::WebPData);

impl File {
    fn to_vec(&self) -> Vec<u8> {
        if self.0.bytes.is_null() {
            return Vec::new();
        }
        // SAFETY: libwebp wrote `size` bytes there, which live until drop.
        unsafe { std::slice::from_raw_parts(self.0.bytes, self.0.size) }.to_vec()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: allocated by libwebp or null, freed once.
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
    fn frames_come_back_with_their_colours_alpha_and_durations() {
        let frames = [([200, 30, 40, 255], 40), ([0, 0, 0, 0], 500), ([10, 20, 250, 255], 70)];
        for loss in [Loss::Nothing, Loss::Quality(90)] {
            let mut encoder = Encoder::new(8, 6, NonZeroU16::new(3), loss).unwrap();
            for (color, milliseconds) in frames {
                encoder.add(view(&canvas(color)), milliseconds).unwrap();
            }
            let file = encoder.finish().unwrap();
            assert!(super::super::read_header(&file).unwrap().is_animated);
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
    fn other_sizes_and_empty_animations_are_refused() {
        assert!(matches!(Encoder::new(0, 6, None, Loss::Nothing), Err(Error::Size)));
        assert!(matches!(Encoder::new(16_384, 6, None, Loss::Nothing), Err(Error::Size)));
        let mut encoder = Encoder::new(8, 6, None, Loss::Nothing).unwrap();
        assert_eq!(encoder.add(View { samples: &[0; 16], width: 2, height: 2 }, 10), Err(Error::Size));
        assert_eq!(encoder.add(view(&canvas([0; 4])), u32::MAX), Err(Error::Size));
        assert!(encoder.finish().is_err());
        assert!(Decoder::new(b"RIFF\0\0\0\0WEBP").is_err());
    }
}
