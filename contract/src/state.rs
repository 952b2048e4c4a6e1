//! The tag of an original that permits reading it.

/// The tag of an object that holds its state. The CDN, the resize service and the transcoding trigger may read an
/// object only while its state is [`CLEAN`].
pub const STATE_TAG: &str = "state";

/// The value of [`STATE_TAG`] that permits reading the object.
pub const CLEAN: &str = "clean";
