/// The most components that a supported file has.
pub(crate) const MAX_COMPONENTS: usize = 4;

/// A component of a frame: one plane of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    pub(crate) id: u8,
    /// Horizontal sampling factor, 1 to 4.
    pub across: u8,
    /// Vertical sampling factor, 1 to 4.
    pub down: u8,
    /// Number of its quantisation table.
    pub(crate) quantisation: u8,
}

/// One to [`MAX_COMPONENTS`] components, without an allocation: a header stays `Copy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Components {
    /// Entries from `count` on are unused.
    all: [Component; MAX_COMPONENTS],
    count: usize,
}

impl Components {
    /// Keeps the first [`MAX_COMPONENTS`] of `components`.
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
