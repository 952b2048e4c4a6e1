//! The time that a change of an original waits for renderings of the older version.

use std::time::Duration;

/// The pause between the removal of an original's stored variants and its invalidation at the CDN. Most responses that
/// were rendered from the older version arrive at the CDN within it, so the invalidation removes them too. A response that
/// takes more than half of it since its original was requested is compared with the newest version before it ends. The
/// other half is for its way to the CDN.
pub const SETTLING: Duration = Duration::from_secs(1);
