//! Encodes still and animated GIFs. A frame has only the pixels that change. Frames share one palette as long as their
//! colours fit into it. Other frames have palettes of their own with at most 255 colours.

mod dither;

mod palette;

use std::num::NonZeroU16;

use gif::{DisposalMethod, Encoder, EncodingError, Frame, Repeat};

use self::dither::indices;
use self::palette::{Palette, TRANSPARENT};
use super::view::unplanned;
use crate::error::Error;
use crate::pixels::frame::MAX_MILLISECONDS;
use crate::pixels::{Channels, Pixels, Size};

/// Encodes a still picture.
pub(super) fn encode(pixels: &Pixels) -> Result<Vec<u8>, Error> {
    let once = Some(NonZeroU16::MIN);
    let mut encoder = GifEncoder::new(pixels.size, once)?;
    let rgba = match pixels.channels {
        Channels::Gray => &pixels.map(Channels::Rgba, |[gray]| [gray, gray, gray, 255]),
        Channels::GrayAlpha => &pixels.map(Channels::Rgba, |[gray, alpha]| [gray, gray, gray, alpha]),
        Channels::Rgb => &pixels.map(Channels::Rgba, |[red, green, blue]| [red, green, blue, 255]),
        Channels::Rgba => pixels,
        Channels::Cmyk => return Err(unplanned(pixels)),
    };
    encoder.add(rgba, 0)?;
    encoder.finish()
}

/// The encoder of an animation. It holds two frames: the canvas, and the last added frame. That one is written when the
/// next frame is known, because its disposal depends on the next frame.
pub(crate) struct GifEncoder {
    width: u16,
    /// The visible pixels before the pending frame.
    canvas: Vec<[u8; 4]>,
    pending: Option<Pending>,
    file: Encoder<Vec<u8>>,
    /// The palette of all frames without a palette of their own.
    shared: Palette,
    clock: Clock,
}

struct Pending {
    pixels: Vec<[u8; 4]>,
    milliseconds: u32,
}

/// A transparent pixel. GIF has no partial transparency, so there is only this one.
const HOLE: [u8; 4] = [0; 4];

impl GifEncoder {
    /// An encoder for an animation of this size that plays `plays` times; `None` means forever.
    pub(crate) fn new(size: Size, plays: Option<NonZeroU16>) -> Result<Self, Error> {
        let as_word =
            |pixels: u32| u16::try_from(pixels).map_err(|_| Error::Unsupported("GIF has no such size"));
        let (width, height) = (as_word(size.width())?, as_word(size.height())?);
        Ok(Self {
            width,
            canvas: vec![HOLE; size.pixels() as usize],
            pending: None,
            file: begin(width, height, plays)?,
            shared: Palette::of(&[]),
            clock: Clock::default(),
        })
    }

    /// Adds a frame in RGBA. A frame with the same pixels as the last one extends its duration instead.
    pub(crate) fn add(&mut self, pixels: &Pixels, milliseconds: u32) -> Result<(), Error> {
        let frame: Vec<[u8; 4]> =
            pixels.samples.as_chunks().0.iter().map(|pixel| opaque_or_hole(*pixel)).collect();
        if pixels.channels != Channels::Rgba || frame.len() != self.canvas.len() {
            return Err(unplanned(pixels));
        }
        match self.pending.take() {
            Some(Pending { pixels, milliseconds: so_far })
                if pixels == frame && so_far + milliseconds <= MAX_MILLISECONDS =>
            {
                self.pending = Some(Pending { pixels, milliseconds: so_far + milliseconds });
            }
            Some(pending) => {
                self.write(pending, Some(&frame))?;
                self.pending = Some(Pending { pixels: frame, milliseconds });
            }
            None => self.pending = Some(Pending { pixels: frame, milliseconds }),
        }
        Ok(())
    }

    /// Returns the file. Fails if no frame was added.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Error> {
        let pending = self.pending.take();
        let pending = pending.ok_or_else(|| Error::Internal("a GIF without a frame".to_owned()))?;
        self.write(pending, None)?;
        let file = self.file.into_inner().map_err(|error| internal(&error))?;
        with_table(&file, &self.shared)
    }

    fn write(
        &mut self,
        Pending { pixels, milliseconds }: Pending,
        next: Option<&[[u8; 4]]>,
    ) -> Result<(), Error> {
        let width = usize::from(self.width);
        let changed = Area::of(width, pixels.iter().zip(&self.canvas).map(|(new, shown)| new != shown));
        // A drawn pixel that is transparent in the next frame can be cleared only with the whole area of this frame.
        let holes = next.and_then(|next| {
            Area::of(width, pixels.iter().zip(next).map(|(shown, next)| *next == HOLE && *shown != HOLE))
        });
        let area = Area::around(changed, holes);
        let drawn: Vec<Option<[u8; 3]>> = area
            .indices(width)
            .map(|index| match (pixels.get(index), self.canvas.get(index)) {
                (Some([red, green, blue, _]), shown) if pixels.get(index) != shown => {
                    Some([*red, *green, *blue])
                }
                _ => None,
            })
            .collect();
        let mut own = if self.shared.add_missing(&drawn) { None } else { Some(Palette::of(&drawn)) };
        let palette = own.as_mut().unwrap_or(&mut self.shared);
        let frame = Frame {
            left: area.left as u16,
            top: area.top as u16,
            width: area.width as u16,
            height: area.height as u16,
            delay: self.clock.centiseconds(milliseconds),
            dispose: if holes.is_some() { DisposalMethod::Background } else { DisposalMethod::Keep },
            transparent: Some(TRANSPARENT),
            buffer: indices(&drawn, area.width, palette).into(),
            palette: own.map(|palette| palette.to_bytes()),
            ..Frame::default()
        };
        self.file.write_frame(&frame).map_err(|error| internal(&error))?;
        self.canvas = pixels;
        if holes.is_some() {
            for index in area.indices(width) {
                if let Some(pixel) = self.canvas.get_mut(index) {
                    *pixel = HOLE;
                }
            }
        }
        Ok(())
    }
}

fn opaque_or_hole([red, green, blue, alpha]: [u8; 4]) -> [u8; 4] {
    if alpha < 128 { HOLE } else { [red, green, blue, 255] }
}

/// Bytes of the largest colour table. They are reserved until the colours of all frames are known.
const TABLE_BYTES: usize = 256 * 3;

fn begin(width: u16, height: u16, plays: Option<NonZeroU16>) -> Result<Encoder<Vec<u8>>, Error> {
    let mut file =
        Encoder::new(Vec::new(), width, height, &[0; TABLE_BYTES]).map_err(|error| internal(&error))?;
    let again = match plays {
        None => Some(Repeat::Infinite),
        Some(NonZeroU16::MIN) => None,
        Some(plays) => Some(Repeat::Finite(plays.get() - 1)),
    };
    if let Some(again) = again {
        file.set_repeat(again).map_err(|error| internal(&error))?;
    }
    Ok(file)
}

/// Replaces the reserved colour table with the palette, in the smallest possible size (the GIF specification, sections
/// 18 and 19).
fn with_table(file: &[u8], palette: &Palette) -> Result<Vec<u8>, Error> {
    const HAS_TABLE: u8 = 0x80;
    let parts =
        file.split_first_chunk::<13>().and_then(|(head, rest)| Some((head, rest.get(TABLE_BYTES..)?)));
    let Some(([start @ .., _flags, background, aspect], frames)) = parts else {
        return Err(Error::Internal("a GIF without a colour table".to_owned()));
    };
    let mut table = palette.to_bytes();
    let colors = (table.len() / 3).next_power_of_two().max(2);
    table.resize(colors * 3, 0);
    let size = colors.ilog2() as u8 - 1;
    let screen: &[u8] = &[HAS_TABLE | size << 4 | size, *background, *aspect];
    Ok([start, screen, &table, frames].concat())
}

/// Converts milliseconds to hundredths of a second without accumulating rounding errors.
#[derive(Default)]
struct Clock {
    milliseconds: u64,
    centiseconds: u64,
}

impl Clock {
    /// Minimum delay in hundredths of a second. Browsers replace smaller delays by 10.
    const MIN_DELAY: u64 = 2;

    fn centiseconds(&mut self, milliseconds: u32) -> u16 {
        if milliseconds == 0 {
            return 0;
        }
        self.milliseconds += u64::from(milliseconds);
        let end = (self.milliseconds + 5) / 10;
        let delay = end.saturating_sub(self.centiseconds).clamp(Self::MIN_DELAY, u64::from(u16::MAX));
        self.centiseconds += delay;
        delay as u16
    }
}

/// A rectangle of the canvas with at least one pixel.
#[derive(Clone, Copy)]
struct Area {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Area {
    /// The smallest rectangle around all marked pixels; `None` if no pixel is marked.
    fn of(width: usize, marks: impl Iterator<Item = bool>) -> Option<Self> {
        let mut area: Option<Self> = None;
        for (index, _) in marks.enumerate().filter(|(_, is_marked)| *is_marked) {
            let pixel = Self { left: index % width, top: index / width, width: 1, height: 1 };
            area = Some(Self::around(area, Some(pixel)));
        }
        area
    }

    fn around(a: Option<Self>, b: Option<Self>) -> Self {
        match (a, b) {
            (None, None) => Self { left: 0, top: 0, width: 1, height: 1 },
            (Some(one), None) | (None, Some(one)) => one,
            (Some(a), Some(b)) => {
                let (left, top) = (a.left.min(b.left), a.top.min(b.top));
                let right = (a.left + a.width).max(b.left + b.width);
                let bottom = (a.top + a.height).max(b.top + b.height);
                Self { left, top, width: right - left, height: bottom - top }
            }
        }
    }

    /// The indices of its pixels in a canvas of this width.
    fn indices(self, canvas_width: usize) -> impl Iterator<Item = usize> {
        let rows = self.top..self.top + self.height;
        rows.flat_map(move |y| (self.left..self.left + self.width).map(move |x| y * canvas_width + x))
    }
}

fn internal(error: &EncodingError) -> Error {
    Error::Internal(error.to_string())
}
