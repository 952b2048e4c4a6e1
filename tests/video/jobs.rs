//! Requests for jobs, of the kind that the trigger sends.

use serde_json::{Value, json};

use crate::s3::server::BUCKET;

/// The prefix of the outputs' keys.
pub(crate) const PREFIX: &str = "videos/1/run/";

/// A job with the given output groups.
pub(crate) fn job(input: &str, groups: &[Value]) -> Value {
    json!({
        "role": "arn:aws:iam::000000000000:role/transcode",
        "statusUpdateInterval": "SECONDS_10",
        "userMetadata": { "asset": "1", "claim": "c" },
        "settings": {
            "timecodeConfig": { "source": "ZEROBASED" },
            "inputs": [{
                "fileInput": input,
                "timecodeSource": "ZEROBASED",
                "videoSelector": { "rotate": "AUTO" },
                "audioSelectors": { "Audio Selector 1": { "defaultSelection": "DEFAULT" } }
            }],
            "outputGroups": groups
        }
    })
}

/// A CMAF group with sheets of 2×2 thumbnails. There is one thumbnail per second.
pub(crate) fn adaptive(outputs: &[Value]) -> Value {
    json!({
        "name": "adaptive",
        "outputGroupSettings": { "type": "CMAF_GROUP_SETTINGS", "cmafGroupSettings": {
            "destination": format!("s3://{BUCKET}/{PREFIX}index"),
            "segmentControl": "SEGMENTED_FILES", "segmentLength": 6, "segmentLengthControl": "GOP_MULTIPLE",
            "fragmentLength": 2, "minFinalSegmentLength": 0.0, "writeHlsManifest": "ENABLED",
            "writeDashManifest": "ENABLED", "manifestCompression": "NONE",
            "manifestDurationFormat": "FLOATING_POINT", "streamInfResolution": "INCLUDE",
            "codecSpecification": "RFC_6381", "writeSegmentTimelineInRepresentation": "ENABLED",
            "imageBasedTrickPlay": "ADVANCED",
            "imageBasedTrickPlaySettings": {
                "intervalCadence": "FOLLOW_CUSTOM", "thumbnailInterval": 1.0, "thumbnailWidth": 64,
                "thumbnailHeight": 36, "tileWidth": 2, "tileHeight": 2
            }
        }},
        "outputs": outputs
    })
}

/// The group without thumbnails, for inputs without video.
pub(crate) fn without_thumbnails(mut group: Value) -> Value {
    let settings = &mut group["outputGroupSettings"]["cmafGroupSettings"];
    settings["imageBasedTrickPlay"] = json!("NONE");
    settings.as_object_mut().unwrap().remove("imageBasedTrickPlaySettings");
    group
}

/// A file group.
pub(crate) fn files(stem: &str, outputs: &[Value]) -> Value {
    json!({
        "name": stem,
        "outputGroupSettings": { "type": "FILE_GROUP_SETTINGS",
            "fileGroupSettings": { "destination": format!("s3://{BUCKET}/{PREFIX}{stem}") } },
        "outputs": outputs
    })
}

/// A rung of the bitrate ladder in H.264.
pub(crate) fn rung(modifier: &str, size: (u32, u32)) -> Value {
    json!({
        "nameModifier": modifier,
        "containerSettings": { "container": "CMFC", "cmfcSettings": { "audioRenditionSets": "audio" } },
        "videoDescription": video(size, "H_264", &h26x("HIGH"))
    })
}

/// A rung of the bitrate ladder in HEVC.
pub(crate) fn hevc_rung(modifier: &str, size: (u32, u32)) -> Value {
    let mut rung = rung(modifier, size);
    rung["videoDescription"] = video(size, "H_265", &h26x("MAIN_MAIN"));
    rung
}

fn video(size: (u32, u32), codec: &str, settings: &Value) -> Value {
    let name = format!("{}Settings", codec.to_lowercase().replace('_', ""));
    json!({
        "width": size.0, "height": size.1, "scalingBehavior": "STRETCH_TO_OUTPUT",
        "codecSettings": { "codec": codec, name: settings }
    })
}

fn h26x(profile: &str) -> Value {
    json!({
        "rateControlMode": "QVBR", "qvbrSettings": { "qvbrQualityLevel": 6 }, "maxBitrate": 800_000,
        "qualityTuningLevel": "SINGLE_PASS", "codecProfile": profile, "codecLevel": "AUTO", "gopSize": 2.0,
        "gopSizeUnits": "SECONDS", "gopClosedCadence": 1, "sceneChangeDetect": "DISABLED",
        "interlaceMode": "PROGRESSIVE", "framerateControl": "INITIALIZE_FROM_SOURCE", "parControl": "SPECIFIED",
        "parNumerator": 1, "parDenominator": 1
    })
}

fn aac() -> Value {
    json!([{
        "audioSourceName": "Audio Selector 1",
        "codecSettings": { "codec": "AAC", "aacSettings": {
            "bitrate": 96_000, "codingMode": "CODING_MODE_2_0", "sampleRate": 48_000 } }
    }])
}

/// The audio rendition.
pub(crate) fn audio() -> Value {
    json!({
        "nameModifier": "_audio",
        "containerSettings": { "container": "CMFC", "cmfcSettings": {
            "audioGroupId": "audio", "audioTrackType": "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT" } },
        "audioDescriptions": aac()
    })
}

/// An MP4 file with or without audio.
pub(crate) fn movie(modifier: &str, size: (u32, u32), has_audio: bool) -> Value {
    let mut movie = rung(modifier, size);
    movie["containerSettings"] =
        json!({ "container": "MP4", "mp4Settings": { "moovPlacement": "PROGRESSIVE_DOWNLOAD" } });
    if has_audio {
        movie["audioDescriptions"] = aac();
    }
    movie
}

/// Posters: one every `seconds`, at most `max`.
pub(crate) fn posters(size: (u32, u32), seconds: u32, max: u32) -> Value {
    json!({
        "containerSettings": { "container": "RAW" },
        "videoDescription": {
            "width": size.0, "height": size.1, "scalingBehavior": "STRETCH_TO_OUTPUT",
            "codecSettings": { "codec": "FRAME_CAPTURE", "frameCaptureSettings": {
                "framerateNumerator": 1000, "framerateDenominator": seconds * 1000, "maxCaptures": max,
                "quality": 80 } }
        }
    })
}

/// One small MP4 without audio: the cheapest job.
pub(crate) fn small(input: &str) -> Value {
    job(input, &[files("video", &[movie("_96p", (128, 96), false)])])
}
