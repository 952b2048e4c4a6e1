//! The clock of the store.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A time, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64);

impl Moment {
    /// The system's current time.
    pub(crate) fn now() -> Self {
        Self(jiff::Timestamp::now().as_millisecond())
    }

    /// Seconds since 1970.
    pub(crate) const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The format of EventBridge: `2026-01-31T12:00:00Z`.
    pub(crate) fn rfc3339_seconds(self) -> String {
        jiff::Timestamp::from_second(self.seconds()).map_or_else(|_| String::new(), |time| time.to_string())
    }

    /// The format of HTTP: `Sat, 31 Jan 2026 12:00:00 GMT`.
    pub(crate) fn http_date(self) -> String {
        httpdate::fmt_http_date(self.system())
    }

    /// The type of the standard library, not before 1970.
    pub(crate) fn system(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(self.0).unwrap_or(0))
    }
}
