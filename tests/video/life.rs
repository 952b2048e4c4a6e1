//! The life of jobs: canceled, waiting, started again, without ffmpeg.

use local_media_convert::Tools;
use serde_json::{Value, json};

use super::clips::{make, mp4};
use super::jobs::{PREFIX, adaptive, files, job, movie, rung, small};
use super::studio::{SetUp, Studio};
use crate::support::Running;
use crate::support::pictures::{jpeg, quarters};

/// A clip that is quickly made and takes its time to be transcoded.
fn slow_clip() -> Vec<u8> {
    make(
        "slow.mp4",
        &["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=50:duration=20", "-c:v", "mpeg4", "-q:v", "10"],
    )
}

fn slow(input: &str) -> Value {
    let mut movie = movie("_720p", (1280, 720), false);
    movie["videoDescription"]["codecSettings"]["h264Settings"]["qualityTuningLevel"] = json!("MULTI_PASS_HQ");
    job(input, &[adaptive(&[rung("_180p", (320, 180))]), files("video", &[movie])])
}

fn is_under_way(job: &Value) -> bool {
    job["status"] == "PROGRESSING" && job["jobPercentComplete"].as_u64().is_some_and(|percent| percent > 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canceled_job_ends_its_program_and_leaves_no_manifest() {
    let studio = Studio::start().await;
    let input = studio.put("slow.mp4", slow_clip()).await;
    let id = studio.create(&slow(&input)).await;
    studio.until(&id, is_under_way).await;
    let answer = studio.ask("DELETE", &format!("/jobs/{id}"), &Value::Null).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let ended = studio.ended(&id).await;
    assert_eq!(ended["status"], "CANCELED");
    assert_eq!(studio.told(&id).await.last().unwrap(), "CANCELED");
    assert_eq!(studio.keys(PREFIX).await, [""; 0]);
    assert_eq!(studio.work(), 0, "the job's folder is gone");
    let again = studio.ask("DELETE", &format!("/jobs/{id}"), &Value::Null).await;
    assert_eq!((again.status, again.error.as_str()), (409, "ConflictException"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_jobs_run_as_may_and_the_others_wait_by_priority() {
    let studio = Studio::with(SetUp { jobs_at_once: 1, ..SetUp::default() }).await;
    let input = studio.put("slow.mp4", slow_clip()).await;
    let short = studio.put("short.mp4", mp4("128x96", "25", 1.0)).await;
    let first = studio.create(&slow(&input)).await;
    studio.until(&first, is_under_way).await;
    let second = studio.create(&small(&short)).await;
    let mut urgent = small(&short);
    urgent["priority"] = json!(10);
    let third = studio.create(&urgent).await;
    for id in [&second, &third] {
        assert_eq!(studio.job(id).await["status"], "SUBMITTED");
    }
    // One that waits is canceled at once.
    let fourth = studio.create(&small(&short)).await;
    assert_eq!(studio.ask("DELETE", &format!("/jobs/{fourth}"), &Value::Null).await.status, 202);
    assert_eq!(studio.told(&fourth).await, ["CANCELED"]);
    assert_eq!(studio.ask("DELETE", &format!("/jobs/{first}"), &Value::Null).await.status, 202);
    let (second, third) = (studio.ended(&second).await, studio.ended(&third).await);
    let started = |job: &Value| job["timing"]["startTime"].as_i64().unwrap();
    assert!(started(&third) <= started(&second), "{third} {second}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_cut_off_starts_again_and_is_told_once() {
    let studio = Studio::start().await;
    let input = studio.put("slow.mp4", slow_clip()).await;
    let id = studio.create(&slow(&input)).await;
    studio.until(&id, is_under_way).await;
    let studio = studio.restarted(SetUp::default()).await;
    let job = studio.ended(&id).await;
    assert_eq!((&job["status"], &job["retryCount"]), (&json!("COMPLETE"), &json!(1)), "{job}");
    let told = studio.told(&id).await;
    assert_eq!(told.iter().filter(|status| *status == "COMPLETE").count(), 1, "{told:?}");
    assert!(studio.keys(PREFIX).await.contains(&format!("{PREFIX}index.m3u8")));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_ffmpeg_one_sentence_says_so() {
    let tools = Tools { ffmpeg: "/nowhere/ffmpeg".into(), ffprobe: "/nowhere/ffprobe".into() };
    let studio = Studio::with(SetUp { tools, ..SetUp::default() }).await;
    let input = studio.put("clip.mp4", b"no matter what".to_vec()).await;
    let answer = studio.probe(&input).await;
    assert_eq!((answer.status, answer.error.as_str()), (400, "BadRequestException"), "{answer:?}");
    let sentence = answer.body["message"].as_str().unwrap();
    assert!(
        sentence.starts_with("ffmpeg isn't installed") && sentence.contains("apt-get install ffmpeg"),
        "{sentence}"
    );
    let id = studio.create(&small(&input)).await;
    let failed = studio.ended(&id).await;
    assert_eq!(failed["status"], "ERROR");
    assert!(failed["errorMessage"].as_str().unwrap().contains(sentence), "{failed}");
}

#[tokio::test]
async fn without_ffmpeg_images_work_all_the_same() {
    let tools = Tools { ffmpeg: "/nowhere/ffmpeg".into(), ffprobe: "/nowhere/ffprobe".into() };
    let stack = Running::with_tools(tools).await;
    let photo = stack.upload("photo.jpg", "image/jpeg", &jpeg(&quarters(800, 600))).await;
    assert_eq!(stack.get(&format!("{photo}?w=640")).await.picture().dimensions(), (640, 480));
}
