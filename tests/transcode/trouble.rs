//! What can pass is tried again, what can't fails at once, and both end in a status.

use cdn_config::video::VideoPolicy;
use serde_json::{Value, json};

use super::aws::{Operation, Trouble};
use super::bench::{Bench, KEY, delivery, is_done};
use super::videos::{MP4, audio_only, probed};

#[tokio::test]
async fn a_mediaconvert_that_is_busy_is_asked_again() {
    for trouble in [
        Trouble::Fails(429, "TooManyRequestsException"),
        Trouble::Fails(500, "InternalServerErrorException"),
        Trouble::Fails(409, "ConflictException"),
        Trouble::Fails(503, "ServiceUnavailable"),
    ] {
        for operation in [Operation::Probe, Operation::CreateJob] {
            let bench = Bench::new().await;
            let (event, trigger) = (bench.clip().await, bench.trigger());
            bench.aws.trouble(operation, [trouble, trouble]);
            assert!(!is_done(&trigger, &delivery(&event, 1)).await, "{operation:?} {trouble:?}");
            assert!(!is_done(&trigger, &delivery(&event, 2)).await, "{operation:?} {trouble:?}");
            assert!(is_done(&trigger, &delivery(&event, 3)).await, "{operation:?} {trouble:?}");
            assert_eq!(bench.aws.jobs(), 1);
            assert_eq!(bench.status().await["state"], "transcoding");
        }
    }
}

#[tokio::test]
async fn a_mediaconvert_that_stays_down_is_given_up_and_a_redelivery_begins_anew() {
    let bench = Bench::new().await;
    let (event, trigger) = (bench.clip().await, bench.trigger());
    bench.aws.trouble(Operation::CreateJob, [Trouble::Fails(429, "TooManyRequestsException"); 3]);
    bench.aws.trouble(Operation::CreateJob, [Trouble::Fails(500, "InternalServerErrorException"); 2]);
    for receives in 1..5 {
        assert!(!is_done(&trigger, &delivery(&event, receives)).await);
        assert_eq!(bench.status().await["state"], "probing", "{receives}");
    }
    // The last delivery fails as well: SQS moves the message to the dead letters.
    assert!(!is_done(&trigger, &delivery(&event, 5)).await);
    let status = bench.status().await;
    assert_eq!((&status["state"], &status["error"]["code"]), (&json!("failed"), &json!("gave-up")));
    assert!(
        status["error"]["message"].as_str().unwrap().contains("InternalServerErrorException"),
        "{status}"
    );
    assert_eq!(told(&bench), ["Media Failed"]);

    // Put back from there by hand, when MediaConvert is well again.
    assert!(is_done(&trigger, &delivery(&event, 1)).await);
    assert_eq!(bench.status().await["state"], "transcoding");
    trigger.handle(&bench.complete(0, 900_000).await).await.unwrap();
    assert_eq!(bench.status().await["state"], "ready");
    assert_eq!(
        (bench.aws.jobs(), told(&bench)),
        (1, vec!["Media Failed".to_owned(), "Media Ready".to_owned()])
    );
}

fn told(bench: &Bench) -> Vec<String> {
    let known = bench.aws.known();
    known.told.iter().map(|entry| entry["DetailType"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_can_never_be_transcoded_fails_at_once_with_its_reason() {
    let check = async |change: &dyn Fn(&Bench, &mut VideoPolicy), code: &str, message: &str| {
        let bench = Bench::new().await;
        let mut policy = VideoPolicy::default();
        change(&bench, &mut policy);
        let event = bench.clip().await;
        let trigger = bench.trigger_with(policy);
        assert!(is_done(&trigger, &delivery(&event, 1)).await, "{code}");
        let status = bench.status().await;
        assert_eq!(
            (&status["state"], &status["error"]["code"]),
            (&json!("failed"), &json!(code)),
            "{status}"
        );
        assert!(status["error"]["message"].as_str().unwrap().contains(message), "{status}");
        assert_eq!((bench.aws.jobs(), told(&bench)), (0, vec!["Media Failed".to_owned()]), "{code}");
        // And stays so.
        assert!(is_done(&trigger, &delivery(&event, 2)).await);
        assert_eq!((bench.status().await, told(&bench).len()), (status, 1));
    };
    let probe = |bench: &Bench, result: Value| {
        bench.aws.known().probes.insert(KEY.to_owned(), json!({"probeResults": [result]}));
    };
    let bad = Trouble::Fails(400, "BadRequestException");
    check(
        &|bench, _| bench.aws.trouble(Operation::CreateJob, [bad]),
        "refused",
        "BadRequestException on demand",
    )
    .await;
    let forbidden = Trouble::Fails(403, "ForbiddenException");
    check(&|bench, _| bench.aws.trouble(Operation::CreateJob, [forbidden]), "refused", "ForbiddenException")
        .await;
    check(&|bench, _| bench.aws.trouble(Operation::Probe, [bad]), "unreadable", "BadRequestException").await;
    let malformed = Trouble::Fails(422, "UnprocessableEntityException");
    check(&|bench, _| bench.aws.trouble(Operation::Probe, [malformed]), "unreadable", "Unprocessable").await;
    check(&|bench, _| probe(bench, json!({})), "unreadable", "of no kind that MediaConvert reads").await;
    check(&|bench, _| probe(bench, audio_only()), "no-video", "no video track").await;
    check(&|bench, _| probe(bench, probed(1920, 16, 0, true)), "too-small", "1920×16").await;
    check(&|_, policy| policy.max_cents = 1, "too-expensive", "about 0.04 US dollars").await;
    check(
        &|bench, policy| {
            policy.max_minutes = 1;
            let mut long = probed(1920, 1080, 0, true);
            long["container"]["duration"] = json!(60.1);
            probe(bench, long);
        },
        "too-long",
        "2 minutes long; at most 1",
    )
    .await;
}

#[tokio::test]
async fn a_job_that_fails_or_is_canceled_says_so() {
    let check = async |status: &str, more: Value, expected: &str, message: Option<&str>| {
        let bench = Bench::new().await;
        let trigger = bench.trigger();
        trigger.handle(&bench.clip().await).await.unwrap();
        trigger.handle(&bench.event(0, status, 1_000, &more)).await.unwrap();
        let told_of = bench.status().await;
        assert_eq!((&told_of["state"], told_of["error"]["message"].as_str()), (&json!(expected), message));
        assert_eq!(told(&bench), ["Media Failed"]);
        // What MediaConvert said before, and comes late.
        trigger
            .handle(&bench.event(
                0,
                "STATUS_UPDATE",
                500,
                &json!({"jobProgress": {"jobPercentComplete": 99}}),
            ))
            .await
            .unwrap();
        assert_eq!(bench.status().await, told_of);
    };
    let error = json!({"errorCode": 1040, "errorMessage": "Example error message"});
    check("ERROR", error, "failed", Some("1040: Example error message")).await;
    check("CANCELED", json!({}), "canceled", None).await;
}

#[tokio::test]
async fn an_application_that_can_t_be_told_is_told_later() {
    let bench = Bench::new().await;
    let trigger = bench.trigger();
    trigger.handle(&bench.clip().await).await.unwrap();
    let complete = delivery(&bench.complete(0, 1_000).await, 1);
    bench.aws.trouble(Operation::PutEvents, [Trouble::Fails(500, "InternalException")]);
    assert!(!is_done(&trigger, &complete).await);
    assert_eq!(bench.status().await["state"], "ready");
    assert!(is_done(&trigger, &complete).await);
    assert!(is_done(&trigger, &complete).await);
    assert_eq!(told(&bench), ["Media Ready"]);
}

#[tokio::test]
async fn events_of_other_jobs_change_nothing() {
    let bench = Bench::new().await;
    let trigger = bench.trigger();
    trigger.handle(&bench.clip().await).await.unwrap();
    let status = bench.status().await;
    let mut stranger = bench.event(0, "ERROR", 1_000, &json!({"errorCode": 1, "errorMessage": "?"}));
    let mut check = async |pointer: &str, value: Value| {
        *stranger.pointer_mut(pointer).unwrap() = value;
        assert!(is_done(&trigger, &delivery(&stranger, 1)).await, "{pointer}");
        assert_eq!(bench.status().await, status, "{pointer}");
    };
    check("/detail/jobId", json!("another")).await;
    check("/detail/userMetadata/claim", json!("0".repeat(64))).await;
    check("/detail/userMetadata/claim", json!("../files/1")).await;
    check("/detail/userMetadata", json!({})).await;
    assert_eq!(bench.s3.get(KEY).await, MP4);
}
