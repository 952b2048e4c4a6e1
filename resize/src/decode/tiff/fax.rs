//! Decodes the fax codings: modified Huffman, group 3 in one and two dimensions (ITU-T T.4), and group 4 (T.6). The crate `fax`
//! has the tables of codes.

use std::convert::Infallible;

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, ByteReader};

/// A fax coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Each row by itself, in whole bytes.
    Huffman,
    /// Rows may have marks between them, and refer to the one above if there are two dimensions.
    Group3 { has_two_dimensions: bool },
    /// Each row refers to the one above.
    Group4,
}

/// The bits of `rows` rows, 1 for black, each in whole bytes. Ends before the first damaged row.
pub(super) fn decode_fax(stored: &[u8], coding: Coding, width: usize, rows: usize) -> Vec<u8> {
    // Codes are looked up in several bits at once, also at the end.
    let padded = stored.iter().copied().chain([0; 4]).map(Ok::<u8, Infallible>);
    let Ok(bits) = ByteReader::new(padded);
    let mut decoder = FaxDecoder { bits, width, above: Vec::new() };
    let mut picture = Vec::with_capacity(width.div_ceil(8) * rows);
    for _ in 0..rows {
        let Some(changes) = decoder.row(coding) else { break };
        paint(&changes, width, &mut picture);
        decoder.above = changes;
    }
    picture
}

/// Appends a row of bits. Colours change at each position, and the first is white.
fn paint(changes: &[usize], width: usize, picture: &mut Vec<u8>) {
    let start = picture.len();
    picture.resize(start + width.div_ceil(8), 0);
    let row = picture.get_mut(start..).unwrap_or_default();
    for run in changes.chunks(2) {
        let from = run.first().copied().unwrap_or(width);
        let to = run.get(1).copied().unwrap_or(width);
        for at in from..to.min(width) {
            if let Some(byte) = row.get_mut(at / 8) {
                *byte |= 0x80 >> (at % 8);
            }
        }
    }
}

struct FaxDecoder<R> {
    bits: ByteReader<R>,
    width: usize,
    /// The positions at which the row above changes its colour.
    above: Vec<usize>,
}

impl<R: Iterator<Item = Result<u8, Infallible>>> FaxDecoder<R> {
    /// The positions at which the next row changes its colour. `None` at the end and for a damaged row.
    fn row(&mut self, coding: Coding) -> Option<Vec<usize>> {
        match coding {
            Coding::Group4 => self.row_by_the_one_above(),
            Coding::Huffman => {
                let row = self.row_alone();
                self.skip(self.bits.bits_to_byte_boundary())?;
                row
            }
            Coding::Group3 { has_two_dimensions } => {
                let has_mark = self.skip_mark()?;
                let is_alone = !(has_two_dimensions && has_mark) || self.take(1)? == 1;
                if has_mark && self.is_at_mark() {
                    // Several marks end the picture.
                    return None;
                }
                if is_alone { self.row_alone() } else { self.row_by_the_one_above() }
            }
        }
    }

    fn row_alone(&mut self) -> Option<Vec<usize>> {
        let (mut changes, mut at, mut is_black) = (Vec::new(), 0, false);
        while at < self.width {
            at += self.run(is_black)?;
            changes.push(at.min(self.width));
            is_black = !is_black;
        }
        Some(changes)
    }

    fn row_by_the_one_above(&mut self) -> Option<Vec<usize>> {
        let mut changes = Vec::new();
        // The position of the last change; `None` is before the first pixel.
        let mut at: Option<usize> = None;
        let (mut is_black, mut next) = (false, 0);
        while at.is_none_or(|at| at < self.width) {
            // The first change above that is beyond the last one here, and to the other colour.
            while self.above.get(next).is_some_and(|above| at.is_some_and(|at| *above <= at)) {
                next += 1;
            }
            let beyond = next + usize::from((next % 2 == 1) != is_black);
            let above = |index: usize| self.above.get(index).copied().unwrap_or(self.width);
            let (first, second) = (above(beyond), above(beyond + 1));
            match mode::decode(&mut self.bits)? {
                Mode::Pass => at = Some(second),
                Mode::Vertical(distance) => {
                    let change = first
                        .checked_add_signed(distance.into())
                        .filter(|change| *change <= self.width && at.is_none_or(|at| *change >= at))?;
                    changes.push(change);
                    (at, is_black) = (Some(change), !is_black);
                    next = next.saturating_sub(2);
                }
                Mode::Horizontal => {
                    let first = at.unwrap_or(0) + self.run(is_black)?;
                    let second = first + self.run(!is_black)?;
                    changes.extend([first.min(self.width), second.min(self.width)]);
                    at = Some(second);
                }
                Mode::Extension | Mode::EOF => return None,
            }
        }
        Some(changes)
    }

    /// The length of a run: some multiples of 64, and a rest.
    fn run(&mut self, is_black: bool) -> Option<usize> {
        let mut length = 0;
        loop {
            let part = if is_black { black::decode(&mut self.bits) } else { white::decode(&mut self.bits) };
            let part = usize::from(part?);
            length += part;
            if part < 64 {
                return Some(length);
            }
            if length > self.width {
                return None;
            }
        }
    }

    /// `true` if more zeros follow than any code of a run begins with.
    fn is_at_mark(&self) -> bool {
        self.bits.peek(9) == Some(0)
    }

    /// Skips a mark at the end of a row, with the zeros before it.
    fn skip_mark(&mut self) -> Option<bool> {
        if !self.is_at_mark() {
            return Some(false);
        }
        while self.bits.peek(1)? == 0 {
            self.skip(1)?;
        }
        self.skip(1)?;
        Some(true)
    }

    fn take(&mut self, bits: u8) -> Option<u16> {
        let taken = self.bits.peek(bits)?;
        self.skip(bits)?;
        Some(taken)
    }

    fn skip(&mut self, bits: u8) -> Option<()> {
        self.bits.consume(bits).ok()
    }
}
