//! A request for one variant of one original.

use contract::key::Key;
use contract::variant::Variant;

/// An original and the requested variant of it.
#[derive(Clone, Debug)]
pub(crate) struct VariantRequest {
    pub(crate) key: Key,
    pub(crate) variant: Variant,
}

impl VariantRequest {
    /// The key of the variant's object. It begins with the original's key, so that one prefix lists all its variants.
    pub(crate) fn object_key(&self) -> String {
        format!("{}/{}", self.key, self.variant)
    }
}
