//! Combinations of filter and compression for PNGs.

use png::{DeflateCompression, Filter};

/// A combination of filter and compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// For photos: filters, then little more than entropy coding.
    Fast,
    /// For repetitions such as text: unfiltered repetitions stay equal.
    Unfiltered,
    /// For gradients with repetitions: filters and full compression.
    Filtered,
}

impl Method {
    /// The encoder's settings.
    pub(super) const fn settings(self) -> (Filter, DeflateCompression) {
        match self {
            Self::Fast => (Filter::Adaptive, DeflateCompression::FdeflateUltraFast),
            Self::Unfiltered => (Filter::NoFilter, DeflateCompression::Level(1)),
            Self::Filtered => (Filter::Adaptive, DeflateCompression::Level(2)),
        }
    }
}
