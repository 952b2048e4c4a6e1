use crate::error::Error;
use crate::file::header::Header;
use crate::file::header::component::MAX_COMPONENTS;
use crate::file::header::frame::Coding;

/// The most scans that a file may have. Real files have about ten; thousands are an attack.
pub(crate) const MAX_SCANS: usize = 200;

/// The most blocks in an MCU of an interleaved scan (ITU-T T.81, annex B.2.3).
const MAX_BLOCKS_IN_MCU: u32 = 10;

/// The header of a scan (ITU-T T.81, annex B.2.3): its components and the part of their coefficients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    pub(crate) members: Vec<Member>,
    /// Position of the first coefficient, 0 to 63.
    pub(crate) start: u8,
    /// Position of the last coefficient, 0 to 63.
    pub(crate) end: u8,
    /// The lowest bit that earlier scans have; 0 without earlier scans.
    pub(crate) high: u8,
    /// The lowest bit that this scan has.
    pub(crate) low: u8,
}

/// A component of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// Index of the component in the frame.
    pub(crate) component: usize,
    /// Number of its DC table.
    pub(crate) dc: u8,
    /// Number of its AC table.
    pub(crate) ac: u8,
}

impl Scan {
    /// Reads the content of the header's segment.
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
            let is_new = |index: usize| scan.members.iter().all(|member| member.component != index);
            let component = header
                .components()
                .iter()
                .enumerate()
                .position(|(index, component)| component.id == *id && is_new(index))
                .ok_or(Error::Damaged("a scan names a component that the frame does not have"))?;
            scan.members.push(Member { component, dc: tables >> 4, ac: tables & 15 });
        }
        if scan.blocks_in_mcu(header) > MAX_BLOCKS_IN_MCU {
            return Err(Error::Damaged("a scan has more than ten blocks in an MCU"));
        }
        match header.coding() {
            // A sequential scan has all coefficients. Its fields for the range of coefficients are not always right, so
            // they are ignored.
            Coding::Sequential => (scan.start, scan.end, scan.high, scan.low) = (0, 63, 0, 0),
            Coding::Progressive => scan.check_progression()?,
        }
        Ok(scan)
    }

    /// Number of MCUs, across and down. In a scan of one component each block is an MCU.
    pub(crate) fn mcus(&self, header: &Header) -> (u32, u32) {
        let alone = match self.members.as_slice() {
            [member] => header.components().get(member.component),
            _ => None,
        };
        alone.map_or_else(|| header.mcus(), |component| header.own_blocks(*component))
    }

    /// Number of all blocks.
    pub(crate) fn blocks(&self, header: &Header) -> u64 {
        let (across, down) = self.mcus(header);
        u64::from(across) * u64::from(down) * u64::from(self.blocks_in_mcu(header))
    }

    /// `true` if the scan has the component. `component` is its index in the frame.
    pub(crate) fn has(&self, component: usize) -> bool {
        self.members.iter().any(|member| member.component == component)
    }

    /// The positions of its coefficients, one bit for each.
    pub(crate) fn band(&self) -> u64 {
        let below = |position: u8| if position < 64 { (1 << position) - 1 } else { u64::MAX };
        below(self.end + 1) & !below(self.start)
    }

    /// `true` if the scan has the DC coefficients, with or without AC coefficients.
    pub(crate) const fn is_dc(&self) -> bool {
        self.start == 0
    }

    /// `true` if the scan adds a bit to coefficients of earlier scans.
    pub(crate) const fn is_refinement(&self) -> bool {
        self.high > 0
    }

    /// Number of blocks in an MCU: 1 in a scan of one component.
    fn blocks_in_mcu(&self, header: &Header) -> u32 {
        if self.members.len() == 1 {
            return 1;
        }
        let components = self.members.iter().filter_map(|member| header.components().get(member.component));
        components.map(|component| u32::from(component.across) * u32::from(component.down)).sum()
    }

    fn check_progression(&self) -> Result<(), Error> {
        /// The largest value of `low` that T.81 (table B.3) allows.
        const MAX_LOW: u8 = 13;
        let is_band = if self.start == 0 {
            self.end == 0
        } else {
            self.start <= self.end && self.end < 64 && self.members.len() == 1
        };
        let is_step = self.high == 0 || self.high == self.low + 1;
        if is_band && is_step && self.low <= MAX_LOW {
            Ok(())
        } else {
            Err(Error::Damaged("a progressive scan is malformed"))
        }
    }
}

/// The number of blocks that the scans of a file may have. A scan takes time for each of its blocks even if it is empty.
#[derive(Debug)]
pub(crate) struct ScanBudget {
    blocks: u64,
}

impl ScanBudget {
    /// Twice the scans that writers make: about ten, each of all blocks or of the blocks of one component.
    const MAX_PASSES: u64 = 20;

    /// Number of blocks that every file may have, which take some tenths of a second.
    const FREE_BLOCKS: u64 = 20_000_000;

    pub(crate) fn new(header: &Header) -> Self {
        let blocks = header.components().iter().map(|component| {
            let (across, down) = header.own_blocks(*component);
            u64::from(across) * u64::from(down)
        });
        Self { blocks: (blocks.sum::<u64>() * Self::MAX_PASSES).max(Self::FREE_BLOCKS) }
    }

    /// Spends the blocks of a scan. Fails if too few are left.
    pub(crate) fn spend(&mut self, scan: &Scan, header: &Header) -> Result<(), Error> {
        let too_many = Error::Damaged("it has more scans than any picture needs");
        self.blocks = self.blocks.checked_sub(scan.blocks(header)).ok_or(too_many)?;
        Ok(())
    }
}

/// Rejects files with more than [`MAX_SCANS`] scans. `count` is the number of scans that were read already.
pub(crate) fn admit_one_more(count: usize) -> Result<(), Error> {
    if count < MAX_SCANS { Ok(()) } else { Err(Error::Damaged("it has more scans than any picture needs")) }
}
