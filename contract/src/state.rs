//! The tag of an original that says whether it may be read.

/// The tag that the permission to read depends on: the CDN, the resize service and the trigger of transcodings take
/// an object only while it is [`CLEAN`].
pub const STATE_TAG: &str = "state";

/// The value of [`STATE_TAG`] that lets an object be read.
pub const CLEAN: &str = "clean";
