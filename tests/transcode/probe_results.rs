//! Answers of MediaConvert's `Probe`.

use serde_json::{Value, json};

/// The first bytes of an MP4. The trigger itself reads no more.
pub(crate) const MP4: &[u8] = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41";

/// 30 seconds of 1920×1080 with audio.
pub(crate) fn full_hd() -> Value {
    probe_result(1920, 1080, 0, true)
}

/// 30 seconds of video of a size in pixels and a rotation in degrees.
pub(crate) fn probe_result(width: u32, height: u32, rotation: i32, has_audio: bool) -> Value {
    let mut tracks = vec![json!({
        "index": 1, "trackType": "video", "codec": "AVC", "duration": 30.0,
        "videoProperties": {
            "width": width, "height": height, "rotation": rotation,
            "frameRate": {"numerator": 30000, "denominator": 1001},
        },
    })];
    if has_audio {
        tracks.push(audio());
    }
    json!({"container": {"format": "mp4", "duration": 30.0, "tracks": tracks}})
}

pub(crate) fn audio() -> Value {
    json!({
        "index": 2, "trackType": "audio", "codec": "AAC", "duration": 30.0,
        "audioProperties": {"channels": 2, "sampleRate": 48000},
    })
}

/// A camera's recording with a mono track for each microphone.
pub(crate) fn two_microphones() -> Value {
    let mut result = probe_result(1920, 1080, 0, false);
    for index in [2, 3] {
        let mut track = audio();
        track["index"] = json!(index);
        track["audioProperties"]["channels"] = json!(1);
        result["container"]["tracks"].as_array_mut().unwrap().push(track);
    }
    result
}

pub(crate) fn audio_only() -> Value {
    json!({"container": {"format": "mp4", "duration": 30.0, "tracks": [audio()]}})
}

/// A file with a container and no track of video or sound.
pub(crate) fn without_tracks() -> Value {
    let data = json!({"index": 1, "trackType": "data"});
    json!({"container": {"format": "mp4", "duration": 30.0, "tracks": [data]}})
}

/// A phone's recording: 4K, 120 frames per second, rotated, HLG.
pub(crate) fn phone() -> Value {
    let mut result = probe_result(3840, 2160, 90, true);
    let video = &mut result["container"]["tracks"][0];
    video["codec"] = json!("HEVC");
    video["videoProperties"]["frameRate"] = json!({"numerator": 120, "denominator": 1});
    video["videoProperties"]["transferCharacteristics"] = json!("ARIB_B67");
    result
}
