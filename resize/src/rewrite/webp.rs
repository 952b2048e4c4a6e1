//! Rewrites a WebP: pixels, alpha, frames and loops.

mod partitions;

use codecs::webp::Layout;

use crate::source::riff::{chunk, chunks};
use partitions::first_partition;

/// A part of a picture that lacks this number of bytes can't be decoded, if all its bytes are needed. Encoders may add
/// a byte or two of padding.
const SLACK: usize = 8;

const ALPHA_FLAG: u8 = 0x10;
const ANIMATION_FLAG: u8 = 0x02;

/// The picture or the animation in a new file. `None` if the file is damaged, or if a part of it has bytes at its end that aren't
/// needed.
pub(super) fn rewrite(bytes: &[u8]) -> Option<Vec<u8>> {
    let header = codecs::webp::read_header(bytes).ok()?;
    let (width, height) = (header.width, header.height);
    if !header.is_animated {
        let still = Still::read(chunks(bytes), width, height)?;
        return Some(still.file());
    }
    let mut frames = Vec::new();
    let mut has_alpha = false;
    for (_, frame) in chunks(bytes).filter(|(name, _)| name == b"ANMF") {
        let (head, content) = frame.split_first_chunk::<16>()?;
        let [x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, d0, d1, d2, flags] = *head;
        let side = |bytes: [u8; 3]| u24(bytes) + 1;
        // Chunks begin after a header of twelve bytes.
        let as_file = [&[0; 12], content].concat();
        let still = Still::read(chunks(&as_file), side([w0, w1, w2]), side([h0, h1, h2]))?;
        has_alpha |= still.has_alpha();
        let head = [x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, d0, d1, d2, flags & 3];
        frames.extend(written(*b"ANMF", &[&head[..], &still.chunks()].concat()));
    }
    let [_, _, _, _, plays @ ..] = chunk(bytes, *b"ANIM")?.first_chunk::<6>()?;
    let animation = written(*b"ANIM", &[&[0; 4][..], plays].concat());
    let flags = ANIMATION_FLAG | if has_alpha { ALPHA_FLAG } else { 0 };
    Some(file(&[extended(flags, width, height), animation, frames].concat()))
}

/// The chunks of a still picture, or of a frame.
struct Still<'a> {
    alpha: Option<&'a [u8]>,
    name: [u8; 4],
    data: &'a [u8],
    width: u32,
    height: u32,
}

impl<'a> Still<'a> {
    /// The picture in these chunks. `None` if a part of it is damaged or has bytes that aren't needed.
    fn read(chunks: impl Iterator<Item = ([u8; 4], &'a [u8])>, width: u32, height: u32) -> Option<Self> {
        let mut alpha = None;
        for (name, data) in chunks {
            match &name {
                b"ALPH" => alpha = alpha.or(Some(data)),
                b"VP8 " => return Some(Self { alpha, name, data, width, height }).filter(Self::is_exact),
                b"VP8L" => {
                    return Some(Self { alpha: None, name, data, width, height }).filter(Self::is_exact);
                }
                _ => {}
            }
        }
        None
    }

    fn has_alpha(&self) -> bool {
        // The flag is the bit after the sizes (WebP Lossless Bitstream Specification, section 3).
        self.alpha.is_some() || self.name == *b"VP8L" && self.data.get(4).is_some_and(|bits| bits & 0x10 != 0)
    }

    /// `true` if the picture can be decoded, but can't be decoded if any part of it is a little shorter.
    fn is_exact(&self) -> bool {
        let mut shorter = Vec::new();
        if let Some(alpha) = self.alpha.filter(|alpha| alpha.len() > SLACK) {
            let alpha = alpha.get(..alpha.len() - SLACK);
            shorter.push(Still { alpha, ..*self }.file());
        }
        if let Some(data) = self.data.len().checked_sub(SLACK).and_then(|end| self.data.get(..end)) {
            shorter.push(Still { data, ..*self }.file());
        }
        if self.name == *b"VP8 " {
            let Some(partition) = first_partition(self.data) else { return false };
            if let Some(data) = partition.shortened(self.data, SLACK) {
                shorter.push(Still { data: &data, ..*self }.file());
            }
        }
        self.is_decoded(&self.file()) && !shorter.iter().any(|file| self.is_decoded(file))
    }

    fn is_decoded(&self, file: &[u8]) -> bool {
        let Ok(header) = codecs::webp::read_header(file) else { return false };
        let mut samples = vec![0; self.width as usize * self.height as usize * 4];
        (header.width, header.height) == (self.width, self.height)
            && codecs::webp::decode(file, header, Layout::Rgba, &mut samples) == Ok(header.height)
    }

    fn chunks(&self) -> Vec<u8> {
        let alpha = self.alpha.map(|alpha| written(*b"ALPH", alpha)).unwrap_or_default();
        [alpha, written(self.name, self.data)].concat()
    }

    fn file(&self) -> Vec<u8> {
        let head = match self.alpha {
            Some(_) => extended(ALPHA_FLAG, self.width, self.height),
            None => Vec::new(),
        };
        file(&[head, self.chunks()].concat())
    }
}

fn u24([low, middle, high]: [u8; 3]) -> u32 {
    u32::from_le_bytes([low, middle, high, 0])
}

/// The header of a file with alpha or frames.
fn extended(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let side = |pixels: u32| {
        let [low, middle, high, _] = (pixels - 1).to_le_bytes();
        [low, middle, high]
    };
    written(*b"VP8X", &[&[flags, 0, 0, 0][..], &side(width), &side(height)].concat())
}

/// A chunk.
fn written(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX).to_le_bytes();
    let padding: &[u8] = if content.len().is_multiple_of(2) { &[] } else { &[0] };
    [&name[..], &length, content, padding].concat()
}

fn file(chunks: &[u8]) -> Vec<u8> {
    let length = u32::try_from(chunks.len() + 4).unwrap_or(u32::MAX).to_le_bytes();
    [b"RIFF", &length[..], b"WEBP", chunks].concat()
}
