use super::Tokens;
use super::classes::{END, ZERO};
use crate::bits::BitWriter;
use crate::costs::{branch_cost, probability_cost};
use crate::tables::Probabilities;
use crate::tables::default_probabilities::DEFAULT_PROBABILITIES;
use crate::tables::update_probabilities::UPDATE_PROBABILITIES;

impl Tokens {
    /// The probabilities that make the file smallest, with the bits that say which ones changed.
    pub(crate) fn probabilities(&self) -> Probabilities {
        let mut probabilities = DEFAULT_PROBABILITIES;
        let contexts = probabilities.as_flattened_mut().iter_mut().zip(UPDATE_PROBABILITIES.as_flattened());
        for (counts, (targets, updates)) in self.counts.as_flattened().iter().zip(contexts) {
            let [none, one, two, after_zero] = counts;
            for (number, (counts, (targets, updates))) in
                [none, one, two].into_iter().zip(targets.iter_mut().zip(updates)).enumerate()
            {
                // After a zero the context is that of no magnitude.
                let continued = if number == 0 { after_zero } else { &[0; 16] };
                for ((target, update), branch) in
                    targets.iter_mut().zip(updates).zip(branches(counts, continued))
                {
                    *target = chosen(branch, *target, *update);
                }
            }
        }
        probabilities
    }
}

/// How often each branch of the tree of tokens was not taken, and taken. `continued` counts tokens where the end of the block
/// can't be.
fn branches(counts: &[u32; 16], continued: &[u32; 16]) -> [[u32; 2]; 11] {
    let with_end: u32 = counts.iter().skip(ZERO).sum();
    let mut all = *counts;
    for (sum, continued) in all.iter_mut().zip(continued).skip(ZERO) {
        *sum += continued;
    }
    let [_, zero, one, two, three, four, c1, c2, c3, c4, c5, c6, ..] = all;
    let categories = c1 + c2 + c3 + c4 + c5 + c6;
    let large = two + three + four + categories;
    [
        [all[END], with_end],
        [zero, one + large],
        [one, large],
        [two + three + four, categories],
        [two, three + four],
        [three, four],
        [c1 + c2, c3 + c4 + c5 + c6],
        [c1, c2],
        [c3 + c4, c5 + c6],
        [c3, c4],
        [c5, c6],
    ]
}

/// The probability for a branch: a new one if it pays for itself.
fn chosen([zeros, ones]: [u32; 2], default: u8, update: u8) -> u8 {
    /// Cost of a new probability in 1/256 bit.
    const NUMBER: u64 = 8 * 256;
    let total = u64::from(zeros) + u64::from(ones);
    if total == 0 {
        return default;
    }
    let new = (255 - u64::from(ones) * 255 / total).max(1) as u8;
    let cost = |probability: u8| {
        u64::from(zeros) * u64::from(probability_cost(probability))
            + u64::from(ones) * u64::from(branch_cost((probability, true)))
    };
    let with_new = cost(new) + u64::from(branch_cost((update, true))) + NUMBER;
    let without = cost(default) + u64::from(probability_cost(update));
    if with_new < without { new } else { default }
}

/// Writes the probabilities that differ from the defaults (RFC 6386, section 13.4).
pub(crate) fn write_probabilities(writer: &mut BitWriter, probabilities: &Probabilities) {
    let defaults = DEFAULT_PROBABILITIES.as_flattened().as_flattened().as_flattened();
    let updates = UPDATE_PROBABILITIES.as_flattened().as_flattened().as_flattened();
    let new = probabilities.as_flattened().as_flattened().as_flattened();
    for ((new, default), update) in new.iter().zip(defaults).zip(updates) {
        writer.put(new != default, *update);
        if new != default {
            writer.number(u32::from(*new), 8);
        }
    }
}
