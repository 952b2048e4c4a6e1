//! How coarsely a file's coefficients are stored.

use crate::geometry::ZIGZAG;
use crate::tables::{self, Steps};

/// For each number of a quantisation table, what is known of it before the first scan.
#[derive(Default)]
pub(super) struct Coarseness([Option<Coarsest>; 4]);

/// The largest step of the coefficients that N/8 keeps, the first aside, for N from 1 to 8.
pub(super) type Coarsest = [u16; 8];

impl Coarseness {
    /// Reads a segment, as far as it is well formed: who decodes tells the rest.
    pub(super) fn read(&mut self, mut content: &[u8]) {
        while let Ok((number, steps, rest)) = tables::read_steps(content) {
            if let Some(table) = self.0.get_mut(usize::from(number)) {
                *table = Some(coarsest(&steps));
            }
            content = rest;
        }
    }

    pub(super) fn of_table(&self, number: u8) -> Option<Coarsest> {
        self.0.get(usize::from(number)).copied().flatten()
    }
}

fn coarsest(steps: &Steps) -> Coarsest {
    let mut coarsest = [0; 8];
    for (step, place) in steps.iter().zip(ZIGZAG).skip(1) {
        let furthest = usize::from((place / 8).max(place % 8));
        for largest in coarsest.iter_mut().skip(furthest) {
            *largest = (*step).max(*largest);
        }
    }
    coarsest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coarsest_step_is_that_of_a_scale_s_corner() {
        let mut segment = vec![1];
        segment.extend(1..=64);
        segment.extend([0x12, 7]);
        let mut coarseness = Coarseness::default();
        coarseness.read(&segment);
        // The largest number in zig-zag order that lies in the corner.
        assert_eq!(coarseness.of_table(1), Some([0, 5, 13, 25, 40, 52, 60, 64]));
        assert_eq!(coarseness.of_table(2), None);
        assert_eq!(coarseness.of_table(9), None);
    }
}
