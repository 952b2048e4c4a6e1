//! The frames of a GIF.

use std::io::Cursor;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, DisposalMethod, MemoryLimit};

use super::canvas::{Blend, Canvas, Disposal, Layer};
use crate::decode::truncated::is_recognisable;
use crate::error::Error;
use crate::pixels::Size;
use crate::pixels::frame::{Frame, displayed_milliseconds};

const MILLISECONDS_PER_DELAY_UNIT: u32 = 10;

/// Maximum number of pixels of a frame that is larger than the canvas.
const MAX_OVERSIZED_FRAME_PIXELS: usize = 1 << 20;

/// The frames on a canvas of `size`. Parts of frames that are outside the canvas aren't kept. A frame that is much
/// larger than the canvas is an error.
pub(super) fn frames(
    bytes: &[u8],
    size: Size,
) -> Result<impl Iterator<Item = Result<Frame, Error>> + '_, Error> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    // The size of a frame is checked below before its pixels are allocated, and metadata is no longer than the file.
    options.set_memory_limit(MemoryLimit::Unlimited);
    let mut decoder = options.read_info(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let global: Option<Vec<u8>> = decoder.global_palette().map(<[u8]>::to_vec);
    let mut canvas = Canvas::new(size);
    Ok(std::iter::from_fn(move || next(&mut decoder, global.as_deref(), &mut canvas).transpose()))
}

fn next(
    decoder: &mut Decoder<Cursor<&[u8]>>,
    global: Option<&[u8]>,
    canvas: &mut Canvas,
) -> Result<Option<Frame>, Error> {
    let Some(frame) = decoder.next_frame_info().map_err(|error| damaged(&error))? else { return Ok(None) };
    let colors = colors(frame.palette.as_deref().or(global), frame.transparent);
    let (left, top) = (frame.left.into(), frame.top.into());
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    let disposal = match frame.dispose {
        DisposalMethod::Any | DisposalMethod::Keep => Disposal::Keep,
        DisposalMethod::Background => Disposal::Clear,
        DisposalMethod::Previous => Disposal::Restore,
    };
    let milliseconds = displayed_milliseconds(u32::from(frame.delay) * MILLISECONDS_PER_DELAY_UNIT);
    let is_interlaced = frame.interlaced;
    if width * height > canvas.pixels().max(MAX_OVERSIZED_FRAME_PIXELS) {
        return Err(Error::Damaged("a frame is larger than the picture".to_owned()));
    }
    // The decoder must get the frame in one piece: row by row it loses the end of some frames.
    let mut indices = vec![0; width * height];
    let read = if indices.is_empty() { Ok(true) } else { decoder.fill_buffer(&mut indices) };
    // What there is of a frame is shown if it is the first one. The rest of the indices is 0.
    let part = || {
        let rows = rows_before_zeros(&indices, width);
        (canvas.is_new() && is_recognisable(rows, height)).then_some(rows)
    };
    let rows_there = match read {
        Ok(true) => height,
        Ok(false) => part().ok_or_else(|| Error::Damaged("a frame ends early".to_owned()))?,
        Err(error) => part().ok_or_else(|| damaged(&error))?,
    };
    let (kept_width, kept_height) = canvas.kept(left, top, width, height);
    let mut shown_rows: Vec<&[u8]> = vec![&[]; kept_height];
    for (row, stored) in row_order(height, is_interlaced).zip(indices.chunks(width.max(1))).take(rows_there) {
        if let Some(shown) = shown_rows.get_mut(row) {
            *shown = stored;
        }
    }
    // A row becomes colours when it is drawn: a frame of four times the memory is never made.
    let color = |index: &u8| colors.get(usize::from(*index)).copied().unwrap_or_default();
    let layer = Layer { left, top, width: kept_width, height: kept_height, blend: Blend::Over, disposal };
    let pixels = canvas.draw(layer, shown_rows.into_iter().map(|row| row.iter().map(color)));
    Ok(Some(Frame { pixels, milliseconds }))
}

/// Number of rows up to the last one with an index other than 0.
fn rows_before_zeros(indices: &[u8], width: usize) -> usize {
    let last = indices.chunks(width.max(1)).rposition(|row| row.iter().any(|index| *index != 0));
    last.map_or(0, |last| last + 1)
}

/// The index of each row, in the order of storage (`GIF89a` Specification, appendix E).
fn row_order(height: usize, is_interlaced: bool) -> impl Iterator<Item = usize> {
    let passes: &[(usize, usize)] = if is_interlaced { &[(0, 8), (4, 8), (2, 4), (1, 2)] } else { &[(0, 1)] };
    passes.iter().flat_map(move |(first, step)| (*first..height).step_by(*step))
}

/// The colour of each index. Indices beyond the palette are transparent. Without a palette an index is a gray, as in Pillow.
fn colors(palette: Option<&[u8]>, transparent: Option<u8>) -> [[u8; 4]; 256] {
    let mut colors = match palette {
        Some(_) => [[0; 4]; 256],
        None => std::array::from_fn(|index| [index as u8, index as u8, index as u8, 255]),
    };
    for (color, [red, green, blue]) in colors.iter_mut().zip(palette.unwrap_or_default().as_chunks::<3>().0) {
        *color = [*red, *green, *blue, 255];
    }
    if let Some(color) = transparent.and_then(|index| colors.get_mut(usize::from(index))) {
        *color = [0; 4];
    }
    colors
}

fn damaged(error: &DecodingError) -> Error {
    Error::Damaged(error.to_string())
}
