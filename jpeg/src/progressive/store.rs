use crate::coefficients::stored_slots;
use crate::error::Error;
use crate::file::header::Header;
use crate::file::header::component::Component;
use crate::file::scan::Scan;
use crate::file::tables::Tables;
use crate::idct::input::{self, Steps};
use crate::progressive::schedule::Schedule;
use crate::scale::{Scale, Scales};

/// The coefficients of every component, to which scans add bits.
pub(crate) struct Store {
    components: Vec<Coefficients>,
}

/// The coefficients of a component.
pub(crate) struct Coefficients {
    pub(super) scale: Scale,
    /// The coefficients of each block that the scale needs, by slot.
    pub(super) values: Vec<i16>,
    /// For each block, a bit for each position whose coefficient is non-zero. Empty if no scan refines the component.
    pub(super) nonzero: Vec<u64>,
    /// Number of blocks across: whole MCUs.
    pub(super) across: usize,
    /// The quantisation steps at the first scan of the component.
    pub(super) steps: Option<Steps>,
}

impl Store {
    pub(crate) fn new(header: &Header, scales: Scales, schedule: &Schedule) -> Self {
        let component = |(index, component): (usize, &Component)| {
            let scale = scales.of_component(index);
            let (across, down) = header.blocks(*component);
            let blocks = across as usize * down as usize;
            let nonzero = if schedule.has_refinements(index) { vec![0; blocks] } else { Vec::new() };
            Coefficients {
                scale,
                values: vec![0; blocks * stored_slots(scale)],
                nonzero,
                across: across as usize,
                steps: None,
            }
        };
        Self { components: header.components().iter().enumerate().map(component).collect() }
    }

    /// Sets the quantisation steps of the components that `scan` has for the first time.
    pub(crate) fn set_steps(&mut self, scan: &Scan, header: &Header, tables: &Tables) -> Result<(), Error> {
        for member in &scan.members {
            let Some(component) = header.components().get(member.component) else { continue };
            let coefficients = self.component(member.component)?;
            if coefficients.steps.is_none() {
                let steps = tables.steps(component.quantisation)?;
                coefficients.steps = Some(input::steps(coefficients.scale, steps));
            }
        }
        Ok(())
    }

    pub(super) fn component(&mut self, index: usize) -> Result<&mut Coefficients, Error> {
        self.components.get_mut(index).ok_or(Error::Damaged("a component is missing"))
    }

    pub(super) fn components(&self) -> &[Coefficients] {
        &self.components
    }
}

impl Coefficients {
    /// The DC coefficient of a block.
    #[inline]
    pub(super) fn dc(&mut self, row: usize, column: usize) -> Option<&mut i16> {
        let block = row * self.across + column;
        self.values.get_mut(block * stored_slots(self.scale))
    }
}
