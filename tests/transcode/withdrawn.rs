//! Videos that are removed, withdrawn or replaced: what a job writes afterwards is removed too.

use serde_json::json;

use super::aws::job_id;
use super::fixture::{Fixture, KEY, delivery, handles};
use super::probe_results::MP4;
use crate::support::limited_polls::LimitedPolls;
use crate::support::wait;

#[tokio::test]
async fn a_job_that_ends_after_the_removal_of_its_video_leaves_no_file() {
    for state in [None, Some("refused"), Some("pending")] {
        for end in ["COMPLETE", "ERROR", "CANCELED"] {
            let fixture = Fixture::new().await;
            let trigger = fixture.trigger();
            trigger.handle(&fixture.clip().await).await.unwrap();
            match state {
                None => fixture.remove_clip().await,
                Some(state) => drop(fixture.tag(state).await),
            }
            let mut ended = fixture.complete(0, 3_000).await;
            ended["detail"]["status"] = json!(end);
            // The events of a job arrive repeatedly and in any order.
            let progress = fixture.event(0, "STATUS_UPDATE", 2_000, &json!({}));
            for event in [&progress, &ended, &progress, &ended] {
                trigger.handle(event).await.unwrap();
                assert_eq!(fixture.files().await, [""; 0], "{state:?} {end}");
                fixture.complete(0, 3_000).await;
            }
            trigger.handle(&ended).await.unwrap();
            assert_eq!(fixture.files().await, [""; 0], "{state:?} {end}");
            assert_eq!(fixture.aws.state().events.len(), 0, "no event is sent about a removed video");
        }
    }
}

#[tokio::test]
async fn the_job_of_a_replaced_version_leaves_the_files_of_the_new_one() {
    let fixture = Fixture::new().await;
    let trigger = fixture.trigger();
    trigger.handle(&fixture.upload(KEY, MP4, "0001").await).await.unwrap();
    trigger.handle(&fixture.upload(KEY, &[MP4, b"another"].concat(), "0002").await).await.unwrap();
    let (old, new) = (fixture.complete(0, 9_000).await, fixture.complete(1, 8_000).await);
    for event in [&new, &old, &new, &old] {
        trigger.handle(event).await.unwrap();
    }
    let status = fixture.status().await;
    assert_eq!((&status["state"], &status["job"]), (&json!("ready"), &json!(job_id(1))));
    let (old, new) = (fixture.folder(0), fixture.folder(1));
    let files = fixture.files().await;
    assert!(!files.iter().any(|key| key.starts_with(&old)), "{files:?}");
    assert!(files.contains(&format!("{new}index.m3u8")), "{files:?}");
    assert!(files.iter().any(|key| key.ends_with("/poster.jpg")), "{files:?}");
}

#[tokio::test]
async fn a_video_that_is_clean_again_is_transcoded_again() {
    let fixture = Fixture::new().await;
    // MediaConvert returns the earlier job for its token.
    fixture.aws.state().remembers_tokens = true;
    let (event, trigger) = (fixture.clip().await, fixture.trigger());
    trigger.handle(&event).await.unwrap();
    let complete = fixture.complete(0, 1_000).await;
    trigger.handle(&complete).await.unwrap();
    assert_eq!(fixture.status().await["state"], "ready");
    // The upkeep removes the files.
    trigger.handle(&fixture.tag("refused").await).await.unwrap();
    for key in fixture.files().await {
        fixture.s3.client.delete_object().bucket("originals").key(key).send().await.unwrap();
    }
    let clean = fixture.tag("clean").await;
    trigger.handle(&clean).await.unwrap();
    let status = fixture.status().await;
    assert_eq!((&status["state"], &status["job"]), (&json!("transcoding"), &json!(job_id(1))));
    // The end of the former job counts no more, and repeated events start no third job.
    for event in [&complete, &clean, &event] {
        trigger.handle(event).await.unwrap();
    }
    assert_eq!((fixture.aws.jobs(), &fixture.status().await["state"]), (2, &json!("transcoding")));
    trigger.handle(&fixture.complete(1, 2_000).await).await.unwrap();
    trigger.handle(&clean).await.unwrap();
    assert_eq!((fixture.aws.jobs(), &fixture.status().await["state"]), (2, &json!("ready")));
}

#[tokio::test]
async fn a_process_that_is_killed_while_it_removes_files_is_repeated() {
    let (mut polls, mut has_ended) = (1, false);
    let fixture = Fixture::new().await;
    let trigger = fixture.trigger();
    trigger.handle(&fixture.clip().await).await.unwrap();
    fixture.remove_clip().await;
    while !has_ended {
        let complete = fixture.complete(0, 1_000).await;
        has_ended = wait::within("the handler", LimitedPolls::new(trigger.handle(&complete), polls)).await;
        assert!(handles(&trigger, &delivery(&complete, 2)).await);
        assert_eq!(fixture.files().await, [""; 0], "killed after {polls} polls");
        polls += 1;
    }
    assert!(polls > 5, "{polls}");
}
