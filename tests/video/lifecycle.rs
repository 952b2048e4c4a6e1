//! Jobs over time: cancelation, the queue, restarts, a machine without ffmpeg.

use local_media_convert::Tools;
use serde_json::{Value, json};

use super::clips::{generate, mp4};
use super::endpoint::{Endpoint, Setup};
use super::jobs::{PREFIX, adaptive, files, job, movie, rung, small};
use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};

/// A clip that is generated fast and transcoded slowly.
fn slow_clip() -> Vec<u8> {
    generate(
        "slow.mp4",
        &["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=50:duration=20", "-c:v", "mpeg4", "-q:v", "10"],
    )
}

fn slow_job(input: &str) -> Value {
    let mut movie = movie("_720p", (1280, 720), false);
    movie["videoDescription"]["codecSettings"]["h264Settings"]["qualityTuningLevel"] = json!("MULTI_PASS_HQ");
    job(input, &[adaptive(&[rung("_180p", (320, 180))]), files("video", &[movie])])
}

fn has_progressed(job: &Value) -> bool {
    job["status"] == "PROGRESSING" && job["jobPercentComplete"].as_u64().is_some_and(|percent| percent > 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn canceling_a_job_ends_ffmpeg_and_leaves_no_manifest() {
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("slow.mp4", slow_clip()).await;
    let id = endpoint.create(&slow_job(&input)).await;
    endpoint.wait_for_job(&id, "progress", has_progressed).await;
    let answer = endpoint.send("DELETE", &format!("/jobs/{id}"), &Value::Null).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let ended = endpoint.wait_for_end(&id).await;
    assert_eq!(ended["status"], "CANCELED");
    assert_eq!(endpoint.event_statuses(&id).await.last().unwrap(), "CANCELED");
    assert_eq!(endpoint.keys(PREFIX).await, [""; 0]);
    assert_eq!(endpoint.run_folders(), 0, "the job's folder is gone");
    let again = endpoint.send("DELETE", &format!("/jobs/{id}"), &Value::Null).await;
    assert_eq!((again.status, again.error.as_str()), (409, "ConflictException"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_beyond_the_limit_wait_in_the_order_of_their_priority() {
    let endpoint = Endpoint::with(Setup { max_concurrent_jobs: 1, ..Setup::default() }).await;
    let input = endpoint.store_clip("slow.mp4", slow_clip()).await;
    let short = endpoint.store_clip("short.mp4", mp4("128x96", "25", 1.0)).await;
    let first = endpoint.create(&slow_job(&input)).await;
    endpoint.wait_for_job(&first, "progress", has_progressed).await;
    let second = endpoint.create(&small(&short)).await;
    let mut urgent = small(&short);
    urgent["priority"] = json!(10);
    let third = endpoint.create(&urgent).await;
    for id in [&second, &third] {
        assert_eq!(endpoint.job(id).await["status"], "SUBMITTED");
    }
    // A waiting job is canceled at once.
    let fourth = endpoint.create(&small(&short)).await;
    assert_eq!(endpoint.send("DELETE", &format!("/jobs/{fourth}"), &Value::Null).await.status, 202);
    assert_eq!(endpoint.event_statuses(&fourth).await, ["CANCELED"]);
    assert_eq!(endpoint.send("DELETE", &format!("/jobs/{first}"), &Value::Null).await.status, 202);
    let (second, third) = (endpoint.wait_for_end(&second).await, endpoint.wait_for_end(&third).await);
    let started = |job: &Value| job["timing"]["startTime"].as_i64().unwrap();
    assert!(started(&third) <= started(&second), "{third} {second}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_job_starts_again_and_publishes_its_end_once() {
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("slow.mp4", slow_clip()).await;
    let id = endpoint.create(&slow_job(&input)).await;
    endpoint.wait_for_job(&id, "progress", has_progressed).await;
    let endpoint = endpoint.restarted(Setup::default()).await;
    let job = endpoint.wait_for_end(&id).await;
    assert_eq!((&job["status"], &job["retryCount"]), (&json!("COMPLETE"), &json!(1)), "{job}");
    let statuses = endpoint.event_statuses(&id).await;
    assert_eq!(statuses.iter().filter(|status| *status == "COMPLETE").count(), 1, "{statuses:?}");
    assert!(endpoint.keys(PREFIX).await.contains(&format!("{PREFIX}index.m3u8")));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_ffmpeg_probes_and_jobs_fail_with_one_message() {
    let tools = Tools { ffmpeg: "/nowhere/ffmpeg".into(), ffprobe: "/nowhere/ffprobe".into() };
    let endpoint = Endpoint::with(Setup { tools, ..Setup::default() }).await;
    let input = endpoint.store_clip("clip.mp4", b"no matter what".to_vec()).await;
    let answer = endpoint.probe(&input).await;
    assert_eq!((answer.status, answer.error.as_str()), (400, "BadRequestException"), "{answer:?}");
    let sentence = answer.body["message"].as_str().unwrap();
    assert!(
        sentence.starts_with("ffmpeg isn't installed") && sentence.contains("apt-get install ffmpeg"),
        "{sentence}"
    );
    let id = endpoint.create(&small(&input)).await;
    let failed = endpoint.wait_for_end(&id).await;
    assert_eq!(failed["status"], "ERROR");
    assert!(failed["errorMessage"].as_str().unwrap().contains(sentence), "{failed}");
}

#[tokio::test]
async fn without_ffmpeg_images_still_work() {
    let tools = Tools { ffmpeg: "/nowhere/ffmpeg".into(), ffprobe: "/nowhere/ffprobe".into() };
    let stack = Running::with_tools(tools).await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(800, 600))).await;
    assert_eq!(stack.get(&format!("{photo}?w=640")).await.picture().dimensions(), (640, 480));
}
