use crate::coefficients::{DISCARD, slots_of};
use crate::file::header::component::MAX_COMPONENTS;
use crate::file::scan::Scan;
use crate::options::{LastBits, Options};

/// The bits of coefficients that the scans so far have, compared with those that a decode needs.
#[derive(Debug)]
pub(crate) struct Completeness {
    components: usize,
    options: Options,
    /// The lowest bit of each coefficient, by component and position. [`ABSENT`] if there is none.
    lowest: [[u8; 64]; MAX_COMPONENTS],
}

/// No bit of a coefficient. Larger than the number of any bit.
const ABSENT: u8 = u8::MAX;

impl Completeness {
    pub(crate) const fn new(components: usize, options: Options) -> Self {
        Self { components, options, lowest: [[ABSENT; 64]; MAX_COMPONENTS] }
    }

    /// Adds a scan.
    pub(crate) fn add(&mut self, scan: &Scan) {
        for member in &scan.members {
            let Some(lowest) = self.lowest.get_mut(member.component) else { continue };
            let band = usize::from(scan.start)..=usize::from(scan.end);
            lowest.get_mut(band).unwrap_or_default().fill(scan.low);
        }
    }

    /// `true` if no later scan has a bit that the decode needs.
    pub(crate) fn is_complete(&self) -> bool {
        let components = self.lowest.iter().enumerate().take(self.components);
        components.into_iter().all(|(component, lowest)| {
            let slots = slots_of(self.options.scales.of_component(component));
            slots.iter().zip(lowest).enumerate().all(|(position, (slot, lowest))| {
                let needed = match self.options.last_bits {
                    LastBits::Drop if position > 0 => 1,
                    LastBits::Drop | LastBits::Read => 0,
                };
                *slot == DISCARD || *lowest <= needed
            })
        })
    }
}
