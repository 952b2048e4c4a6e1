//! The arguments of a video encoder.

use super::arguments::owned;
use super::error::PlanError;
use crate::media::VideoTrack;
use crate::ratio::Ratio;
use crate::settings::{
    Codec, FrameRateControl, GopUnits, H26xSettings, Profile, RateControl, SceneChange, Tuning,
    VideoDescription,
};

/// The frame rate if neither the source nor the settings have one.
pub(super) const DEFAULT_RATE: Ratio = Ratio { numerator: 30, denominator: 1 };

/// The frame rate of an output in frames per second. It is constant even if the source's is variable, as in
/// `MediaConvert`.
pub(super) fn frame_rate(video: &VideoDescription, source: &VideoTrack) -> Ratio {
    let settings = match video.codec_settings.codec() {
        Some(Codec::H264(settings) | Codec::H265(settings)) => Some(settings),
        Some(Codec::FrameCapture(_)) | None => None,
    };
    let specified = settings.filter(|settings| settings.framerate_control == FrameRateControl::Specified);
    let specified =
        specified.and_then(|s| Ratio::new(s.framerate_numerator?, s.framerate_denominator.unwrap_or(1)));
    specified.unwrap_or_else(|| source_rate(source))
}

/// The frame rate of a source in frames per second.
pub(super) fn source_rate(source: &VideoTrack) -> Ratio {
    source.frame_rate.unwrap_or(DEFAULT_RATE)
}

/// The arguments of an encoder.
pub(super) fn encoder(video: &VideoDescription, rate: Ratio, path: &str) -> Result<Vec<String>, PlanError> {
    let (library, settings) = match video.codec_settings.codec() {
        Some(Codec::H264(settings)) => ("libx264", settings),
        Some(Codec::H265(settings)) => ("libx265", settings),
        Some(Codec::FrameCapture(_)) => {
            return Err(PlanError::at(path, "frame captures go into a FILE_GROUP, with the container RAW"));
        }
        None => return Err(PlanError::at(path, "exactly the settings that `codec` names are needed")),
    };
    let mut arguments = owned(&["-c:v", library, "-preset", preset(settings.quality_tuning_level)]);
    match settings.codec_profile {
        Some(Profile::Baseline) => arguments.extend(owned(&["-profile:v", "baseline"])),
        Some(Profile::Main) => arguments.extend(owned(&["-profile:v", "main"])),
        Some(Profile::High) => arguments.extend(owned(&["-profile:v", "high"])),
        None => {}
    }
    arguments.extend(rate_control(settings, path)?);
    arguments.extend(group_of_pictures(settings, rate, library == "libx265"));
    if library == "libx265" {
        // Safari plays HEVC with this tag only.
        arguments.extend(owned(&["-tag:v", "hvc1"]));
    }
    Ok(arguments)
}

/// The encoder's preset. It is faster than the service's, since the endpoint runs on a developer's machine.
const fn preset(tuning: Tuning) -> &'static str {
    match tuning {
        Tuning::SinglePass => "superfast",
        Tuning::SinglePassHq => "veryfast",
        Tuning::MultiPassHq => "medium",
    }
}

fn rate_control(settings: &H26xSettings, path: &str) -> Result<Vec<String>, PlanError> {
    let missing = |name: &str| PlanError::at(path, &format!("{name} is needed with this rateControlMode"));
    let cap = |max: u32| {
        let buffer = settings.hrd_buffer_size.unwrap_or(max.saturating_mul(2));
        owned(&["-maxrate", &max.to_string(), "-bufsize", &buffer.to_string()])
    };
    match settings.rate_control_mode {
        RateControl::Qvbr => {
            if settings.bitrate.is_some() {
                return Err(PlanError::at(path, "bitrate can't be used with QVBR; use maxBitrate"));
            }
            let max = settings.max_bitrate.ok_or_else(|| missing("maxBitrate"))?;
            let level = settings.qvbr_settings.as_ref().and_then(|qvbr| qvbr.qvbr_quality_level).unwrap_or(7);
            let fine_tune =
                settings.qvbr_settings.as_ref().and_then(|qvbr| qvbr.qvbr_quality_level_fine_tune);
            if !(1..=10).contains(&level) {
                return Err(PlanError::at(path, "qvbrQualityLevel must be 1 to 10"));
            }
            let mut arguments =
                owned(&["-crf", &format!("{:.1}", crf(f64::from(level) + fine_tune.unwrap_or(0.0)))]);
            arguments.extend(cap(max));
            Ok(arguments)
        }
        RateControl::Vbr => {
            let bitrate = settings.bitrate.ok_or_else(|| missing("bitrate"))?;
            let mut arguments = owned(&["-b:v", &bitrate.to_string()]);
            arguments.extend(settings.max_bitrate.map(cap).unwrap_or_default());
            Ok(arguments)
        }
        RateControl::Cbr => {
            let bitrate = settings.bitrate.ok_or_else(|| missing("bitrate"))?;
            let text = bitrate.to_string();
            let mut arguments = owned(&["-b:v", &text, "-minrate", &text]);
            arguments.extend(cap(bitrate));
            Ok(arguments)
        }
    }
}

/// The constant rate factor for a level of QVBR. AWS recommends level 7 for 720p and 1080p on televisions and levels 8 to 9
/// for larger sizes. Level 7 becomes 23, x264's default. The slope is chosen so that level 10 has about invisible loss.
fn crf(level: f64) -> f64 {
    37.0 - 2.0 * level
}

/// The arguments of key frames, which have the same times in every output, so that players can switch between outputs.
fn group_of_pictures(settings: &H26xSettings, rate: Ratio, is_h265: bool) -> Vec<String> {
    let seconds = match (settings.gop_size_units, settings.gop_size) {
        (GopUnits::Seconds, Some(seconds)) if seconds > 0.0 => seconds,
        (GopUnits::Frames, Some(frames)) if frames >= 1.0 => frames / rate.value(),
        // MediaConvert chooses a length itself. Two seconds divide the usual lengths of segments.
        (GopUnits::Auto | GopUnits::Seconds | GopUnits::Frames, _) => 2.0,
    };
    let frames = (seconds * rate.value()).ceil().max(1.0) as u32;
    let mut arguments =
        owned(&["-g", &frames.to_string(), "-force_key_frames", &format!("expr:gte(t,n_forced*{seconds})")]);
    let has_scene_cuts = match settings.scene_change_detect {
        SceneChange::Enabled | SceneChange::TransitionDetection => true,
        SceneChange::Disabled => false,
    };
    if is_h265 {
        let scenes = if has_scene_cuts { "" } else { ":scenecut=0" };
        arguments.extend(owned(&["-x265-params", &format!("log-level=error:open-gop=0{scenes}")]));
    } else {
        arguments.extend(owned(&["-flags", "+cgop"]));
        if !has_scene_cuts {
            arguments.extend(owned(&["-sc_threshold", "0"]));
        }
    }
    if let Some(number) = settings.number_b_frames_between_reference_frames {
        arguments.extend(owned(&["-bf", &number.to_string()]));
    }
    if let Some(number) = settings.number_reference_frames {
        arguments.extend(owned(&["-refs", &number.to_string()]));
    }
    arguments
}

/// ffmpeg's JPEG quantizer, 2 (best) to 31, for a JPEG quality of 1 to 100. Values out of range are clamped.
pub(super) fn jpeg_quantizer(quality: u8) -> u8 {
    let quality = f64::from(quality.clamp(1, 100));
    (31.0 - (quality - 1.0) / 99.0 * 29.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_quality_becomes_a_quantizer_of_ffmpeg() {
        for (quality, expected) in [(0, 31), (1, 31), (80, 8), (100, 2), (255, 2)] {
            assert_eq!(jpeg_quantizer(quality), expected, "{quality}");
        }
    }
}
