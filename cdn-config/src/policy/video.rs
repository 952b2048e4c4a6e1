//! The JSON form of the policy's member `video`, and its validation.

use std::ops::RangeInclusive;

use serde::Deserialize;

use super::PolicyError;
use super::lists::at;
use crate::video::{AutomatedAbr, Prices, Rung, VideoCodec, VideoPolicy};

/// The maximum number of rungs, which is the maximum number of outputs in a group of MediaConvert.
const MAX_RUNGS: usize = 15;

/// The short side of a rendition in pixels: from the minimum of MediaConvert to 8K.
const SHORT_SIDES: RangeInclusive<u32> = 32..=4320;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct VideoJson {
    rungs: Vec<RungJson>,
    #[serde(default)]
    automated_abr: Option<AutomatedAbrJson>,
    audio_bitrate: u32,
    mp4_short_side: u32,
    max_minutes: u32,
    max_cents: u32,
    microdollars_per_minute: PricesJson,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RungJson {
    short_side: u32,
    codec: CodecJson,
    quality: u8,
    max_bitrate: u32,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum CodecJson {
    H264,
    Hevc,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AutomatedAbrJson {
    max_renditions: u32,
    max_bitrate: u32,
    min_bitrate: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PricesJson {
    basic: u32,
    professional: u32,
}

impl VideoJson {
    pub(super) fn validate(self) -> Result<VideoPolicy, PolicyError> {
        Ok(VideoPolicy {
            rungs: rungs(&self.rungs)?,
            automated_abr: self.automated_abr.as_ref().map(automated_abr).transpose()?,
            audio_bitrate: within("video.audioBitrate", self.audio_bitrate, 16_000..=512_000)?,
            mp4_short_side: match self.mp4_short_side {
                0 => 0,
                side => even("video.mp4ShortSide", side, "0 or an even number from 32 to 4320")?,
            },
            max_minutes: within("video.maxMinutes", self.max_minutes, 1..=2_880)?,
            max_cents: within("video.maxCents", self.max_cents, 1..=1_000_000)?,
            prices: Prices {
                basic_microdollars: within(
                    "video.microdollarsPerMinute.basic",
                    self.microdollars_per_minute.basic,
                    0..=10_000_000,
                )?,
                professional_microdollars: within(
                    "video.microdollarsPerMinute.professional",
                    self.microdollars_per_minute.professional,
                    0..=10_000_000,
                )?,
            },
        })
    }
}

fn rungs(rungs: &[RungJson]) -> Result<Vec<Rung>, PolicyError> {
    if !(1..=MAX_RUNGS).contains(&rungs.len()) {
        return Err(PolicyError::value("video.rungs", format!("a list of 1 to {MAX_RUNGS} rungs")));
    }
    let read: Vec<Rung> = rungs.iter().enumerate().map(rung).collect::<Result<_, _>>()?;
    let steps = read.iter().zip(read.iter().skip(1));
    match steps.zip(1..).find(|((low, high), _)| low.short_side >= high.short_side) {
        Some((_, number)) => Err(PolicyError::value(
            format!("{}.shortSide", at("video.rungs", number)),
            "more than that of the rung before it",
        )),
        None => Ok(read),
    }
}

fn rung((number, json): (usize, &RungJson)) -> Result<Rung, PolicyError> {
    let sides = "an even number from 32 to 4320";
    let field = |name: &str| format!("{}.{name}", at("video.rungs", number));
    Ok(Rung {
        short_side: even(field("shortSide"), json.short_side, sides)?,
        codec: match json.codec {
            CodecJson::H264 => VideoCodec::H264,
            CodecJson::Hevc => VideoCodec::Hevc,
        },
        quality: within(field("quality"), json.quality, 1..=10)?,
        max_bitrate: within(field("maxBitrate"), json.max_bitrate, 1_000..=100_000_000)?,
    })
}

fn automated_abr(json: &AutomatedAbrJson) -> Result<AutomatedAbr, PolicyError> {
    let max_bitrate = within("video.automatedAbr.maxBitrate", json.max_bitrate, 100_000..=100_000_000)?;
    Ok(AutomatedAbr {
        max_renditions: within("video.automatedAbr.maxRenditions", json.max_renditions, 3..=15)?,
        max_bitrate,
        min_bitrate: within("video.automatedAbr.minBitrate", json.min_bitrate, 100_000..=max_bitrate)?,
    })
}

fn even(field: impl Into<String>, number: u32, allowed: &str) -> Result<u32, PolicyError> {
    if number.is_multiple_of(2) && SHORT_SIDES.contains(&number) {
        return Ok(number);
    }
    Err(PolicyError::value(field, allowed))
}

fn within<T: PartialOrd + std::fmt::Display>(
    field: impl Into<String>,
    number: T,
    range: RangeInclusive<T>,
) -> Result<T, PolicyError> {
    if range.contains(&number) {
        return Ok(number);
    }
    Err(PolicyError::value(field, format!("a whole number from {} to {}", range.start(), range.end())))
}

#[cfg(test)]
mod tests {
    use super::super::Policy;
    use super::super::document::BUILT_IN;
    use super::*;

    #[test]
    fn the_built_in_policy_has_the_default_video_policy() {
        assert_eq!(Policy::built_in().video, VideoPolicy::default());
        let mut without_video: serde_json::Value = serde_json::from_str(BUILT_IN).unwrap();
        without_video.as_object_mut().unwrap().remove("video").unwrap();
        assert_eq!(Policy::parse(&without_video.to_string()).unwrap().video, VideoPolicy::default());
    }

    #[test]
    fn an_error_names_the_member_and_the_allowed_values() {
        let check = |pointer: &str, with: serde_json::Value, expected: &str| {
            let mut document: serde_json::Value = serde_json::from_str(BUILT_IN).unwrap();
            *document.pointer_mut(pointer).unwrap() = with;
            let error = Policy::parse(&document.to_string()).map(|_| "read").map_err(|e| e.to_string());
            assert!(error.as_ref().is_err_and(|error| error.starts_with(expected)), "{pointer}: {error:?}");
        };
        check("/video/rungs", serde_json::json!([]), "policy: video.rungs: must be a list of 1 to 15 rungs");
        check(
            "/video/rungs/1/shortSide",
            270.into(),
            "policy: video.rungs[1].shortSide: must be more than that of the rung before it",
        );
        check(
            "/video/rungs/0/shortSide",
            269.into(),
            "policy: video.rungs[0].shortSide: must be an even number",
        );
        check(
            "/video/rungs/1/shortSide",
            30.into(),
            "policy: video.rungs[1].shortSide: must be an even number",
        );
        check(
            "/video/rungs/0/quality",
            11.into(),
            "policy: video.rungs[0].quality: must be a whole number from 1 to 10",
        );
        check("/video/rungs/0/codec", "vp9".into(), "policy: video.rungs[0].codec: it is `vp9`, but must be");
        check(
            "/video/rungs/0/maxBitrate",
            999.into(),
            "policy: video.rungs[0].maxBitrate: must be a whole number",
        );
        check("/video/mp4ShortSide", 721.into(), "policy: video.mp4ShortSide: must be 0 or an even number");
        check(
            "/video/audioBitrate",
            1.into(),
            "policy: video.audioBitrate: must be a whole number from 16000",
        );
        check(
            "/video/maxMinutes",
            0.into(),
            "policy: video.maxMinutes: must be a whole number from 1 to 2880",
        );
        check("/video/maxCents", 0.into(), "policy: video.maxCents: must be a whole number from 1");
        check(
            "/video/automatedAbr",
            serde_json::json!({"maxRenditions": 2, "maxBitrate": 8_000_000, "minBitrate": 600_000}),
            "policy: video.automatedAbr.maxRenditions: must be a whole number from 3 to 15",
        );
        check(
            "/video/automatedAbr",
            serde_json::json!({"maxRenditions": 3, "maxBitrate": 600_000, "minBitrate": 600_001}),
            "policy: video.automatedAbr.minBitrate: must be a whole number from 100000 to 600000",
        );
    }

    #[test]
    fn the_fingerprint_changes_only_with_settings_that_change_files() {
        let fingerprint = |change: fn(&mut VideoPolicy)| {
            let mut policy = VideoPolicy::default();
            change(&mut policy);
            policy.fingerprint()
        };
        let plain = fingerprint(|_| {});
        assert_eq!(plain, fingerprint(|policy| policy.max_cents = 1));
        assert_eq!(plain, fingerprint(|policy| policy.prices.basic_microdollars = 1));
        assert_ne!(plain, fingerprint(|policy| policy.audio_bitrate = 64_000));
        assert_ne!(plain, fingerprint(|policy| policy.mp4_short_side = 0));
        assert_ne!(plain, fingerprint(|policy| policy.rungs.truncate(1)));
        let abr = AutomatedAbr { max_renditions: 3, max_bitrate: 8_000_000, min_bitrate: 600_000 };
        let automated = VideoPolicy { automated_abr: Some(abr), ..VideoPolicy::default() };
        assert_ne!(plain, automated.fingerprint());
    }
}
