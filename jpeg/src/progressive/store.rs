//! The coefficients that scans add to.

use crate::error::Error;
use crate::geometry::cells;
use crate::header::{Component, Header};
use crate::idct::{self, Steps};
use crate::scale::{Scale, Scales};
use crate::scan::Scan;
use crate::schedule::Schedule;
use crate::tables::Tables;

/// The coefficients of every component.
pub(crate) struct Store {
    components: Vec<Coefficients>,
}

/// The coefficients of a component.
pub(crate) struct Coefficients {
    pub(super) scale: Scale,
    /// Those of each block that are kept, in the order of [`crate::geometry::places`].
    pub(super) values: Vec<i16>,
    /// Which of each block's are not zero, a bit each in zig-zag order; empty where nobody asks.
    pub(super) known: Vec<u64>,
    /// Blocks across, whole units.
    pub(super) across: usize,
    /// Those of the first scan that has the component.
    pub(super) steps: Option<Steps>,
}

impl Store {
    pub(crate) fn new(header: &Header, scales: Scales, schedule: &Schedule) -> Self {
        let component = |(place, component): (usize, &Component)| {
            let scale = scales.of_component(place);
            let (across, down) = header.blocks(*component);
            let blocks = across as usize * down as usize;
            let known = if schedule.has_refinements(place) { vec![0; blocks] } else { Vec::new() };
            Coefficients {
                scale,
                values: vec![0; blocks * cells(scale)],
                known,
                across: across as usize,
                steps: None,
            }
        };
        Self { components: header.components().iter().enumerate().map(component).collect() }
    }

    /// Keeps the steps of components that a scan has for the first time.
    pub(crate) fn latch(&mut self, scan: &Scan, header: &Header, tables: &Tables) -> Result<(), Error> {
        for member in &scan.members {
            let Some(component) = header.components().get(member.component) else { continue };
            let coefficients = self.component(member.component)?;
            if coefficients.steps.is_none() {
                let steps = tables.steps(component.quantisation)?;
                coefficients.steps = Some(idct::steps(coefficients.scale, steps));
            }
        }
        Ok(())
    }

    pub(super) fn component(&mut self, place: usize) -> Result<&mut Coefficients, Error> {
        self.components.get_mut(place).ok_or(Error::Damaged("a component is missing"))
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
        self.values.get_mut(block * cells(self.scale))
    }
}
