use serde_json::{Value, json};

use super::{CreateJob, read};

fn minimal() -> Value {
    json!({
        "role": "r",
        "settings": {
            "inputs": [{ "fileInput": "s3://b/k" }],
            "outputGroups": [{
                "outputGroupSettings": { "type": "FILE_GROUP_SETTINGS",
                    "fileGroupSettings": { "destination": "s3://b/o" } },
                "outputs": [{ "containerSettings": { "container": "MP4" }, "videoDescription": {
                    "codecSettings": { "codec": "H_264", "h264Settings": { "bitrate": 1_000_000 } } } }]
            }]
        }
    })
}

#[test]
fn a_refused_member_is_named_by_its_path() {
    let check = |change: fn(&mut Value), expected: &str| {
        let mut job = minimal();
        change(&mut job);
        let error = read(&job).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    let _: CreateJob = read(&minimal()).unwrap();
    check(|job| job["jobTemplate"] = json!("t"), "/jobTemplate: unknown field `jobTemplate`");
    check(|job| drop(job.as_object_mut().unwrap().remove("role")), "/: missing field `role`");
    check(|job| job["settings"]["inputs"][0]["crop"] = json!({}), "/settings/inputs[0]/crop: unknown field");
    check(
        |job| job["settings"]["inputs"][0]["inputClippings"] = json!([{ "startTimecode": "00:00:01:00" }]),
        "/settings/inputs[0]/inputClippings[0]/startTimecode: unknown field",
    );
    check(
        |job| job["settings"]["inputs"][0]["inputClippings"] = json!([{ "endTimecode": "00:00:31" }]),
        "/settings/inputs[0]/inputClippings[0]/endTimecode: a timecode is HH:MM:SS:FF",
    );
    check(
        |job| job["settings"]["outputGroups"][0]["outputGroupSettings"]["type"] = json!("HLS_GROUP_SETTINGS"),
        "/settings/outputGroups[0]/outputGroupSettings/type: unknown variant `HLS_GROUP_SETTINGS`",
    );
    check(
        |job| {
            job["settings"]["outputGroups"][0]["outputs"][0]["captionDescriptions"] =
                json!([{ "languageCode": "ENG" }]);
        },
        "/settings/outputGroups[0]/outputs[0]/captionDescriptions[0]/languageCode: unknown field",
    );
    check(
        |job| {
            let output = &mut job["settings"]["outputGroups"][0]["outputs"][0];
            output["videoDescription"]["codecSettings"]["h264Settings"]["telecine"] = json!("HARD");
        },
        "/settings/outputGroups[0]/outputs[0]/videoDescription/codecSettings/h264Settings/telecine: unknown variant",
    );
    check(
        |job| {
            let output = &mut job["settings"]["outputGroups"][0]["outputs"][0];
            output["videoDescription"]["codecSettings"]["h264Settings"]["parNumerator"] = json!(40);
        },
        "/settings/outputGroups[0]/outputs[0]/videoDescription/codecSettings/h264Settings/parNumerator: pixels are square",
    );
    check(|job| job["priority"] = json!(51), "/priority: -50 to 50");
    check(|job| job["clientRequestToken"] = json!("x".repeat(65)), "/clientRequestToken: at most 64");
    check(|job| job["statusUpdateInterval"] = json!("SECONDS_11"), "/statusUpdateInterval: unknown variant");
}

#[test]
fn values_at_their_limits_are_accepted() {
    let mut job = minimal();
    job["priority"] = json!(-50);
    job["clientRequestToken"] = json!("x".repeat(64));
    job["statusUpdateInterval"] = json!("SECONDS_600");
    assert_eq!(read(&job).unwrap().status_update_interval.seconds(), 60);
}

#[test]
fn settings_of_another_codec_than_the_named_one_are_no_codec() {
    let mut job = minimal();
    let codec = &mut job["settings"]["outputGroups"][0]["outputs"][0]["videoDescription"]["codecSettings"];
    codec["codec"] = json!("H_265");
    let job = read(&job).unwrap();
    let video = job.settings.output_groups[0].outputs[0].video_description.as_ref().unwrap();
    assert!(video.codec_settings.codec().is_none());
}
