use crate::coefficients::ZIGZAG;
use crate::file::tables::{self, Steps};

/// The largest steps of each quantisation table that is defined before the first scan.
#[derive(Default)]
pub(super) struct Coarseness([Option<LargestSteps>; 4]);

/// For N from 1 to 8, the largest step of the AC coefficients that scale N/8 needs.
pub(super) type LargestSteps = [u16; 8];

impl Coarseness {
    /// Reads a segment as far as it is well-formed. The decoder reports a malformed one later.
    pub(super) fn read(&mut self, mut content: &[u8]) {
        while let Ok((number, steps, rest)) = tables::read_steps(content) {
            if let Some(table) = self.0.get_mut(usize::from(number)) {
                *table = Some(largest_steps(&steps));
            }
            content = rest;
        }
    }

    pub(super) fn of_table(&self, number: u8) -> Option<LargestSteps> {
        self.0.get(usize::from(number)).copied().flatten()
    }
}

fn largest_steps(steps: &Steps) -> LargestSteps {
    let mut by_scale = [0; 8];
    for (step, index) in steps.iter().zip(ZIGZAG).skip(1) {
        let frequency = usize::from((index / 8).max(index % 8));
        for largest in by_scale.iter_mut().skip(frequency) {
            *largest = (*step).max(*largest);
        }
    }
    by_scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_step_of_a_scale_is_that_of_its_corner() {
        let mut segment = vec![1];
        segment.extend(1..=64);
        segment.extend([0x12, 7]);
        let mut coarseness = Coarseness::default();
        coarseness.read(&segment);
        // Steps equal positions here, so the largest step is the last position inside the corner.
        assert_eq!(coarseness.of_table(1), Some([0, 5, 13, 25, 40, 52, 60, 64]));
        assert_eq!(coarseness.of_table(2), None);
        assert_eq!(coarseness.of_table(9), None);
    }
}
