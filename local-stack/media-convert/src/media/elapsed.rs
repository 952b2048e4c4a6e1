//! The duration of a stream whose times may jump, by the times of its packets.

use std::collections::BTreeMap;

/// The largest step between two packets of a track that is a pause in it, in seconds. ffmpeg takes a larger one for a jump of the
/// clock (`-dts_delta_threshold`), as it does each step back.
const LARGEST_STEP_S: f64 = 10.0;

/// The time that has passed in each track.
#[derive(Clone, Debug, Default)]
pub(crate) struct Elapsed {
    tracks: BTreeMap<usize, Track>,
}

#[derive(Clone, Copy, Debug)]
struct Track {
    /// The decoding time of the last packet, in seconds.
    last: f64,
    /// The last step that was not a jump, in seconds.
    step: f64,
    /// The sum of all steps, in seconds.
    sum: f64,
}

impl Elapsed {
    /// Adds the next packet of a track with its decoding time in seconds.
    pub(crate) fn add(&mut self, track: usize, time_s: f64) {
        let track = self.tracks.entry(track).or_insert(Track { last: time_s, step: 0.0, sum: 0.0 });
        let step_s = time_s - track.last;
        if (0.0..=LARGEST_STEP_S).contains(&step_s) {
            track.step = step_s;
        }
        track.sum += track.step;
        track.last = time_s;
    }

    /// The duration of the longest track in seconds, with that of its last packet.
    pub(crate) fn seconds(&self) -> f64 {
        self.tracks.values().map(|track| track.sum + track.step).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_a_stream_count_on_after_a_jump() {
        let check = |packets: &[(usize, f64)], expected: f64| {
            let mut elapsed = Elapsed::default();
            for (track, time_s) in packets {
                elapsed.add(*track, *time_s);
            }
            assert!((elapsed.seconds() - expected).abs() < 1e-9, "{packets:?}: {}", elapsed.seconds());
        };
        check(&[], 0.0);
        check(&[(0, 1.0), (0, 1.5), (0, 2.0)], 1.5);
        // The clock begins again, or runs ahead.
        check(&[(0, 1.0), (0, 1.5), (0, 2.0), (0, 1.0), (0, 1.5)], 2.5);
        check(&[(0, 1.0), (0, 1.5), (0, 95_000.0), (0, 95_000.5)], 2.0);
        // A pause.
        check(&[(0, 1.0), (0, 1.5), (0, 4.0), (0, 4.5)], 4.0);
        check(&[(0, 1.0), (1, 0.0), (0, 1.5), (1, 2.0), (1, 4.0)], 6.0);
    }
}
