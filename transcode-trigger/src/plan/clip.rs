//! The end of the part of a source that is transcoded. A header can say one second in front of an hour of video, and only
//! `MediaConvert` decodes the file. The limits of duration and cost hold because the job ends where the admitted part ends.

use cdn_config::video::VideoPolicy;

use super::cost::{Cost, MIN_BILLED_MS};

/// Time after the end of the probed duration that is still transcoded, in milliseconds. Headers are rounded, and sound ends
/// after the picture.
const TOLERANCE_MS: u64 = 1000;

/// A day: the first timecode that repeats an earlier one, in seconds.
const DAY_S: u32 = 86_400;

/// The end of the transcoded part, in whole seconds. `probed_ms` is the probed duration, if there is one; `cost` is the cost
/// of `duration_ms` milliseconds. A source of unknown duration may be as long as the policy permits.
pub(super) fn end_s(
    probed_ms: Option<u64>,
    duration_ms: u64,
    cost: Cost,
    policy: &VideoPolicy,
) -> Option<u32> {
    let admitted_ms = probed_ms.unwrap_or_else(|| {
        let max_ms = u64::from(policy.max_minutes) * 60_000;
        let max_microdollars = u128::from(policy.max_cents) * 10_000;
        let affordable_ms = (u128::from(duration_ms.max(MIN_BILLED_MS)) * max_microdollars)
            .checked_div(u128::from(cost.microdollars));
        affordable_ms.and_then(|ms| u64::try_from(ms).ok()).map_or(max_ms, |ms| ms.min(max_ms))
    });
    let end_s = u32::try_from((admitted_ms + TOLERANCE_MS).div_ceil(1000)).ok()?;
    (end_s < DAY_S).then_some(end_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_ends_a_second_after_the_probed_duration_or_where_the_policy_ends() {
        let policy = VideoPolicy { max_minutes: 10, max_cents: 4, ..VideoPolicy::default() };
        let check = |probed_ms, duration_ms, microdollars, expected| {
            let cost = Cost { microdollars, output_ms: 0 };
            assert_eq!(end_s(probed_ms, duration_ms, cost, &policy), expected, "{probed_ms:?} {duration_ms}");
        };
        check(Some(30_000), 30_000, 1, Some(31));
        check(Some(30_001), 30_001, 1, Some(32));
        check(Some(1), 1, 1, Some(2));
        check(Some(86_398_000), 86_398_000, 1, Some(86_399));
        check(Some(86_398_001), 86_398_001, 1, None);
        // Of unknown duration: 60 seconds cost 1 cent, so 4 cents are enough for 240 seconds.
        check(None, 60_000, 10_000, Some(241));
        check(None, 60_000, 1, Some(601));
        check(None, 60_000, 0, Some(601));
    }
}
