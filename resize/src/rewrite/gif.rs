//! Rewrites a GIF: screen, used colours, frames and loops.

mod lzw;

use super::colors::only_used;
use crate::source::gif_blocks::{self, color_table_bytes};
use lzw::CodedPicture;

/// The pictures in a new file. `None` if the file is damaged or truncated, or has text that is drawn over the picture.
pub(super) fn rewrite(bytes: &[u8]) -> Option<Vec<u8>> {
    let (header, rest) = bytes.split_first_chunk::<13>()?;
    let [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', _, _, _, _, flags, ..] = *header else { return None };
    let (table, mut rest) = rest.split_at_checked(color_table_bytes(flags))?;
    let mut frames = Frames::default();
    loop {
        rest = match rest {
            [0x3b, ..] => break,
            [0x21, label, rest @ ..] => {
                let (content, rest) = SubBlocks::split(rest)?;
                frames.extension(*label, content)?;
                rest
            }
            [0x2c, rest @ ..] => frames.frame(rest)?,
            _ => return None,
        };
    }
    let table = only_used::<3>(table, &frames.used_of_global);
    // The size as browsers show it, so that every viewer shows the same.
    let size = gif_blocks::read(bytes)?;
    let ([w0, w1], [h0, h1]) = (word(size.width)?, word(size.height)?);
    let table_size_and_resolution = flags & !0x08;
    // The index of the background and the shape of pixels: no viewer uses them.
    let screen = [w0, w1, h0, h1, table_size_and_resolution, 0, 0];
    Some([b"GIF89a", &screen[..], &table, &frames.written, b";"].concat())
}

/// A number as two bytes, the lower one first.
fn word(number: u32) -> Option<[u8; 2]> {
    Some(u16::try_from(number).ok()?.to_le_bytes())
}

/// The frames that are written so far.
struct Frames {
    written: Vec<u8>,
    used_of_global: [bool; 256],
}

impl Default for Frames {
    fn default() -> Self {
        Self { written: Vec::new(), used_of_global: [false; 256] }
    }
}

impl Frames {
    fn extension(&mut self, label: u8, mut content: SubBlocks<'_>) -> Option<()> {
        const PLAIN_TEXT: u8 = 0x01;
        const GRAPHIC_CONTROL: u8 = 0xf9;
        const APPLICATION: u8 = 0xff;
        match (label, content.next()) {
            (GRAPHIC_CONTROL, Some(&[flags, d0, d1, transparent])) => {
                let (disposal, is_transparent) = (flags & 0x1c, flags & 1);
                let transparent = if is_transparent == 1 { transparent } else { 0 };
                self.written.extend([
                    0x21,
                    GRAPHIC_CONTROL,
                    4,
                    disposal | is_transparent,
                    d0,
                    d1,
                    transparent,
                    0,
                ]);
            }
            (APPLICATION, Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0")) => {
                if let Some(&[1, low, high]) = content.next() {
                    self.written.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01");
                    self.written.extend([low, high, 0]);
                }
            }
            (PLAIN_TEXT | GRAPHIC_CONTROL, _) => return None,
            _ => {}
        }
        Some(())
    }

    /// Writes a frame, and returns the bytes after it.
    fn frame<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let (descriptor, rest) = bytes.split_first_chunk::<9>()?;
        let [x0, x1, y0, y1, w0, w1, h0, h1, flags] = *descriptor;
        let (table, rest) = rest.split_at_checked(color_table_bytes(flags))?;
        let (code_bits, rest) = rest.split_first()?;
        let (data, rest) = SubBlocks::split(rest)?;
        let word = |low, high| usize::from(u16::from_le_bytes([low, high]));
        let data = data.flatten().copied().collect();
        let CodedPicture { data, used } = CodedPicture::read(data, *code_bits, word(w0, w1) * word(h0, h1))?;
        // The flags that remain: whether there is a table, its size, and whether the rows are interlaced.
        let flags = flags & 0xc7;
        self.written.extend([0x2c, x0, x1, y0, y1, w0, w1, h0, h1, flags]);
        if table.is_empty() {
            self.used_of_global.iter_mut().zip(used).for_each(|(global, used)| *global |= used);
        }
        self.written.extend(only_used::<3>(table, &used));
        self.written.push(*code_bits);
        for part in data.chunks(255) {
            self.written.push(part.len() as u8);
            self.written.extend_from_slice(part);
        }
        self.written.push(0);
        Some(rest)
    }
}

/// Iterates over the contents of sub-blocks.
#[derive(Clone)]
struct SubBlocks<'a>(&'a [u8]);

impl<'a> SubBlocks<'a> {
    /// The sub-blocks up to their end, and the bytes after it. `None` if they end early.
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let mut rest = bytes;
        loop {
            let (length, after) = rest.split_first()?;
            if *length == 0 {
                return Some((Self(bytes), after));
            }
            rest = after.get(usize::from(*length)..)?;
        }
    }
}

impl<'a> Iterator for SubBlocks<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first()?;
        let (content, rest) = rest.split_at_checked(usize::from(*length))?;
        self.0 = rest;
        (!content.is_empty()).then_some(content)
    }
}
