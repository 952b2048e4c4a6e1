//! Reads the blocks of a GIF without decoding pictures (`GIF89a` Specification, W3C, 1990).

use std::num::NonZeroU16;

/// The facts in the blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GifBlocks {
    /// Width in pixels: the width of the screen or, as in browsers, of a first frame that is wider.
    pub(crate) width: u32,
    /// Height in pixels: the height of the screen or, as in browsers, of a first frame that is higher.
    pub(crate) height: u32,
    /// Number of frames that begin, even if the file ends within the last one.
    pub(crate) frames: u32,
    /// Number of times that the frames are played; `None` means forever.
    pub(crate) plays: Option<NonZeroU16>,
    /// `true` if a pixel of any frame may be transparent.
    pub(crate) has_alpha: bool,
    /// `true` if there are comments, a profile or other application data.
    pub(crate) has_metadata: bool,
}

/// Reads all blocks up to the end or to invalid data. `None` if there is no header.
pub(crate) fn read(bytes: &[u8]) -> Option<GifBlocks> {
    read_with_rest(bytes).map(|(blocks, _)| blocks)
}

/// `true` if the blocks reach the trailer.
pub(crate) fn has_end(bytes: &[u8]) -> bool {
    read_with_rest(bytes).is_some_and(|(_, rest)| rest.first() == Some(&b';'))
}

/// The facts in the blocks, and the bytes after the last whole one.
fn read_with_rest(bytes: &[u8]) -> Option<(GifBlocks, &[u8])> {
    let (header, mut rest) = bytes.split_first_chunk::<13>()?;
    let [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', w0, w1, h0, h1, flags, ..] = *header else { return None };
    let screen = (u16::from_le_bytes([w0, w1]), u16::from_le_bytes([h0, h1]));
    let mut blocks = GifBlocks {
        width: screen.0.into(),
        height: screen.1.into(),
        frames: 0,
        plays: Some(NonZeroU16::MIN),
        has_alpha: false,
        has_metadata: false,
    };
    rest = rest.get(color_table_bytes(flags)..).unwrap_or_default();
    while let Some(after) = blocks.block(rest) {
        rest = after;
    }
    Some((blocks, rest))
}

impl GifBlocks {
    /// Reads the first block and returns the bytes after it; `None` at the end.
    fn block<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        match bytes {
            [0x21, 0xf9, rest @ ..] => {
                let (content, _) = sub_block(rest)?;
                self.has_alpha |= is_control_transparent(content);
                skip_sub_blocks(rest)
            }
            [0x21, 0xff, rest @ ..] => {
                let (name, after) = sub_block(rest)?;
                match (name, sub_block(after)?.0) {
                    (b"NETSCAPE2.0" | b"ANIMEXTS1.0", [1, repeats @ ..]) => self.repeat(repeats),
                    _ => self.has_metadata = true,
                }
                skip_sub_blocks(rest)
            }
            [0x21, label, rest @ ..] => {
                self.has_metadata |= *label == 0xfe;
                skip_sub_blocks(rest)
            }
            [0x2c, rest @ ..] => {
                let (descriptor, rest) = rest.split_first_chunk::<9>()?;
                self.frame(*descriptor);
                let [.., flags] = *descriptor;
                let data = rest.get(color_table_bytes(flags)..)?;
                let (_code_size, data) = data.split_first()?;
                skip_sub_blocks(data)
            }
            _ => None,
        }
    }

    fn frame(&mut self, descriptor: [u8; 9]) {
        let [x0, x1, y0, y1, w0, w1, h0, h1, _flags] = descriptor;
        let word = |low, high| u32::from(u16::from_le_bytes([low, high]));
        let (left, top, width, height) = (word(x0, x1), word(y0, y1), word(w0, w1), word(h0, h1));
        if self.frames == 0 {
            self.width = self.width.max(left + width);
            self.height = self.height.max(top + height);
            // Pixels that the first frame doesn't cover are transparent. The background colour in the header has no
            // effect.
            self.has_alpha |= (left, top) != (0, 0) || (width, height) != (self.width, self.height);
        }
        self.frames = self.frames.saturating_add(1);
    }

    /// Reads the loop extension, which counts repetitions; 0 means forever.
    fn repeat(&mut self, count: &[u8]) {
        if let [low, high, ..] = *count {
            let again = NonZeroU16::new(u16::from_le_bytes([low, high]));
            self.plays = again.map(|again| again.saturating_add(1));
        }
    }
}

pub(crate) fn color_table_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// `true` if the frame has transparent pixels or is removed after its time.
fn is_control_transparent(control: &[u8]) -> bool {
    const TO_BACKGROUND: u8 = 2;
    const TO_PREVIOUS: u8 = 3;
    control
        .first()
        .is_some_and(|flags| flags & 1 == 1 || matches!(flags >> 2 & 7, TO_BACKGROUND | TO_PREVIOUS))
}

fn sub_block(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first()?;
    rest.split_at_checked(usize::from(*length))
}

fn skip_sub_blocks(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let (content, rest) = sub_block(bytes)?;
        if content.is_empty() {
            return Some(rest);
        }
        bytes = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: &[u8] = b"GIF89a\x04\0\x03\0\0\0\0";
    const FRAME: &[u8] = b"\x2c\0\0\0\0\x04\0\x03\0\0\x02\x01\x44\0";

    fn read_parts(parts: &[&[u8]]) -> Option<GifBlocks> {
        read(&parts.concat())
    }

    #[test]
    fn frames_are_counted_up_to_the_end_or_to_invalid_data() {
        let check = |parts: &[&[u8]], expected| {
            assert_eq!(read_parts(parts).map(|blocks| blocks.frames), expected, "{parts:?}");
        };
        check(&[SCREEN], Some(0));
        check(&[SCREEN, FRAME, b";"], Some(1));
        check(&[SCREEN, FRAME, FRAME, b";", FRAME], Some(2));
        check(&[SCREEN, FRAME, b"\x21\xfe\x02hi\0", FRAME], Some(2));
        check(&[SCREEN, FRAME, &FRAME[..13]], Some(2));
        check(&[SCREEN, FRAME, &FRAME[..9]], Some(1));
        check(&[b"GIF88a", &SCREEN[6..], FRAME], None);
        check(&[&SCREEN[..12]], None);
        check(&[b"GIF89a\x04\0\x03\0\x81\0\0", &[0x2c; 12], FRAME, b";"], Some(1));
    }

    #[test]
    fn loops_transparency_metadata_and_the_size_are_read() {
        let check = |parts: &[&[u8]], expected: (Option<u16>, bool, bool, (u32, u32))| {
            let blocks = read_parts(parts).unwrap();
            let plays = blocks.plays.map(NonZeroU16::get);
            assert_eq!(
                (plays, blocks.has_alpha, blocks.has_metadata, (blocks.width, blocks.height)),
                expected
            );
        };
        let looped = |count: u8| [b"\x21\xff\x0bNETSCAPE2.0\x03\x01".as_slice(), &[count, 0, 0]].concat();
        check(&[SCREEN, FRAME], (Some(1), false, false, (4, 3)));
        check(&[SCREEN, &looped(0), FRAME], (None, false, false, (4, 3)));
        check(&[SCREEN, &looped(3), FRAME], (Some(4), false, false, (4, 3)));
        check(&[SCREEN, b"\x21\xff\x0bXMP DataXMP\x01<\0", FRAME], (Some(1), false, true, (4, 3)));
        check(&[SCREEN, b"\x21\xfe\x01c\0", FRAME], (Some(1), false, true, (4, 3)));
        check(&[SCREEN, b"\x21\xf9\x04\x01\0\0\0\0", FRAME], (Some(1), true, false, (4, 3)));
        check(&[SCREEN, b"\x21\xf9\x04\x04\0\0\0\0", FRAME], (Some(1), false, false, (4, 3)));
        check(&[SCREEN, b"\x21\xf9\x04\x08\0\0\0\0", FRAME], (Some(1), true, false, (4, 3)));
        check(&[SCREEN, b"\x2c\x01\0\0\0\x04\0\x03\0\0\x02\0"], (Some(1), true, false, (5, 3)));
        check(&[SCREEN, FRAME, b"\x2c\x01\0\0\0\x04\0\x03\0\0\x02\0"], (Some(1), false, false, (4, 3)));
    }
}
