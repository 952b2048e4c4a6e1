//! The body of `CreateJob`, as the SDK sends it, equals the documented one and conforms to AWS's published model of the
//! service. The tests need a Python with botocore: the one that `TINTYPE_PYTHON` names, by default `python3`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use cdn_config::video::{AutomatedAbr, Rung, VideoCodec, VideoPolicy};
use serde_json::{Value, json};

use super::fixture::{Fixture, KEY};
use super::probe_results::{audio_only, full_hd, phone, probe_result, two_microphones};

/// The body of `CreateJob` for a video with this probe result.
async fn job(probe_result: Value, policy: VideoPolicy) -> Value {
    let fixture = Fixture::new().await;
    fixture.aws.state().probes.insert(KEY.to_owned(), json!({"probeResults": [probe_result]}));
    fixture.trigger_with(policy).handle(&fixture.clip().await).await.unwrap();
    fixture.aws.state().jobs.remove(0)
}

#[tokio::test]
async fn the_job_equals_the_documented_one() {
    let mut documented: Value = serde_json::from_str(include_str!("../../docs/video-job.json")).unwrap();
    let sent = job(full_hd(), VideoPolicy::default()).await;
    // The members that depend on the bucket and on the content of the clip.
    let claim = sent["clientRequestToken"].as_str().unwrap();
    let text = documented.to_string().replace("tintype-originals", "originals");
    documented = serde_json::from_str(
        &text.replace(&"5b0c6bdc".repeat(8), claim).replace("5b0c6bdc5b0c6bdc", &claim[..16]),
    )
    .unwrap();
    documented["userMetadata"]["version"] = sent["userMetadata"]["version"].clone();
    assert_eq!(sent, documented, "{}", serde_json::to_string_pretty(&sent).unwrap());
}

#[tokio::test]
async fn every_kind_of_job_conforms_to_the_model_of_aws() {
    let hevc =
        |short_side, max_bitrate| Rung { short_side, codec: VideoCodec::Hevc, quality: 8, max_bitrate };
    let mut large = VideoPolicy::default();
    large.rungs.extend([hevc(1440, 10_000_000), hevc(2160, 18_000_000)]);
    let abr = AutomatedAbr { max_renditions: 6, max_bitrate: 8_000_000, min_bitrate: 600_000 };
    let automated = VideoPolicy { automated_abr: Some(abr), ..VideoPolicy::default() };
    let bare = VideoPolicy { mp4_short_side: 0, ..VideoPolicy::default() };
    let mut jobs = Vec::new();
    for (probe_result, policy) in [
        (full_hd(), VideoPolicy::default()),
        (probe_result(180, 320, 0, false), VideoPolicy::default()),
        (probe_result(33, 4096, 0, true), VideoPolicy::default()),
        (phone(), large),
        (full_hd(), automated),
        (full_hd(), bare),
        (two_microphones(), VideoPolicy::default()),
        (audio_only(), VideoPolicy::default()),
    ] {
        jobs.push(job(probe_result, policy).await);
    }
    let silent = jobs[1].to_string();
    assert!(!silent.to_lowercase().contains("audio"), "{silent}");
    let hdr = jobs[3].to_string();
    for part in ["_2160p_hevc", r#""height":3840"#, r#""framerateNumerator":60,"#, "FORCE_709", "HVC1"] {
        assert!(hdr.contains(part), "{part}: {hdr}");
    }
    assert_eq!(jobs[4]["settings"]["outputGroups"][0]["outputs"].as_array().unwrap().len(), 2);
    assert_eq!(jobs[5]["settings"]["outputGroups"].as_array().unwrap().len(), 2);
    let tracks =
        |job: &Value| job["settings"]["inputs"][0]["audioSelectors"]["Audio Selector 1"]["tracks"].clone();
    assert_eq!((tracks(&jobs[6]), tracks(&jobs[0])), (json!([1, 2]), Value::Null));
    let sound = jobs[7].to_string();
    assert!(!sound.contains("videoDescription") && !sound.contains("videoSelector"), "{sound}");
    assert_eq!(jobs[7]["settings"]["outputGroups"][1]["outputs"][0]["extension"], "m4a");
    assert_eq!(reports(&jobs), vec![String::new(); jobs.len()]);
}

#[test]
fn the_model_reports_unknown_members_and_wrong_values() {
    let mut jobs: Vec<Value> =
        vec![serde_json::from_str(include_str!("../../docs/video-job.json")).unwrap(); 4];
    jobs[0]["settings"]["outputGroups"][0]["outputs"][0]["videoDescription"]["widht"] = json!(1);
    jobs[1]["settings"]["outputGroups"][0]["outputs"][0]["videoDescription"]["width"] = json!(16);
    jobs[2]["settings"]["inputs"][0]["videoSelector"]["rotate"] = json!("SOMEHOW");
    jobs[3]["userMetadata"] = json!("text");
    let reports = reports(&jobs);
    for (report, expected) in reports.iter().zip(["widht", "16", "SOMEHOW", "UserMetadata"]) {
        assert!(report.contains(expected), "{expected}: {report}");
    }
}

/// The errors that botocore's model reports for each job; empty for a valid job.
pub(super) fn reports(jobs: &[Value]) -> Vec<String> {
    let python = std::env::var("TINTYPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut child = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/create_job_model.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("TINTYPE_PYTHON names a Python with botocore");
    child.stdin.take().unwrap().write_all(&serde_json::to_vec(jobs).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}
