//! The part of the source that is transcoded.

use super::error::PlanError;
use crate::ratio::Ratio;
use crate::settings::{Input, TimecodeSource};

/// The duration of the part that the settings select, in seconds from the beginning of the source. `None` if they select
/// all of it. `rate` is the frame rate of the source, by which timecodes count.
pub(super) fn seconds(input: &Input, rate: Ratio) -> Result<Option<f64>, PlanError> {
    let path = "inputs/0/inputClippings";
    let clip = match input.clippings.as_slice() {
        [] => return Ok(None),
        [clip] => clip,
        [_, _, ..] => return Err(PlanError::at(path, "an input has at most one part")),
    };
    if input.timecode_source != TimecodeSource::Zerobased {
        return Err(PlanError::at(path, "the timecodes of a part need timecodeSource ZEROBASED"));
    }
    // A second of timecodes has a whole number of frames: 30 at 29.97 frames per second. The last frame is included.
    let per_second = rate.value().ceil();
    let timecode = clip.end_timecode;
    if f64::from(timecode.frame) >= per_second {
        let sentence = format!("endTimecode: a second has {per_second} frames, counted from 0");
        return Err(PlanError::at(path, &sentence));
    }
    Ok(Some((f64::from(timecode.seconds) * per_second + f64::from(timecode.frame) + 1.0) / rate.value()))
}
