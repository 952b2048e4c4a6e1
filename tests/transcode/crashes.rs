//! Processes that end early: no video is lost, and none becomes two jobs.

use serde_json::json;

use super::aws::{Fault, Operation, job_id};
use super::fixture::{Fixture, KEY, delivery, handles};
use super::probe_results::MP4;
use crate::support::limited_polls::LimitedPolls;
use crate::support::wait;

#[tokio::test]
async fn a_process_that_ends_at_any_step_leaves_one_job() {
    for (operation, fault, searches) in [
        // After the claim, before anything was submitted.
        (Operation::Probe, Fault::NoEffect, 0),
        // Before `CreateJob` has its effect.
        (Operation::CreateJob, Fault::NoEffect, 1),
        // After `CreateJob` had its effect, before the claim has the job's id.
        (Operation::CreateJob, Fault::NoAnswer, 1),
    ] {
        let fixture = Fixture::new().await;
        let event = fixture.clip().await;
        fixture.aws.inject(operation, [fault]);
        let trigger = fixture.trigger();
        let process = tokio::spawn({
            let (trigger, event) = (trigger.clone(), event.clone());
            async move { trigger.handle(&event).await }
        });
        fixture.aws.wait_for_stall().await;
        process.abort();
        assert!(process.await.unwrap_err().is_cancelled());

        // Until the claim is stale, the first process may still be running, so no other process starts.
        let redelivered = delivery(&event, 2);
        assert!(!handles(&trigger, &redelivered).await, "{operation:?} {fault:?}");
        fixture.expire_claims();
        assert!(handles(&trigger, &redelivered).await, "{operation:?} {fault:?}");
        assert!(handles(&trigger, &redelivered).await);
        assert_eq!(fixture.aws.jobs(), 1, "{operation:?} {fault:?}");
        assert_eq!(fixture.aws.requests(Operation::SearchJobs), searches, "{operation:?} {fault:?}");
        let status = fixture.status().await;
        assert_eq!((&status["state"], &status["job"]), (&json!("transcoding"), &json!(job_id(0))));
    }
}

#[tokio::test]
async fn a_process_whose_claim_went_stale_submits_nothing() {
    let fixture = Fixture::new().await;
    let event = fixture.clip().await;
    // The first process waits for its probe until the second takes over and submits the job.
    fixture.aws.inject(Operation::Probe, [Fault::Delay]);
    let first = tokio::spawn({
        let (trigger, event) = (fixture.trigger(), event.clone());
        async move { handles(&trigger, &delivery(&event, 1)).await }
    });
    fixture.aws.wait_for_stall().await;
    fixture.expire_claims();
    assert!(handles(&fixture.trigger(), &delivery(&event, 1)).await);
    assert_eq!(fixture.aws.jobs(), 1);
    fixture.aws.release.notify_one();
    assert!(!wait::within("the first process", first).await.unwrap());
    assert_eq!((fixture.aws.jobs(), fixture.aws.requests(Operation::CreateJob)), (1, 1));
    assert_eq!(fixture.status().await["state"], "transcoding");
}

#[tokio::test]
async fn the_next_delivery_recovers_from_a_kill_at_any_poll() {
    let fixture = Fixture::new().await;
    // A request of the killed process may still arrive.
    fixture.aws.state().remembers_tokens = true;
    let trigger = fixture.trigger();
    let (mut polls, mut has_ended) = (1, false);
    while !has_ended {
        let key = format!("files/{polls}/clip.mp4");
        let event = fixture.upload(&key, MP4, "01").await;
        let limited = LimitedPolls::new(trigger.handle(&event), polls);
        has_ended = wait::within("the handler", limited).await;
        fixture.expire_claims();
        wait::until("a delivery that is handled", async || {
            let is_handled = handles(&trigger, &delivery(&event, 1)).await;
            if !is_handled {
                fixture.expire_claims();
            }
            is_handled
        })
        .await;
        let url = format!("s3://originals/{key}");
        let jobs = fixture.aws.state().jobs.clone();
        let count = jobs.iter().filter(|job| job["settings"]["inputs"][0]["fileInput"] == url).count();
        assert_eq!(count, 1, "killed after {polls} polls");
        polls += 1;
    }
    // More polls than the handler has requests.
    assert!(polls > 14, "{polls}");
}

#[tokio::test]
async fn the_event_of_a_job_completes_a_claim_without_the_job_id() {
    let fixture = Fixture::new().await;
    let (event, trigger) = (fixture.clip().await, fixture.trigger());
    fixture.aws.inject(Operation::CreateJob, [Fault::NoAnswer]);
    tokio::select! {
        _ = trigger.handle(&event) => panic!("CreateJob has no answer"),
        () = fixture.aws.wait_for_stall() => {}
    }
    trigger.handle(&fixture.complete(0, 1_000).await).await.unwrap();
    assert_eq!(fixture.status().await["state"], "ready");
    // The claim now has the id of its job, so the trigger doesn't wait, doesn't search and creates no second job.
    assert!(handles(&trigger, &delivery(&event, 2)).await);
    assert_eq!((fixture.aws.jobs(), fixture.aws.requests(Operation::SearchJobs)), (1, 0));
    assert_eq!(fixture.status().await["state"], "ready");
    assert_eq!(fixture.status().await["source"]["key"], KEY);
}
