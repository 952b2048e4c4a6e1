//! The components of a frame, in place: a header is copied like a number.

use super::{Component, MAX_COMPONENTS};

/// One to [`MAX_COMPONENTS`] components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Components {
    /// The ones behind `count` are none.
    all: [Component; MAX_COMPONENTS],
    count: usize,
}

impl Components {
    /// As many as there is room for.
    pub(super) fn new(components: impl Iterator<Item = Component>) -> Self {
        let none = Component { id: 0, across: 1, down: 1, quantisation: 0 };
        let mut kept = Self { all: [none; MAX_COMPONENTS], count: 0 };
        for (slot, component) in kept.all.iter_mut().zip(components) {
            *slot = component;
            kept.count += 1;
        }
        kept
    }

    pub(super) fn as_slice(&self) -> &[Component] {
        self.all.get(..self.count).unwrap_or(&self.all)
    }
}
