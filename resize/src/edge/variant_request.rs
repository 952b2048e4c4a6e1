//! A request for one variant of one original.

use contract::key::Key;
use contract::request::canonical_path;
use contract::variant::Variant;

/// An original and the requested variant of it.
#[derive(Clone, Debug)]
pub(crate) struct VariantRequest {
    pub(crate) key: Key,
    pub(crate) variant: Variant,
}

impl VariantRequest {
    /// The canonical path: the name of the variant everywhere.
    pub(crate) fn path(&self) -> String {
        canonical_path(&self.key, &self.variant)
    }
}
