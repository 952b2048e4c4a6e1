//! A rendered variant, on its way to the viewer and to the bucket.

use bytes::Bytes;
use futures::future::{BoxFuture, Shared};

use crate::edge::timings::Timings;
use crate::edge::variant_metadata::VariantMetadata;

/// A rendered variant.
#[derive(Clone, Debug)]
pub(crate) struct RenderedVariant {
    pub(crate) bytes: Bytes,
    pub(crate) metadata: VariantMetadata,
    pub(crate) timings: Timings,
    /// Completes when the variant is stored, with `true`, or when storing it has failed, with `false`.
    pub(crate) storing: Shared<BoxFuture<'static, bool>>,
}
