use std::path::Path;

use serde_json::json;

use super::*;

fn event(status: &str, more: &Value) -> JobEvent {
    let mut detail = json!({
        "timestamp": 5, "jobId": "j", "status": status, "queue": "q",
        "userMetadata": {"asset": "a", "claim": "0123456789abcdef".repeat(4)},
    });
    detail.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    JobEvent::parse(&detail).unwrap()
}

#[test]
fn each_status_of_a_job_is_a_change() {
    let check = |status: &str, more: Value, expected: JobChange| {
        let event = event(status, &more);
        assert_eq!(event.change, expected, "{status}");
        assert_eq!((event.job.as_str(), event.at_ms), ("j", 5));
        assert!(event.claim.is_some());
    };
    check("PROGRESSING", json!({}), JobChange::Progress(None));
    let percent =
        |percent: f64| json!({"jobProgress": {"jobPercentComplete": percent, "currentPhase": "TRANSCODING"}});
    check("STATUS_UPDATE", percent(42.0), JobChange::Progress(Some(42)));
    check("STATUS_UPDATE", percent(100.5), JobChange::Progress(Some(100)));
    check("STATUS_UPDATE", percent(-1.0), JobChange::Progress(Some(0)));
    check("STATUS_UPDATE", json!({"jobProgress": {}}), JobChange::Progress(None));
    let error = json!({"errorCode": 1040, "errorMessage": "m"});
    check("ERROR", error, JobChange::Failed { code: 1040, message: "m".to_owned() });
    check("CANCELED", json!({}), JobChange::Canceled);
    check("COMPLETE", json!({}), JobChange::Complete(JobOutputs::default()));
    for other in ["INPUT_INFORMATION", "NEW_WARNING", "QUEUE_HOP", "SOMETHING_NEW"] {
        check(other, json!({}), JobChange::Other(other.to_owned()));
    }
}

#[test]
fn a_claim_that_is_not_a_hash_is_ignored() {
    let claim = |metadata: Value| event("CANCELED", &json!({"userMetadata": metadata})).claim;
    assert_eq!(claim(json!({})), None);
    assert_eq!(claim(json!(null)), None);
    assert_eq!(claim(json!({"claim": 1})), None);
    assert_eq!(claim(json!({"claim": "../files/a"})), None);
    assert_eq!(claim(json!({"claim": "A".repeat(64)})), None);
    assert_eq!(claim(json!({"claim": "a".repeat(64)})), Some("a".repeat(64)));
}

#[test]
fn an_event_without_job_or_status_is_an_error() {
    for detail in [json!(null), json!({}), json!({"jobId": "j"}), json!({"status": "COMPLETE", "jobId": 1})] {
        assert!(JobEvent::parse(&detail).is_err(), "{detail}");
    }
}

#[test]
fn extensions_tell_outputs_apart_and_frames_have_no_duration() {
    let groups = json!([
        {
            "playlistFilePaths": ["s3://b/v/index.mpd", "s3://b/v/index.m3u8"],
            "outputDetails": [
                {"durationInMs": 30_000, "videoDetails": {"widthInPx": 480, "heightInPx": 270, "qvbrAvgQuality": 7.4}},
                {"durationInMs": 30_030},
            ],
        },
        {"outputDetails": [{"outputFilePaths": ["s3://b/v/poster.0000003.JPG"], "durationInMs": 40_000}]},
        {"outputDetails": [{"outputFilePaths": ["s3://b/v/video.mp4"], "durationInMs": 29_000, "videoDetails": {"widthInPx": 1, "averageQVBRScore": 7}}]},
    ]);
    let JobChange::Complete(outputs) = event("COMPLETE", &json!({"outputGroupDetails": groups})).change
    else {
        panic!()
    };
    assert_eq!(outputs.playlists, ["s3://b/v/index.mpd", "s3://b/v/index.m3u8"]);
    assert_eq!(outputs.files, ["s3://b/v/poster.0000003.JPG", "s3://b/v/video.mp4"]);
    assert_eq!((outputs.duration_ms, outputs.adaptive_sizes), (Some(30_030), vec![(480, 270)]));
    assert_eq!(outputs.picture_ms, Some(30_000));
    let check = |path: &str, expected| assert_eq!(has_extension(path, "m3u8"), expected, "{path}");
    check("a.m3u8", true);
    check("a.b.M3U8", true);
    check("m3u8", false);
    check("a.m3u8/b", false);
}

#[test]
fn recorded_events_of_the_corpus_are_read() {
    let Some(corpus) = std::env::var_os("TINTYPE_CORPUS") else { return };
    let mut read = 0;
    for entry in std::fs::read_dir(Path::new(&corpus).join("mediaconvert_events")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(event) = serde_json::from_str::<Value>(&std::fs::read_to_string(&path).unwrap()) else {
            continue;
        };
        let Some(detail) = event.get("detail").filter(|detail| detail.get("status").is_some()) else {
            continue;
        };
        let event = JobEvent::parse(detail).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        assert_ne!(event.change, JobChange::Other(String::new()), "{path:?}");
        read += 1;
    }
    assert!(read >= 6, "{read}");
}
