//! Finds uploads by listing the bucket, for an S3 that sends no events. The id in a key is a UUID of version 7, which begins with
//! the time of its signature, so a list after the id of a time has the uploads that were signed since.

use std::collections::HashMap;
use std::time::Duration;

use contract::key::Area;
use jiff::Timestamp;
use service::notification::ObjectCreated;

use crate::arrival::finalizer::Finalizer;
use crate::arrival::store::StoreError;

/// The time in which most uploads arrive after their signature.
const USUAL_AGE: Duration = Duration::from_hours(1);

/// The longest time between the signature and the end of an upload: a multipart upload may take a week, and its last part a day.
const MAX_AGE: Duration = Duration::from_hours(8 * 24);

/// The difference between the clocks of the signer and of this process that is tolerated.
const CLOCK_DIFFERENCE: Duration = Duration::from_mins(5);

/// The areas into which clients upload.
const AREAS: [Area; 2] = [Area::Files, Area::Private];

/// The uploads that a pass looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those that were signed within the last hour.
    Recent,
    /// All that can still arrive.
    All,
}

/// Checks the uploads that have arrived since the last pass. Several processes may poll one bucket: a check that is repeated
/// changes nothing.
#[derive(Debug)]
pub struct Poller {
    finalizer: Finalizer,
    /// The entity tags of the objects that have been checked, by key.
    checked: HashMap<String, String>,
}

impl Poller {
    /// A poller that has checked nothing yet.
    pub fn new(finalizer: Finalizer) -> Self {
        Self { finalizer, checked: HashMap::new() }
    }

    /// Checks every object that hasn't been checked since its last change. An object that can't be checked is in the log, and
    /// is checked again in the next pass. Fails if S3 doesn't list the bucket.
    pub async fn pass(&mut self, now: Timestamp, reach: Reach) -> Result<(), StoreError> {
        let age = match reach {
            Reach::Recent => USUAL_AGE,
            Reach::All => MAX_AGE,
        };
        let since = now.checked_sub(age).unwrap_or(Timestamp::MIN);
        let end = now.checked_add(CLOCK_DIFFERENCE).unwrap_or(Timestamp::MAX);
        let mut checked = HashMap::new();
        for area in AREAS {
            let (mut after, end) = (key_before(area, since), key_before(area, end));
            // Keys of another form, which the signer has not made, may come after all ids.
            while after < end {
                let page = self.finalizer.store.page_after(&prefix_of(area), &after).await?;
                let Some((last, _)) = page.last() else { break };
                after.clone_from(last);
                for (key, etag) in page.into_iter().take_while(|(key, _)| *key < end) {
                    if self.checked.get(&key) == Some(&etag) || self.check(&key, &etag).await {
                        checked.insert(key, etag);
                    }
                }
            }
        }
        match reach {
            Reach::Recent => self.checked.extend(checked),
            // Objects that can no longer change are forgotten.
            Reach::All => self.checked = checked,
        }
        Ok(())
    }

    /// Checks an object. Returns `false` if it must be checked again.
    async fn check(&self, key: &str, etag: &str) -> bool {
        let created = ObjectCreated {
            bucket: self.finalizer.store.bucket().to_owned(),
            key: key.to_owned(),
            size: 0,
            etag: etag.trim_matches('"').to_owned(),
            version_id: None,
            sequencer: None,
        };
        match self.finalizer.finalize(&created).await {
            Ok(_) => true,
            Err(error) => {
                tracing::error!(key, %error, "an upload can't be checked; it is tried again");
                false
            }
        }
    }
}

/// A key before the keys of all uploads that were signed at a time or later.
fn key_before(area: Area, time: Timestamp) -> String {
    let milliseconds = u64::try_from(time.as_millisecond()).unwrap_or(0);
    format!("{}{:08x}-{:04x}-", prefix_of(area), milliseconds >> 16, milliseconds & 0xffff)
}

fn prefix_of(area: Area) -> String {
    format!("{}/", area.segment())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_time_lies_between_the_ids_before_and_after_it() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let start = key_before(Area::Files, time("2026-11-30T12:00:00Z"));
        let key = |milliseconds: i64| {
            let seconds = u64::try_from(time("2026-11-30T12:00:00Z").as_second()).unwrap();
            let nanoseconds = u32::try_from(milliseconds.rem_euclid(1000)).unwrap() * 1_000_000;
            let seconds = seconds.checked_add_signed(milliseconds.div_euclid(1000)).unwrap();
            let id = uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanoseconds));
            format!("files/{id}/cat.jpg")
        };
        assert!(key(-1) < start, "{start}");
        assert!(key(0) > start && key(1) > start, "{start}");
    }
}
