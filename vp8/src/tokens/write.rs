use super::classes::{CATEGORIES, CLASS_OF, FIRST_CATEGORY};
use super::{Header, Kind, Tokens, band};
use crate::bits::Interval;
use crate::tables::Probabilities;
use crate::wrapped::at;

/// The probabilities of the branches of a token.
type Branches = [u8; 11];

/// The probabilities of the contexts of a band. The fourth is unused.
type Contexts = [Branches; 4];

impl Tokens {
    /// Writes the tokens (RFC 6386, section 13.2).
    pub(crate) fn write(&self, probabilities: &Probabilities) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.stream.len());
        let mut interval = Interval::START;
        let probabilities: [[Contexts; 8]; 4] =
            probabilities.map(|kind| kind.map(|[none, one, two]| [none, one, two, two]));
        let mut stream = self.stream.iter();
        while let Some(&header) = stream.next() {
            let Header { kind, context, end } = Header::unpack(header);
            let (kind, end) = (usize::from(kind), usize::from(end));
            let bands = at(&probabilities, kind);
            let mut position = usize::from(kind == Kind::LumaWithoutDc as usize);
            let mut p = at(at(bands, position), usize::from(context));
            interval.put(&mut bytes, end != 0, p[0]);
            while position < end {
                let Some(&level) = stream.next() else { break };
                let level = level.cast_signed();
                position += 1;
                let next = at(bands, band(position));
                if level == 0 {
                    interval.put(&mut bytes, false, p[1]);
                    p = &next[0];
                    continue;
                }
                interval.put(&mut bytes, true, p[1]);
                let magnitude = u32::from(level.unsigned_abs());
                interval.put(&mut bytes, magnitude > 1, p[2]);
                if magnitude > 1 {
                    large(&mut interval, &mut bytes, magnitude, p);
                    p = &next[2];
                } else {
                    p = &next[1];
                }
                interval.put(&mut bytes, level < 0, 128);
                if position < 16 {
                    interval.put(&mut bytes, position < end, p[0]);
                }
            }
        }
        interval.finish(&mut bytes);
        bytes
    }
}

/// Writes the rest of a token for a magnitude above 1.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call would keep the interval in memory instead of registers")]
fn large(interval: &mut Interval, bytes: &mut Vec<u8>, magnitude: u32, p: &Branches) {
    interval.put(bytes, magnitude > 4, p[3]);
    if magnitude <= 4 {
        interval.put(bytes, magnitude != 2, p[4]);
        if magnitude != 2 {
            interval.put(bytes, magnitude == 4, p[5]);
        }
        return;
    }
    let category = at(&CLASS_OF, magnitude.min(127) as usize).wrapping_sub(FIRST_CATEGORY);
    interval.put(bytes, category > 1, p[6]);
    match category {
        0 | 1 => interval.put(bytes, category == 1, p[7]),
        2 | 3 => {
            interval.put(bytes, false, p[8]);
            interval.put(bytes, category == 3, p[9]);
        }
        _ => {
            interval.put(bytes, true, p[8]);
            interval.put(bytes, category == 5, p[10]);
        }
    }
    let category = at(&CATEGORIES, category.into());
    let rest = magnitude.wrapping_sub(category.start);
    for (shift, probability) in (0..category.bits.len()).rev().zip(category.bits) {
        interval.put(bytes, rest >> shift & 1 != 0, *probability);
    }
}
