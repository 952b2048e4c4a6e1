//! Processes that die on the way: no video is lost, and none becomes two jobs.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use serde_json::json;

use super::aws::{Operation, Trouble, job_id};
use super::bench::{Bench, KEY, delivery, is_done};
use super::videos::MP4;

#[tokio::test]
async fn who_dies_at_a_step_loses_and_doubles_nothing() {
    for (operation, trouble, searches) in [
        // After the claim, before anything was submitted.
        (Operation::Probe, Trouble::IsIgnored, 0),
        // Before `CreateJob` has an effect.
        (Operation::CreateJob, Trouble::IsIgnored, 1),
        // After it had its effect, before that is written down.
        (Operation::CreateJob, Trouble::IsNotAnswered, 1),
    ] {
        let bench = Bench::new().await;
        let event = bench.clip().await;
        bench.aws.trouble(operation, [trouble]);
        let trigger = bench.trigger();
        let dying = tokio::spawn({
            let (trigger, event) = (trigger.clone(), event.clone());
            async move { trigger.handle(&event).await }
        });
        bench.aws.stuck.notified().await;
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());

        // As long as it might be alive, nobody else begins.
        let redelivered = delivery(&event, 2);
        assert!(!is_done(&trigger, &redelivered).await, "{operation:?} {trouble:?}");
        bench.claims_go_stale();
        assert!(is_done(&trigger, &redelivered).await, "{operation:?} {trouble:?}");
        assert!(is_done(&trigger, &redelivered).await);
        assert_eq!(bench.aws.jobs(), 1, "{operation:?} {trouble:?}");
        assert_eq!(bench.aws.asked(Operation::SearchJobs), searches, "{operation:?} {trouble:?}");
        let status = bench.status().await;
        assert_eq!((&status["state"], &status["job"]), (&json!("transcoding"), &json!(job_id(0))));
    }
}

#[tokio::test]
async fn who_comes_back_from_the_dead_submits_nothing() {
    let bench = Bench::new().await;
    let event = bench.clip().await;
    // The first is held up at its probe for so long that the second takes over and submits.
    bench.aws.trouble(Operation::Probe, [Trouble::IsHeld]);
    let first = tokio::spawn({
        let (trigger, event) = (bench.trigger(), event.clone());
        async move { is_done(&trigger, &delivery(&event, 1)).await }
    });
    bench.aws.stuck.notified().await;
    bench.claims_go_stale();
    assert!(is_done(&bench.trigger(), &delivery(&event, 1)).await);
    assert_eq!(bench.aws.jobs(), 1);
    bench.aws.release.notify_one();
    assert!(!first.await.unwrap());
    assert_eq!((bench.aws.jobs(), bench.aws.asked(Operation::CreateJob)), (1, 1));
    assert_eq!(bench.status().await["state"], "transcoding");
}

/// A future that is left after it was polled so often, as a process is that was killed.
struct Killed<F> {
    future: Pin<Box<F>>,
    polls: usize,
}

impl<F: Future> Future for Killed<F> {
    type Output = bool;

    /// Whether it came to its end.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        if self.polls == 0 {
            return Poll::Ready(false);
        }
        self.polls -= 1;
        self.future.as_mut().poll(context).map(|_| true)
    }
}

#[tokio::test]
async fn a_death_at_any_moment_is_made_good_by_the_next_delivery() {
    let bench = Bench::new().await;
    // What was on its way when the process died may still arrive.
    bench.aws.known().remembers_tokens = true;
    let trigger = bench.trigger();
    let (mut polls, mut has_ended) = (1, false);
    while !has_ended {
        let key = format!("files/{polls}/clip.mp4");
        let event = bench.upload(&key, MP4, "01").await;
        has_ended = Killed { future: Box::pin(trigger.handle(&event)), polls }.await;
        bench.claims_go_stale();
        while !is_done(&trigger, &delivery(&event, 1)).await {
            bench.claims_go_stale();
        }
        let url = format!("s3://originals/{key}");
        let jobs = bench.aws.known().jobs.clone();
        let count = jobs.iter().filter(|job| job["settings"]["inputs"][0]["fileInput"] == url).count();
        assert_eq!(count, 1, "killed after {polls} polls");
        polls += 1;
    }
    // More than there are requests on the way.
    assert!(polls > 14, "{polls}");
}

#[tokio::test]
async fn the_job_s_own_event_makes_good_what_was_not_written_down() {
    let bench = Bench::new().await;
    let (event, trigger) = (bench.clip().await, bench.trigger());
    bench.aws.trouble(Operation::CreateJob, [Trouble::IsNotAnswered]);
    tokio::select! {
        _ = trigger.handle(&event) => panic!("it isn't answered"),
        () = bench.aws.stuck.notified() => {}
    }
    trigger.handle(&bench.complete(0, 1_000).await).await.unwrap();
    assert_eq!(bench.status().await["state"], "ready");
    // The claim knows its job now: no wait, no search, no other job.
    assert!(is_done(&trigger, &delivery(&event, 2)).await);
    assert_eq!((bench.aws.jobs(), bench.aws.asked(Operation::SearchJobs)), (1, 0));
    assert_eq!(bench.status().await["state"], "ready");
    assert_eq!(bench.status().await["source"]["key"], KEY);
}
