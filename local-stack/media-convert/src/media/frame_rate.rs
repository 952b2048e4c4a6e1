//! The frame rate of a video, from what its container says or from the times of its frames.

use crate::ratio::Ratio;

/// The lowest and the highest rate of frames, in frames per second. A container that says more gives the resolution of its
/// clock: 1000 in recordings of browsers, 600 in QuickTime, 90,000 in transport streams.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 1.0..=240.0;

/// The highest rate that costs as much as any lower one, in frames per second.
const SINGLE_RATE: f64 = 30.0;

/// The rates of cameras, films and screens.
const COMMON: [(u32, u32); 12] = [
    (24_000, 1001),
    (24, 1),
    (25, 1),
    (30_000, 1001),
    (30, 1),
    (48, 1),
    (50, 1),
    (60_000, 1001),
    (60, 1),
    (100, 1),
    (120, 1),
    (240, 1),
];

/// The relative difference up to which a rate counts as a common one. Container times are rounded to milliseconds.
const TOLERANCE: f64 = 0.01;

/// The rate in a container. `real` is the lowest rate at which every frame has its own time, `average` the number of frames
/// divided by the duration. `None` if neither is plausible.
pub(super) fn of_container(
    real: Option<Ratio>,
    average: Option<Ratio>,
    is_interlaced: bool,
) -> Option<Ratio> {
    let plausible = |rate: Option<Ratio>| rate.filter(|rate| PLAUSIBLE.contains(&rate.value()));
    let common = |rate| nearest(rate, &COMMON);
    let (real, average) = (plausible(real).map(common), plausible(average).map(common));
    // Of an interlaced video the real rate is that of its fields. A variable rate keeps its fastest frames if they cost no more.
    real.filter(|real| !is_interlaced && (real.value() <= SINGLE_RATE || Some(*real) == average)).or(average)
}

/// The rate of frames with these presentation times in seconds, in any order. Pauses don't count. `None` if there are fewer
/// than two frames.
pub(crate) fn measured_frame_rate(mut times: Vec<f64>) -> Option<Ratio> {
    times.sort_by(f64::total_cmp);
    let mut gaps: Vec<f64> = times.iter().zip(times.iter().skip(1)).map(|(one, next)| next - one).collect();
    gaps.retain(|gap| *gap > 0.0);
    gaps.sort_by(f64::total_cmp);
    let median = *gaps.get(gaps.len() / 2)?;
    let usual = gaps.iter().filter(|gap| **gap <= 1.5 * median);
    let (sum, count) = usual.fold((0.0, 0.0), |(sum, count), gap| (sum + gap, count + 1.0));
    let rate = (count / sum).clamp(*PLAUSIBLE.start(), *PLAUSIBLE.end());
    // Times in milliseconds don't tell 29.97 from 30.
    let whole = COMMON.map(|(frames, seconds)| (frames.div_ceil(seconds), 1));
    Ratio::new((rate * 1000.0).round() as u32, 1000).map(|rate| nearest(rate, &whole))
}

/// The rate of a list that is nearest to a rate, or the rate itself if none is near.
fn nearest(rate: Ratio, rates: &[(u32, u32)]) -> Ratio {
    let distance = |other: &Ratio| (other.value() / rate.value() - 1.0).abs();
    let rates = rates.iter().filter_map(|(frames, seconds)| Ratio::new(*frames, *seconds));
    rates
        .min_by(|one, other| distance(one).total_cmp(&distance(other)))
        .filter(|nearest| distance(nearest) <= TOLERANCE)
        .unwrap_or(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_of_a_container_is_that_of_its_frames_and_not_of_its_clock() {
        let check = |real: &str, average: &str, is_interlaced, expected: &str| {
            let ratio = |text: &str| {
                let (frames, seconds) = text.split_once('/').unwrap();
                Ratio::new(frames.parse().unwrap(), seconds.parse().unwrap())
            };
            let found = of_container(ratio(real), ratio(average), is_interlaced);
            let found = found.map_or("none".to_owned(), |rate| rate.to_string());
            assert_eq!(found, expected, "{real} {average}");
        };
        check("30/1", "30/1", false, "30/1");
        check("30000/1001", "30000/1001", false, "30000/1001");
        check("60/1", "60/1", false, "60/1");
        check("5/1", "5/1", false, "5/1");
        // The average of a whole number of frames is near the rate.
        check("24000/1001", "359/15", false, "24000/1001");
        check("1000/1", "120000/3971", false, "30/1");
        // A variable rate.
        check("30/1", "59/4", false, "30/1");
        check("60/1", "59/4", false, "59/4");
        check("600/1", "2997/100", false, "30000/1001");
        // Fields.
        check("50/1", "25/1", true, "25/1");
        check("60000/1001", "30000/1001", true, "30000/1001");
        // Clocks.
        check("1000/1", "0/0", false, "none");
        check("90000/1", "1000/1", false, "none");
        check("0/0", "0/0", false, "none");
    }

    #[test]
    fn the_times_of_frames_give_their_rate_without_pauses() {
        let check = |times: &[f64], expected: Option<&str>| {
            let found = measured_frame_rate(times.to_vec()).map(|rate| rate.to_string());
            assert_eq!(found.as_deref(), expected, "{times:?}");
        };
        check(&[0.0, 0.033, 0.067, 0.1, 0.133], Some("30/1"));
        check(&[0.0, 0.041, 0.083, 0.125], Some("24/1"));
        check(&[0.0, 0.033, 0.067, 0.1001], Some("30/1"));
        check(&[0.0, 0.016, 0.034, 0.05, 0.067], Some("60/1"));
        // B frames come out of order, and a recording pauses.
        check(&[0.0, 0.12, 0.04, 0.08, 9.0, 9.04, 9.08], Some("25/1"));
        check(&[0.0, 0.3, 0.6], Some("3333/1000"));
        check(&[0.0, 20.0], Some("1/1"));
        check(&[1.0, 1.0], None);
        check(&[1.0], None);
        check(&[], None);
    }
}
