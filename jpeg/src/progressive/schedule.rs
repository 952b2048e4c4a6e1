use super::completeness::Completeness;
use crate::coefficients::{DISCARD, slots_of};
use crate::error::Error;
use crate::file::header::Header;
use crate::file::header::component::MAX_COMPONENTS;
use crate::file::markers::{Cursor, EOI, SOS, stands_alone};
use crate::file::scan::{Scan, admit_one_more};
use crate::input::Input;
use crate::options::{LastBits, Options};

/// Bytes that are awaited before scans are searched again.
const STEP: usize = 64 * 1024;

/// The scans of a progressive file, found by their markers without reading them, and which of them a decode needs. Scans
/// after the last needed bit are left out, and so is the file's end.
#[derive(Debug)]
pub(crate) struct Schedule {
    entries: Vec<Entry>,
    /// `false` if the file ends without its end marker, and before the last needed bit.
    has_end: bool,
    /// Index of the byte from which to search on.
    position: usize,
    /// `true` if this byte is entropy-coded.
    is_in_scan: bool,
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
    /// Finds the scans of a file, and decides which of them the options need. Awaits no more bytes than are needed.
    pub(crate) fn read(header: &Header, input: &mut dyn Input, options: Options) -> Result<Self, Error> {
        let mut schedule = Self { entries: Vec::new(), has_end: false, position: 2, is_in_scan: false };
        let mut completeness = Completeness::new(header.components().len(), options);
        let mut wanted = STEP;
        loop {
            let bytes = input.prefix(wanted);
            let (is_whole, length) = (bytes.len() < wanted, bytes.len());
            if schedule.search(bytes, is_whole, header, &mut completeness)? {
                break;
            }
            wanted = length.saturating_add(STEP);
        }
        schedule.choose(options);
        Ok(schedule)
    }

    /// Searches the file's first bytes, which are all of the file if `is_whole`. Returns `false` if it needs more bytes.
    fn search(
        &mut self,
        bytes: &[u8],
        is_whole: bool,
        header: &Header,
        completeness: &mut Completeness,
    ) -> Result<bool, Error> {
        let mut cursor = Cursor::new(bytes, self.position);
        loop {
            let marker = if self.is_in_scan { cursor.marker_after_scan() } else { cursor.marker() };
            if marker.is_none() && !is_whole {
                if self.is_in_scan {
                    // The last byte may be the first one of a marker.
                    self.position = self.position.max(bytes.len().saturating_sub(1));
                }
                return Ok(false);
            }
            if self.is_in_scan
                && let Some(last) = self.entries.last_mut()
            {
                last.end = cursor.before_marker();
                if let Some(scan) = &last.scan {
                    completeness.add(scan);
                }
                self.has_end = marker.is_some() && completeness.is_complete();
            }
            self.is_in_scan = false;
            self.position = cursor.before_marker();
            let Some(marker) = marker else { return Ok(true) };
            self.has_end |= marker == EOI;
            if self.has_end {
                self.position = cursor.position();
                return Ok(true);
            }
            if !stands_alone(marker) {
                let content = cursor.segment();
                if content.is_none() && !is_whole {
                    return Ok(false);
                }
                if marker == SOS
                    && let Some(content) = content
                {
                    admit_one_more(self.entries.len())?;
                    let scan = Scan::read(content, header).ok();
                    self.entries.push(Entry { scan, end: bytes.len(), is_needed: true });
                    self.is_in_scan = true;
                }
            }
            self.position = cursor.position();
        }
    }

    /// Number of the file's first bytes that have all needed scans.
    pub(crate) const fn bytes(&self) -> usize {
        self.position
    }

    /// `true` if the file has its end marker, or all needed bits.
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
