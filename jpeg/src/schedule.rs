//! Which scans of a progressive file are needed for a scale.

use crate::decoder::refuse_more;
use crate::error::Error;
use crate::geometry::{DROPPED, places};
use crate::header::{Header, MAX_COMPONENTS};
use crate::markers::{Cursor, EOI, SOS, stands_alone};
use crate::options::{LastBits, Options};
use crate::scan::Scan;

/// The most scans that a file may have. Real ones have about ten; thousands are an attack.
pub(crate) const MAX_SCANS: usize = 200;

/// The scans of a file, found by their markers without reading them.
#[derive(Debug)]
pub(crate) struct Schedule {
    entries: Vec<Entry>,
    has_end: bool,
}

/// A scan that may be read.
#[derive(Debug)]
struct Entry {
    /// None where it is malformed.
    scan: Option<Scan>,
    /// The place of the marker behind it.
    end: usize,
    is_needed: bool,
}

/// What is done with a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It is decoded.
    Decode,
    /// It is passed; the next marker is at this place.
    Pass(usize),
}

/// What is known of each coefficient, a bit each in zig-zag order.
type Bits = u64;

impl Schedule {
    /// Finds the scans from a file's beginning, and what is needed of them.
    pub(crate) fn new(header: &Header, bytes: &[u8], options: Options) -> Result<Self, Error> {
        let mut schedule = Self { entries: Vec::new(), has_end: false };
        let mut cursor = Cursor::new(bytes, 2);
        let mut marker = cursor.marker();
        while let Some(found) = marker {
            if found == EOI {
                schedule.has_end = true;
                break;
            }
            let content = if stands_alone(found) { None } else { cursor.segment() };
            if found == SOS
                && let Some(content) = content
            {
                refuse_more(schedule.entries.len())?;
                let scan = Scan::read(content, header).ok();
                marker = cursor.marker_behind_scan();
                schedule.entries.push(Entry { scan, end: cursor.before_marker(), is_needed: true });
            } else {
                marker = cursor.marker();
            }
        }
        schedule.choose(options);
        Ok(schedule)
    }

    /// Whether the file has its end marker.
    pub(crate) const fn has_end(&self) -> bool {
        self.has_end
    }

    /// What is done with the scan of this number, from 0.
    pub(crate) fn of_scan(&self, number: usize) -> Use {
        match self.entries.get(number) {
            Some(entry) if !entry.is_needed => Use::Pass(entry.end),
            _ => Use::Decode,
        }
    }

    /// Whether no scan from this number on is needed.
    pub(crate) fn is_done(&self, number: usize) -> bool {
        self.entries.iter().skip(number).all(|entry| !entry.is_needed)
    }

    /// Whether scans that refine AC coefficients of a component are read, which needs to know which are not zero.
    pub(crate) fn has_refinements(&self, component: usize) -> bool {
        let mut needed =
            self.entries.iter().filter(|entry| entry.is_needed).filter_map(|entry| entry.scan.as_ref());
        needed.any(|scan| scan.is_refinement() && !scan.is_dc() && scan.has(component))
    }

    /// Goes through the scans from the last to the first: what refines a coefficient that is kept must be read, and to
    /// read it, all that was said before of any coefficient that it may refine.
    fn choose(&mut self, options: Options) {
        let mut wanted: [Bits; MAX_COMPONENTS] = std::array::from_fn(|place| {
            let kept = places(options.scales.of_component(place)).into_iter().enumerate();
            kept.filter(|(_, place)| *place != DROPPED).map(|(place, _)| 1 << place).sum()
        });
        for entry in self.entries.iter_mut().rev() {
            let Some(scan) = &entry.scan else { continue };
            if scan.is_dc() {
                continue;
            }
            let Some(wanted) = scan.members.first().and_then(|member| wanted.get_mut(member.component))
            else {
                continue;
            };
            let band = scan.band();
            let is_dropped = match options.last_bits {
                LastBits::Read => false,
                LastBits::Drop => scan.is_refinement() && scan.low == 0,
            };
            entry.is_needed = band & *wanted != 0 && !is_dropped;
            if entry.is_needed && scan.is_refinement() {
                *wanted |= band;
            }
        }
    }
}
