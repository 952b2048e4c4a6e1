//! Costs of bits in 1/256 bit, computed when the crate is compiled.

/// A branch of a tree of modes: the probability in 1/256 that the bit is `false`, and the bit.
pub(crate) type Branch = (u8, bool);

/// The cost of a bit that has the probability `probability` / 256: 256 × the logarithm to base 2 of its inverse.
/// A probability of 0 counts as 1.
pub(crate) const fn probability_cost(probability: u8) -> u16 {
    const ONE: u64 = 1 << 31;
    let value = if probability == 0 { 1 } else { probability as u64 };
    let whole = value.ilog2();
    // The fraction's bits, one by one: squaring doubles the logarithm.
    let mut x = value << (31 - whole);
    let (mut fraction, mut bit) = (0, 0);
    while bit < 16 {
        x = (x * x) >> 31;
        fraction <<= 1;
        if x >= 2 * ONE {
            x >>= 1;
            fraction |= 1;
        }
        bit += 1;
    }
    let logarithm = ((whole << 16) + fraction + 128) >> 8;
    2048 - logarithm as u16
}

/// The cost of a branch.
pub(crate) const fn branch_cost((probability, bit): Branch) -> u16 {
    if bit { probability_cost((256 - probability as u16) as u8) } else { probability_cost(probability) }
}

/// The cost of a path through a tree.
pub(crate) const fn path_cost(mut path: &[Branch]) -> u16 {
    let mut sum = 0;
    while let [first, rest @ ..] = path {
        sum += branch_cost(*first);
        path = rest;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_logarithms_of_probabilities() {
        for probability in 1..=255 {
            let exact = -256.0 * (f64::from(probability) / 256.0).log2();
            assert!((f64::from(probability_cost(probability)) - exact).abs() < 0.6, "{probability}");
        }
        assert_eq!(probability_cost(0), 2048);
        assert_eq!((branch_cost((128, true)), branch_cost((64, false))), (256, 512));
        assert_eq!(path_cost(&[(128, true), (64, false)]), 768);
    }
}
