//! The arguments of an encoder of pictures.

use super::super::media::Picture;
use super::super::ratio::Ratio;
use super::super::settings::{
    Codec, FrameRateControl, GopUnits, H26xSettings, Profile, RateControl, SceneChange, Tuning,
    VideoDescription,
};
use super::arguments::words;
use super::error::PlanError;

/// Where neither the source nor the settings tell.
const USUAL_RATE: Ratio = Ratio { numerator: 30, denominator: 1 };

/// A file that claims more frames a second is mistaken, or a screen recording whose clock ticks so fast.
const MOST_A_SECOND: f64 = 120.0;

/// The frames a second of an output. They come regularly, whatever the source's do, as `MediaConvert` has it.
pub(super) fn frame_rate(video: &VideoDescription, picture: &Picture) -> Ratio {
    let settings = match video.codec_settings.chosen() {
        Some(Codec::H264(settings) | Codec::H265(settings)) => Some(settings),
        Some(Codec::FrameCapture(_)) | None => None,
    };
    let specified = settings.filter(|settings| settings.framerate_control == FrameRateControl::Specified);
    let specified =
        specified.and_then(|s| Ratio::new(s.framerate_numerator?, s.framerate_denominator.unwrap_or(1)));
    let sources = picture.frame_rate.filter(|rate| rate.value() <= MOST_A_SECOND);
    specified.or(sources).unwrap_or(USUAL_RATE)
}

/// The encoder and its settings.
pub(super) fn encoder(video: &VideoDescription, rate: Ratio, path: &str) -> Result<Vec<String>, PlanError> {
    let (library, settings) = match video.codec_settings.chosen() {
        Some(Codec::H264(settings)) => ("libx264", settings),
        Some(Codec::H265(settings)) => ("libx265", settings),
        Some(Codec::FrameCapture(_)) => {
            return Err(PlanError::at(path, "frame captures go into a FILE_GROUP, with the container RAW"));
        }
        None => return Err(PlanError::at(path, "exactly the settings that `codec` names are needed")),
    };
    let mut arguments = words(&["-c:v", library, "-preset", preset(settings.quality_tuning_level)]);
    match settings.codec_profile {
        Some(Profile::Baseline) => arguments.extend(words(&["-profile:v", "baseline"])),
        Some(Profile::Main) => arguments.extend(words(&["-profile:v", "main"])),
        Some(Profile::High) => arguments.extend(words(&["-profile:v", "high"])),
        None => {}
    }
    arguments.extend(rates(settings, path)?);
    arguments.extend(pictures(settings, rate, library == "libx265"));
    if library == "libx265" {
        // Safari plays no other tag.
        arguments.extend(words(&["-tag:v", "hvc1"]));
    }
    Ok(arguments)
}

/// A faster preset than the service would take: this is somebody's laptop.
const fn preset(tuning: Tuning) -> &'static str {
    match tuning {
        Tuning::SinglePass => "superfast",
        Tuning::SinglePassHq => "veryfast",
        Tuning::MultiPassHq => "medium",
    }
}

fn rates(settings: &H26xSettings, path: &str) -> Result<Vec<String>, PlanError> {
    let missing = |name: &str| PlanError::at(path, &format!("{name} is needed with this rateControlMode"));
    let capped = |most: u32| {
        let buffer = settings.hrd_buffer_size.unwrap_or(most.saturating_mul(2));
        words(&["-maxrate", &most.to_string(), "-bufsize", &buffer.to_string()])
    };
    match settings.rate_control_mode {
        RateControl::Qvbr => {
            if settings.bitrate.is_some() {
                return Err(PlanError::at(path, "bitrate isn't taken with QVBR, maxBitrate is"));
            }
            let most = settings.max_bitrate.ok_or_else(|| missing("maxBitrate"))?;
            let level = settings.qvbr_settings.as_ref().and_then(|qvbr| qvbr.qvbr_quality_level).unwrap_or(7);
            let fine = settings.qvbr_settings.as_ref().and_then(|qvbr| qvbr.qvbr_quality_level_fine_tune);
            if !(1..=10).contains(&level) {
                return Err(PlanError::at(path, "qvbrQualityLevel is 1 to 10"));
            }
            let mut arguments =
                words(&["-crf", &format!("{:.1}", crf(f64::from(level) + fine.unwrap_or(0.0)))]);
            arguments.extend(capped(most));
            Ok(arguments)
        }
        RateControl::Vbr => {
            let bitrate = settings.bitrate.ok_or_else(|| missing("bitrate"))?;
            let mut arguments = words(&["-b:v", &bitrate.to_string()]);
            arguments.extend(settings.max_bitrate.map(capped).unwrap_or_default());
            Ok(arguments)
        }
        RateControl::Cbr => {
            let bitrate = settings.bitrate.ok_or_else(|| missing("bitrate"))?;
            let text = bitrate.to_string();
            let mut arguments = words(&["-b:v", &text, "-minrate", &text]);
            arguments.extend(capped(bitrate));
            Ok(arguments)
        }
    }
}

/// The constant rate factor for a level of QVBR. AWS recommends 7 for 720p and 1080p on televisions and 8 to 9 for
/// the largest; 23 is what x264 itself takes. The step is chosen so that level 10 is about invisible loss.
fn crf(level: f64) -> f64 {
    37.0 - 2.0 * level
}

/// Key frames at the same moments in every output, so that players can change between them.
fn pictures(settings: &H26xSettings, rate: Ratio, is_h265: bool) -> Vec<String> {
    let seconds = match (settings.gop_size_units, settings.gop_size) {
        (GopUnits::Seconds, Some(seconds)) if seconds > 0.0 => seconds,
        (GopUnits::Frames, Some(frames)) if frames >= 1.0 => frames / rate.value(),
        // The service decides; here it is what the segments of most players want.
        (GopUnits::Auto | GopUnits::Seconds | GopUnits::Frames, _) => 2.0,
    };
    let frames = (seconds * rate.value()).ceil().max(1.0) as u32;
    let mut arguments =
        words(&["-g", &frames.to_string(), "-force_key_frames", &format!("expr:gte(t,n_forced*{seconds})")]);
    let is_cut = match settings.scene_change_detect {
        SceneChange::Enabled | SceneChange::TransitionDetection => true,
        SceneChange::Disabled => false,
    };
    if is_h265 {
        let scenes = if is_cut { "" } else { ":scenecut=0" };
        arguments.extend(words(&["-x265-params", &format!("log-level=error:open-gop=0{scenes}")]));
    } else {
        arguments.extend(words(&["-flags", "+cgop"]));
        if !is_cut {
            arguments.extend(words(&["-sc_threshold", "0"]));
        }
    }
    if let Some(number) = settings.number_b_frames_between_reference_frames {
        arguments.extend(words(&["-bf", &number.to_string()]));
    }
    if let Some(number) = settings.number_reference_frames {
        arguments.extend(words(&["-refs", &number.to_string()]));
    }
    arguments
}

/// ffmpeg's scale of JPEG's quality, 2 (best) to 31, for one of 1 to 100.
pub(super) fn jpeg_scale(quality: u8) -> u8 {
    let quality = f64::from(quality.clamp(1, 100));
    (31.0 - (quality - 1.0) / 99.0 * 29.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quality_of_captures_is_a_quantiser_of_ffmpegs() {
        for (quality, expected) in [(0, 31), (1, 31), (80, 8), (100, 2), (255, 2)] {
            assert_eq!(jpeg_scale(quality), expected, "{quality}");
        }
    }
}
