use serde_json::{Value, json};

/// A job of the kind that the trigger creates: two rungs and audio, an MP4, posters, thumbnails.
pub(super) fn job() -> Value {
    let h264 = |max: u32| {
        json!({ "codec": "H_264", "h264Settings": {
            "rateControlMode": "QVBR", "qvbrSettings": { "qvbrQualityLevel": 7 }, "maxBitrate": max,
            "qualityTuningLevel": "SINGLE_PASS_HQ", "codecProfile": "HIGH", "codecLevel": "AUTO",
            "gopSize": 2.0, "gopSizeUnits": "SECONDS", "gopClosedCadence": 1, "sceneChangeDetect": "DISABLED",
            "framerateControl": "INITIALIZE_FROM_SOURCE", "parControl": "SPECIFIED", "parNumerator": 1,
            "parDenominator": 1
        }})
    };
    let audio = json!([{ "audioSourceName": "Audio Selector 1", "codecSettings": {
        "codec": "AAC", "aacSettings": { "bitrate": 128_000, "codingMode": "CODING_MODE_2_0", "sampleRate": 48_000 }
    }}]);
    let rung = |name: &str, width: u32, height: u32, max: u32| {
        json!({
            "nameModifier": name,
            "containerSettings": { "container": "CMFC", "cmfcSettings": { "audioRenditionSets": "audio" } },
            "videoDescription": { "width": width, "height": height, "codecSettings": h264(max) }
        })
    };
    let mut movie = rung("_360p", 640, 360, 900_000);
    movie["containerSettings"] = json!({ "container": "MP4" });
    movie["audioDescriptions"] = audio.clone();
    json!({
        "role": "arn:aws:iam::000000000000:role/transcode",
        "settings": {
            "inputs": [{
                "fileInput": "s3://originals/files/1/clip.mov",
                "videoSelector": { "rotate": "AUTO" },
                "audioSelectors": { "Audio Selector 1": { "defaultSelection": "DEFAULT" } }
            }],
            "outputGroups": [
                {
                    "outputGroupSettings": { "type": "CMAF_GROUP_SETTINGS", "cmafGroupSettings": {
                        "destination": "s3://originals/videos/1/index", "segmentLength": 6, "fragmentLength": 2,
                        "imageBasedTrickPlay": "ADVANCED", "imageBasedTrickPlaySettings": {
                            "intervalCadence": "FOLLOW_CUSTOM", "thumbnailInterval": 1.0, "thumbnailWidth": 160,
                            "thumbnailHeight": 90, "tileWidth": 10, "tileHeight": 10
                        }
                    }},
                    "outputs": [
                        rung("_270p", 480, 270, 400_000),
                        rung("_360p", 640, 360, 900_000),
                        { "nameModifier": "_audio", "containerSettings": { "container": "CMFC" },
                          "audioDescriptions": audio }
                    ]
                },
                {
                    "outputGroupSettings": { "type": "FILE_GROUP_SETTINGS", "fileGroupSettings": {
                        "destination": "s3://originals/videos/1/video" } },
                    "outputs": [movie]
                },
                {
                    "outputGroupSettings": { "type": "FILE_GROUP_SETTINGS", "fileGroupSettings": {
                        "destination": "s3://originals/videos/1/poster" } },
                    "outputs": [{
                        "containerSettings": { "container": "RAW" },
                        "videoDescription": { "width": 1920, "height": 1080, "codecSettings": {
                            "codec": "FRAME_CAPTURE", "frameCaptureSettings": {
                                "framerateNumerator": 1000, "framerateDenominator": 7500, "maxCaptures": 4,
                                "quality": 80
                            }
                        }}
                    }]
                }
            ]
        }
    })
}
