//! A rendered variant, on its way to the viewer and to the bucket.

use bytes::Bytes;

use super::completion::Completion;
use crate::edge::timings::Timings;
use crate::edge::variant_metadata::VariantMetadata;

/// A rendered variant.
#[derive(Clone, Debug)]
pub(crate) struct RenderedVariant {
    pub(crate) bytes: Bytes,
    pub(crate) metadata: VariantMetadata,
    pub(crate) timings: Timings,
    /// Completes when the variant is stored, if it is, with `true`, or when that has failed, with `false`.
    pub(crate) storing: Completion,
}
