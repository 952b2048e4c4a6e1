//! The tags of an original.

/// The tag of an object that holds its state. The CDN, the resize service and the transcoding trigger may read an
/// object only while its state is [`CLEAN`].
pub const STATE_TAG: &str = "state";

/// The value of [`STATE_TAG`] that permits reading the object.
pub const CLEAN: &str = "clean";

/// The tag with the reason of a refusal.
pub const REASON_TAG: &str = "reason";

/// The tag with the dimensions of a clean picture, such as `640x480`.
pub const DIMENSIONS_TAG: &str = "dimensions";

/// The tag with a digest of the owner's name.
pub const OWNER_TAG: &str = "owner";

/// The tag of an upload that was refused when it arrived. No viewer has seen it, so no copy of it has to be purged. A file that
/// is withdrawn later has no such tag.
pub const NEVER_SERVED_TAG: &str = "never-served";
