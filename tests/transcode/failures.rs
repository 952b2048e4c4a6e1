//! Failures: temporary errors are retried, permanent errors fail at once, and both end in a status.

use std::time::Duration;

use cdn_config::video::VideoPolicy;
use serde_json::{Value, json};

use super::aws::{Fault, Operation};
use super::fixture::{Fixture, KEY, delivery, handles};
use super::probe_results::{MP4, probe_result, without_tracks};

#[tokio::test]
async fn temporary_errors_of_mediaconvert_are_retried() {
    for fault in [
        Fault::Status(429, "TooManyRequestsException"),
        Fault::Status(500, "InternalServerErrorException"),
        Fault::Status(409, "ConflictException"),
        Fault::Status(503, "ServiceUnavailable"),
    ] {
        for operation in [Operation::Probe, Operation::CreateJob] {
            let fixture = Fixture::new().await;
            let (event, trigger) = (fixture.clip().await, fixture.trigger());
            fixture.aws.inject(operation, [fault, fault]);
            assert!(!handles(&trigger, &delivery(&event, 1)).await, "{operation:?} {fault:?}");
            assert!(!handles(&trigger, &delivery(&event, 2)).await, "{operation:?} {fault:?}");
            assert!(handles(&trigger, &delivery(&event, 3)).await, "{operation:?} {fault:?}");
            assert_eq!(fixture.aws.jobs(), 1);
            assert_eq!(fixture.status().await["state"], "transcoding");
        }
    }
}

#[tokio::test]
async fn the_last_delivery_fails_the_video_and_a_redrive_starts_again() {
    let fixture = Fixture::new().await;
    let (event, trigger) = (fixture.clip().await, fixture.trigger());
    fixture.aws.inject(Operation::CreateJob, [Fault::Status(429, "TooManyRequestsException"); 3]);
    fixture.aws.inject(Operation::CreateJob, [Fault::Status(500, "InternalServerErrorException"); 2]);
    for receives in 1..5 {
        assert!(!handles(&trigger, &delivery(&event, receives)).await);
        assert_eq!(fixture.status().await["state"], "probing", "{receives}");
    }
    // The last delivery fails too: SQS moves the message to the dead-letter queue.
    assert!(!handles(&trigger, &delivery(&event, 5)).await);
    let status = fixture.status().await;
    assert_eq!((&status["state"], &status["error"]["code"]), (&json!("failed"), &json!("gave-up")));
    assert!(
        status["error"]["message"].as_str().unwrap().contains("InternalServerErrorException"),
        "{status}"
    );
    assert_eq!(published(&fixture), ["Media Failed"]);

    // An operator moves the message back when MediaConvert works again.
    assert!(handles(&trigger, &delivery(&event, 1)).await);
    assert_eq!(fixture.status().await["state"], "transcoding");
    trigger.handle(&fixture.complete(0, 900_000).await).await.unwrap();
    assert_eq!(fixture.status().await["state"], "ready");
    assert_eq!(
        (fixture.aws.jobs(), published(&fixture)),
        (1, vec!["Media Failed".to_owned(), "Media Ready".to_owned()])
    );
}

#[tokio::test]
async fn a_video_whose_probe_stalls_at_the_last_delivery_fails_with_a_reason() {
    let mut fixture = Fixture::new().await;
    fixture.timeouts.operation = Some(Duration::from_millis(50));
    let (event, trigger) = (fixture.clip().await, fixture.trigger());
    fixture.aws.inject(Operation::Probe, [Fault::NoEffect; 2]);
    assert!(!handles(&trigger, &delivery(&event, 4)).await);
    assert_eq!(fixture.status().await["state"], "probing");
    assert!(!handles(&trigger, &delivery(&event, 5)).await);
    let status = fixture.status().await;
    assert_eq!((&status["state"], &status["error"]["code"]), (&json!("failed"), &json!("gave-up")));
    assert!(status["error"]["message"].as_str().unwrap().contains("Probe"), "{status}");
    assert_eq!(published(&fixture), ["Media Failed"]);
}

/// The detail types of the events for the application.
fn published(fixture: &Fixture) -> Vec<String> {
    let state = fixture.aws.state();
    state.events.iter().map(|entry| entry["DetailType"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn permanent_errors_fail_at_once_with_their_reason() {
    let check = async |change: &dyn Fn(&Fixture, &mut VideoPolicy), code: &str, message: &str| {
        let fixture = Fixture::new().await;
        let mut policy = VideoPolicy::default();
        change(&fixture, &mut policy);
        let event = fixture.clip().await;
        let trigger = fixture.trigger_with(policy);
        assert!(handles(&trigger, &delivery(&event, 1)).await, "{code}");
        let status = fixture.status().await;
        assert_eq!(
            (&status["state"], &status["error"]["code"]),
            (&json!("failed"), &json!(code)),
            "{status}"
        );
        assert!(status["error"]["message"].as_str().unwrap().contains(message), "{status}");
        assert_eq!((fixture.aws.jobs(), published(&fixture)), (0, vec!["Media Failed".to_owned()]), "{code}");
        // A redelivery changes nothing.
        assert!(handles(&trigger, &delivery(&event, 2)).await);
        assert_eq!((fixture.status().await, published(&fixture).len()), (status, 1));
    };
    let set_probe = |fixture: &Fixture, result: Value| {
        fixture.aws.state().probes.insert(KEY.to_owned(), json!({"probeResults": [result]}));
    };
    let bad = Fault::Status(400, "BadRequestException");
    check(
        &|fixture, _| fixture.aws.inject(Operation::CreateJob, [bad]),
        "refused",
        "BadRequestException on demand",
    )
    .await;
    let forbidden = Fault::Status(403, "ForbiddenException");
    check(
        &|fixture, _| fixture.aws.inject(Operation::CreateJob, [forbidden]),
        "refused",
        "ForbiddenException",
    )
    .await;
    check(&|fixture, _| fixture.aws.inject(Operation::Probe, [bad]), "unreadable", "BadRequestException")
        .await;
    let malformed = Fault::Status(422, "UnprocessableEntityException");
    check(&|fixture, _| fixture.aws.inject(Operation::Probe, [malformed]), "unreadable", "Unprocessable")
        .await;
    check(
        &|fixture, _| set_probe(fixture, json!({})),
        "unreadable",
        "MediaConvert can't read files of this kind",
    )
    .await;
    check(&|fixture, _| set_probe(fixture, without_tracks()), "no-tracks", "neither video nor sound").await;
    check(&|fixture, _| set_probe(fixture, probe_result(1920, 16, 0, true)), "too-small", "1920×16").await;
    check(&|_, policy| policy.max_cents = 1, "too-expensive", "about 0.04 US dollars").await;
    check(
        &|fixture, policy| {
            policy.max_minutes = 1;
            let mut long = probe_result(1920, 1080, 0, true);
            long["container"]["duration"] = json!(60.1);
            set_probe(fixture, long);
        },
        "too-long",
        "2 minutes long; at most 1",
    )
    .await;
}

#[tokio::test]
async fn the_status_reports_a_failed_or_canceled_job() {
    let check = async |status: &str, extra: Value, expected: &str, message: Option<&str>| {
        let fixture = Fixture::new().await;
        let trigger = fixture.trigger();
        trigger.handle(&fixture.clip().await).await.unwrap();
        trigger.handle(&fixture.event(0, status, 1_000, &extra)).await.unwrap();
        let final_status = fixture.status().await;
        assert_eq!(
            (&final_status["state"], final_status["error"]["message"].as_str()),
            (&json!(expected), message)
        );
        assert_eq!(published(&fixture), ["Media Failed"]);
        // An earlier event that arrives late changes nothing.
        trigger
            .handle(&fixture.event(
                0,
                "STATUS_UPDATE",
                500,
                &json!({"jobProgress": {"jobPercentComplete": 99}}),
            ))
            .await
            .unwrap();
        assert_eq!(fixture.status().await, final_status);
    };
    let error = json!({"errorCode": 1040, "errorMessage": "Example error message"});
    check("ERROR", error, "failed", Some("1040: Example error message")).await;
    check("CANCELED", json!({}), "canceled", None).await;
}

#[tokio::test]
async fn an_event_for_the_application_that_fails_is_sent_with_the_next_delivery() {
    let fixture = Fixture::new().await;
    let trigger = fixture.trigger();
    trigger.handle(&fixture.clip().await).await.unwrap();
    let complete = delivery(&fixture.complete(0, 1_000).await, 1);
    fixture.aws.inject(Operation::PutEvents, [Fault::Status(500, "InternalException")]);
    assert!(!handles(&trigger, &complete).await);
    assert_eq!(fixture.status().await["state"], "ready");
    assert!(handles(&trigger, &complete).await);
    assert!(handles(&trigger, &complete).await);
    assert_eq!(published(&fixture), ["Media Ready"]);
}

#[tokio::test]
async fn events_of_other_jobs_change_nothing() {
    let fixture = Fixture::new().await;
    let trigger = fixture.trigger();
    trigger.handle(&fixture.clip().await).await.unwrap();
    let status = fixture.status().await;
    let mut event = fixture.event(0, "ERROR", 1_000, &json!({"errorCode": 1, "errorMessage": "?"}));
    let mut check = async |pointer: &str, value: Value| {
        *event.pointer_mut(pointer).unwrap() = value;
        assert!(handles(&trigger, &delivery(&event, 1)).await, "{pointer}");
        assert_eq!(fixture.status().await, status, "{pointer}");
    };
    check("/detail/jobId", json!("another")).await;
    check("/detail/userMetadata/claim", json!("0".repeat(64))).await;
    check("/detail/userMetadata/claim", json!("../files/1")).await;
    check("/detail/userMetadata", json!({})).await;
    assert_eq!(fixture.s3.get(KEY).await, MP4);
}
