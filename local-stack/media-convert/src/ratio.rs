//! Fractions of whole numbers. Frame rates and aspect ratios are exact.

use std::fmt;

/// A positive fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ratio {
    pub(crate) numerator: u32,
    pub(crate) denominator: u32,
}

impl Ratio {
    pub(crate) const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// Reduces a fraction. `None` if the numerator or the denominator is 0.
    pub(crate) fn new(numerator: u32, denominator: u32) -> Option<Self> {
        let divisor = greatest_common_divisor(numerator, denominator);
        if numerator == 0 || denominator == 0 {
            return None;
        }
        Some(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    pub(crate) fn value(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

const fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}
