//! The header of a scan (ITU-T T.81, annex B.2.3).

use crate::error::Error;
use crate::header::{Coding, Header, MAX_COMPONENTS};

/// The most blocks in a unit of interleaved components.
const MAX_BLOCKS_IN_UNIT: u32 = 10;

/// Which coefficients of which components a scan has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    pub(crate) members: Vec<Member>,
    /// The first coefficient, in zig-zag order.
    pub(crate) start: u8,
    /// The last coefficient.
    pub(crate) end: u8,
    /// The bit that earlier scans went down to; 0 if there were none.
    pub(crate) high: u8,
    /// The bit that this scan goes down to.
    pub(crate) low: u8,
}

/// A component of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its place in the frame.
    pub(crate) component: usize,
    /// The number of its DC table.
    pub(crate) dc: u8,
    /// The number of its AC table.
    pub(crate) ac: u8,
}

impl Scan {
    pub(crate) fn read(content: &[u8], header: &Header) -> Result<Self, Error> {
        let damaged = Error::Damaged("a scan's header is malformed");
        let Some((count, rest)) = content.split_first() else { return Err(damaged) };
        let count = usize::from(*count);
        let Some((members, [start, end, bits])) = rest.split_at_checked(count * 2) else {
            return Err(damaged);
        };
        if !(1..=MAX_COMPONENTS).contains(&count) {
            return Err(damaged);
        }
        let mut scan =
            Self { members: Vec::new(), start: *start, end: *end, high: bits >> 4, low: bits & 15 };
        for [id, tables] in members.as_chunks::<2>().0 {
            let is_new = |place: usize| scan.members.iter().all(|member| member.component != place);
            let component = header
                .components()
                .iter()
                .enumerate()
                .position(|(place, component)| component.id == *id && is_new(place))
                .ok_or(Error::Damaged("a scan has a component that the frame has not"))?;
            scan.members.push(Member { component, dc: tables >> 4, ac: tables & 15 });
        }
        if scan.blocks_in_unit(header) > MAX_BLOCKS_IN_UNIT {
            return Err(Error::Damaged("a scan has more than ten blocks in a unit"));
        }
        match header.coding() {
            // What a sequential scan says of coefficients is not needed, and not always right.
            Coding::Sequential => (scan.start, scan.end, scan.high, scan.low) = (0, 63, 0, 0),
            Coding::Progressive => scan.check_progression()?,
        }
        Ok(scan)
    }

    /// Its units, across and down: of several components those of the frame, of one its blocks.
    pub(crate) fn units(&self, header: &Header) -> (u32, u32) {
        let alone = match self.members.as_slice() {
            [member] => header.components().get(member.component),
            _ => None,
        };
        alone.map_or_else(|| header.units(), |component| header.own_blocks(*component))
    }

    /// All its blocks.
    pub(crate) fn blocks(&self, header: &Header) -> u64 {
        let (across, down) = self.units(header);
        u64::from(across) * u64::from(down) * u64::from(self.blocks_in_unit(header))
    }

    /// Whether it has the component of this place in the frame.
    pub(crate) fn has(&self, component: usize) -> bool {
        self.members.iter().any(|member| member.component == component)
    }

    /// Its coefficients, a bit each in zig-zag order.
    pub(crate) fn band(&self) -> u64 {
        let below = |place: u8| if place < 64 { (1 << place) - 1 } else { u64::MAX };
        below(self.end + 1) & !below(self.start)
    }

    /// Whether it has the DC coefficients, alone or not.
    pub(crate) const fn is_dc(&self) -> bool {
        self.start == 0
    }

    /// Whether it refines coefficients of earlier scans.
    pub(crate) const fn is_refinement(&self) -> bool {
        self.high > 0
    }

    /// One where it has but one component.
    fn blocks_in_unit(&self, header: &Header) -> u32 {
        if self.members.len() == 1 {
            return 1;
        }
        let components = self.members.iter().filter_map(|member| header.components().get(member.component));
        components.map(|component| u32::from(component.across) * u32::from(component.down)).sum()
    }

    fn check_progression(&self) -> Result<(), Error> {
        const MOST_BITS: u8 = 13;
        let is_band = if self.start == 0 {
            self.end == 0
        } else {
            self.start <= self.end && self.end < 64 && self.members.len() == 1
        };
        let is_step = self.high == 0 || self.high == self.low + 1;
        if is_band && is_step && self.low <= MOST_BITS {
            Ok(())
        } else {
            Err(Error::Damaged("a progressive scan is malformed"))
        }
    }
}
