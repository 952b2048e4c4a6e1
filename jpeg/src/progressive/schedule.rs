use crate::coefficients::{DISCARD, slots_of};
use crate::error::Error;
use crate::file::header::Header;
use crate::file::header::component::MAX_COMPONENTS;
use crate::file::markers::{Cursor, EOI, SOS, stands_alone};
use crate::file::scan::{Scan, admit_one_more};
use crate::options::{LastBits, Options};

/// The scans of a progressive file, found by their markers without reading them, and which of them a decode needs.
#[derive(Debug)]
pub(crate) struct Schedule {
    entries: Vec<Entry>,
    has_end: bool,
}

/// A scan of the file.
#[derive(Debug)]
struct Entry {
    /// `None` if its header is malformed.
    scan: Option<Scan>,
    /// Index of the marker after it.
    end: usize,
    is_needed: bool,
}

/// The treatment of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScanUse {
    /// Decode it.
    Decode,
    /// Skip it. The next marker is at this index.
    Skip(usize),
}

/// A set of positions, one bit for each.
type Positions = u64;

impl Schedule {
    /// Finds the scans of a file, and decides which of them the options need.
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
                admit_one_more(schedule.entries.len())?;
                let scan = Scan::read(content, header).ok();
                marker = cursor.marker_after_scan();
                schedule.entries.push(Entry { scan, end: cursor.before_marker(), is_needed: true });
            } else {
                marker = cursor.marker();
            }
        }
        schedule.choose(options);
        Ok(schedule)
    }

    /// `true` if the file has its end marker.
    pub(crate) const fn has_end(&self) -> bool {
        self.has_end
    }

    /// The treatment of a scan. `number` counts from 0.
    pub(crate) fn scan_use(&self, number: usize) -> ScanUse {
        match self.entries.get(number) {
            Some(entry) if !entry.is_needed => ScanUse::Skip(entry.end),
            Some(_) | None => ScanUse::Decode,
        }
    }

    /// `true` if no scan from `number` on is needed.
    pub(crate) fn is_done(&self, number: usize) -> bool {
        self.entries.iter().skip(number).all(|entry| !entry.is_needed)
    }

    /// `true` if a needed scan refines AC coefficients of the component.
    pub(crate) fn has_refinements(&self, component: usize) -> bool {
        let mut needed =
            self.entries.iter().filter(|entry| entry.is_needed).filter_map(|entry| entry.scan.as_ref());
        needed.any(|scan| scan.is_refinement() && !scan.is_dc() && scan.has(component))
    }

    /// Walks the scans from the last to the first. A scan is needed if it has a needed coefficient. Reading a refining scan
    /// depends on every coefficient of its band, so earlier scans of the whole band become needed too.
    fn choose(&mut self, options: Options) {
        let mut needed: [Positions; MAX_COMPONENTS] = std::array::from_fn(|component| {
            let slots = slots_of(options.scales.of_component(component)).into_iter().enumerate();
            slots.filter(|(_, slot)| *slot != DISCARD).map(|(position, _)| 1 << position).sum()
        });
        for entry in self.entries.iter_mut().rev() {
            let Some(scan) = &entry.scan else { continue };
            if scan.is_dc() {
                continue;
            }
            let Some(needed) = scan.members.first().and_then(|member| needed.get_mut(member.component))
            else {
                continue;
            };
            let band = scan.band();
            let is_dropped = match options.last_bits {
                LastBits::Read => false,
                LastBits::Drop => scan.is_refinement() && scan.low == 0,
            };
            entry.is_needed = band & *needed != 0 && !is_dropped;
            if entry.is_needed && scan.is_refinement() {
                *needed |= band;
            }
        }
    }
}
