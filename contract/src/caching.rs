//! How long each outcome may be kept.

use crate::key::Key;

/// A year: the longest that caches honour.
const YEAR_SECONDS: u32 = 31_536_000;

/// What a cache may do with a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// For ever: what the URL names never changes.
    Immutable,
    /// For some seconds.
    Seconds(u32),
    /// Not at all.
    Never,
}

impl Caching {
    /// For what a key names: for ever where the signer made the key, else for the policy's time.
    pub fn of(key: &Key, mutable_seconds: u32) -> Self {
        if key.is_versioned() { Self::Immutable } else { Self::Seconds(mutable_seconds) }
    }

    /// The value of `Cache-Control`.
    pub fn header(self) -> String {
        match self {
            Self::Immutable => format!("public, max-age={YEAR_SECONDS}, immutable"),
            Self::Seconds(seconds) => format!("public, max-age={seconds}"),
            Self::Never => "no-store".to_owned(),
        }
    }
}
