use serde_json::{Value, json};

use super::*;

#[test]
fn a_track_that_the_source_lacks_is_named() {
    let check = |keep: fn(&TrackKind) -> bool, expected: &str| {
        let mut source = sample_source();
        source.tracks.retain(|track| keep(&track.kind));
        let error = plan(&read(&job()).settings, &source, "input").unwrap_err();
        assert_eq!(error, PlanError::Source(expected.to_owned()));
    };
    check(|kind| matches!(kind, TrackKind::Video(_)), "the input has no audio track 1");
    check(|kind| matches!(kind, TrackKind::Audio(_)), "the input has no video");
}

#[test]
fn a_setting_that_cannot_be_executed_is_named_by_its_path() {
    let check = |change: fn(&mut Value), expected: &str| {
        let mut job = job();
        change(&mut job["settings"]);
        let error = plan(&read(&job).settings, &sample_source(), "input").unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    check(|s| s["inputs"] = json!([]), "/settings/inputs: a job must have exactly one input");
    check(|s| s["outputGroups"] = json!([]), "/settings/outputGroups: a job needs at least one output group");
    check(
        |s| s["outputGroups"][0]["outputGroupSettings"]["type"] = json!("FILE_GROUP_SETTINGS"),
        "/settings/outputGroups/0/outputGroupSettings: exactly the settings that `type` names",
    );
    check(
        |s| s["outputGroups"][0]["outputGroupSettings"]["cmafGroupSettings"]["destination"] = json!("here"),
        "/settings/outputGroups/0/outputGroupSettings/cmafGroupSettings/destination: an S3 URL",
    );
    check(
        |s| s["outputGroups"][0]["outputs"][1]["nameModifier"] = json!(""),
        "/settings/outputGroups/0/outputs/1: nameModifier is needed",
    );
    check(
        |s| s["outputGroups"][0]["outputs"][1]["nameModifier"] = json!("_270p"),
        "/settings/outputGroups/0/outputs/1: nameModifier '_270p' is already used by another output",
    );
    check(
        |s| s["outputGroups"][0]["outputs"][0]["containerSettings"]["container"] = json!("MP4"),
        "/settings/outputGroups/0/outputs/0: a CMAF output has the container CMFC",
    );
    check(
        |s| {
            let audio = s["outputGroups"][1]["outputs"][0]["audioDescriptions"].clone();
            s["outputGroups"][0]["outputs"][0]["audioDescriptions"] = audio;
        },
        "/settings/outputGroups/0/outputs/0: a CMAF output has either",
    );
    check(
        |s| s["outputGroups"][0]["outputs"][0]["videoDescription"]["width"] = json!(481),
        "/settings/outputGroups/0/outputs/0: a side is an even number",
    );
    check(
        |s| {
            let codec = &mut s["outputGroups"][0]["outputs"][0]["videoDescription"]["codecSettings"];
            codec["h264Settings"]["bitrate"] = json!(400_000);
        },
        "/settings/outputGroups/0/outputs/0: bitrate can't be used with QVBR",
    );
    check(
        |s| s["outputGroups"][1]["outputs"][0]["audioDescriptions"][0]["audioSourceName"] = json!("Other"),
        "/settings/outputGroups/1/outputs/0: audioSourceName: the input has no audio selector 'Other'",
    );
    check(
        |s| s["inputs"][0]["inputClippings"] = json!([{ "endTimecode": "00:00:01:00" }]),
        "/settings/inputs/0/inputClippings: the timecodes of a part need timecodeSource ZEROBASED",
    );
    check(
        |s| {
            s["inputs"][0]["timecodeSource"] = json!("ZEROBASED");
            s["inputs"][0]["inputClippings"] = json!([{ "endTimecode": "00:00:01:30" }]);
        },
        "/settings/inputs/0/inputClippings: endTimecode: a second has 30 frames",
    );
    check(
        |s| s["outputGroups"] = json!([s["outputGroups"][2]]),
        "/settings/outputGroups: a job with only frame captures",
    );
    check(
        |s| {
            let group = &mut s["outputGroups"][0]["outputGroupSettings"]["cmafGroupSettings"];
            group["imageBasedTrickPlaySettings"]["tileWidth"] = json!(0);
        },
        "/settings/outputGroups/0/outputGroupSettings/cmafGroupSettings/imageBasedTrickPlaySettings: a number",
    );
}
