//! One job for every version of a video, also if its events arrive repeatedly and in any order.

use futures::future::join_all;
use serde_json::{Value, json};

use super::aws::{Operation, job_id};
use super::fixture::{Fixture, ID, KEY, delivery, handles};
use super::probe_results::MP4;
use crate::support::wait;

#[tokio::test]
async fn an_upload_becomes_a_job_whose_end_makes_the_status_playable() {
    let fixture = Fixture::new().await;
    let (event, trigger) = (fixture.clip().await, fixture.trigger());
    assert!(trigger.handle(&event).await.is_ok());
    let status = fixture.status().await;
    assert_eq!(
        (&status["state"], &status["percent"], &status["job"]),
        (&json!("transcoding"), &json!(0), &json!(job_id(0)))
    );
    assert_eq!(status["source"]["width"], 1920);
    assert_eq!(status["cost"], json!({"currency": "USD", "estimate": 0.0375, "outputMinutes": 3.5}));
    assert_eq!(status["renditions"].as_array().unwrap().len(), 5);

    let progress = json!({"jobProgress": {"jobPercentComplete": 42}});
    trigger.handle(&fixture.event(0, "STATUS_UPDATE", 2_000, &progress)).await.unwrap();
    trigger.handle(&fixture.event(0, "PROGRESSING", 1_000, &json!({}))).await.unwrap();
    assert_eq!(fixture.status().await["percent"], 42);

    let complete = fixture.complete(0, 3_000).await;
    trigger.handle(&complete).await.unwrap();
    let status = fixture.status().await;
    let folder = fixture.folder(0);
    assert_eq!((&status["state"], &status["percent"]), (&json!("ready"), &json!(100)));
    assert_eq!(
        status["playback"],
        json!({
            "hls": format!("/{folder}index.m3u8"),
            "dash": format!("/{folder}index.mpd"),
            "mp4": format!("/{folder}video_720p.mp4"),
            "poster": format!("/videos/{ID}/poster.jpg"),
            "posters": [format!("/{folder}poster.0000000.jpg"), format!("/{folder}poster.0000001.jpg")],
            "tiles": format!("/{folder}tiles.vtt"),
        })
    );
    assert_eq!(status["durationSeconds"], 30.03);
    assert_eq!(status["warnings"], json!([{"code": 230_001, "count": 1}]));
    assert_eq!(fixture.s3.get(&format!("videos/{ID}/poster.jpg")).await, b"poster.0000001.jpg of job 0");
    let tiles = String::from_utf8(fixture.s3.get(&format!("{folder}tiles.vtt")).await).unwrap();
    assert!(
        tiles.starts_with("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nindex_thumb_0.jpg#xywh=0,0,160,90\n"),
        "{tiles}"
    );

    // The application gets one event, and late events change nothing.
    trigger.handle(&complete).await.unwrap();
    trigger.handle(&fixture.event(0, "STATUS_UPDATE", 4_000, &json!({}))).await.unwrap();
    trigger.handle(&event).await.unwrap();
    assert_eq!(fixture.status().await, status);
    let events = fixture.aws.state().events.clone();
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!((&events[0]["Source"], &events[0]["DetailType"]), (&json!("tintype"), &json!("Media Ready")));
    let detail: Value = serde_json::from_str(events[0]["Detail"].as_str().unwrap()).unwrap();
    assert_eq!(detail, status);
}

#[tokio::test]
async fn ten_concurrent_events_in_two_processes_make_one_job() {
    let fixture = Fixture::new().await;
    let event = fixture.clip().await;
    let triggers = [fixture.trigger(), fixture.trigger()];
    let delivery = delivery(&event, 1);
    // SQS delivers a message again until it is handled.
    let deliver = async |number: usize| {
        let trigger = &triggers[number % 2];
        wait::until("a delivery that is handled", async || handles(trigger, &delivery).await).await;
    };
    join_all((0..10).map(deliver)).await;
    assert_eq!(fixture.aws.jobs(), 1);
    assert_eq!(fixture.status().await["state"], "transcoding");
}

#[tokio::test]
async fn repeated_and_reordered_events_of_a_job_have_the_same_end() {
    let fixture = Fixture::new().await;
    let trigger = fixture.trigger();
    trigger.handle(&fixture.clip().await).await.unwrap();
    let at = |percent: u32| json!({"jobProgress": {"jobPercentComplete": percent}});
    let events = [
        fixture.event(0, "PROGRESSING", 1_000, &json!({})),
        fixture.event(0, "STATUS_UPDATE", 2_000, &at(30)),
        fixture.event(0, "INPUT_INFORMATION", 2_500, &json!({})),
        fixture.event(0, "STATUS_UPDATE", 3_000, &at(60)),
        fixture.complete(0, 4_000).await,
    ];
    // Orders of the events that change the status, each with a repetition.
    for order in [[4, 0, 3, 4], [1, 4, 0, 1], [3, 1, 0, 4], [0, 4, 4, 3], [2, 3, 1, 4]] {
        let mut last = (0, 0);
        for number in order {
            trigger.handle(&events[number]).await.unwrap();
            let status = fixture.status().await;
            let rank = ["queued", "probing", "transcoding", "ready"]
                .iter()
                .position(|state| status["state"] == *state);
            let now = (rank.unwrap(), status["percent"].as_u64().unwrap());
            assert!(now >= last, "{order:?}: {now:?} after {last:?}");
            last = now;
        }
        assert_eq!(last, (3, 100), "{order:?}");
    }
    assert_eq!(fixture.aws.state().events.len(), 1);
}

#[tokio::test]
async fn a_new_version_makes_a_job_and_a_repeated_event_makes_none() {
    let fixture = Fixture::new().await;
    let trigger = fixture.trigger();
    let other = [MP4, b"another"].concat();
    let first = fixture.upload(KEY, MP4, "0001").await;
    trigger.handle(&first).await.unwrap();
    let second = fixture.upload(KEY, &other, "0002").await;
    trigger.handle(&second).await.unwrap();
    assert_eq!(fixture.aws.jobs(), 2);
    for event in [&first, &second, &first] {
        trigger.handle(event).await.unwrap();
    }
    assert_eq!(fixture.aws.jobs(), 2);
    assert_ne!(fixture.folder(0), fixture.folder(1));

    // The status is that of the newer video, also if the older job ends first.
    let (old, new) = (fixture.complete(0, 9_000).await, fixture.complete(1, 8_000).await);
    trigger.handle(&new).await.unwrap();
    let status = fixture.status().await;
    assert_eq!((&status["state"], &status["job"]), (&json!("ready"), &json!(job_id(1))));
    trigger.handle(&old).await.unwrap();
    assert_eq!(fixture.status().await, status);
    assert_eq!(fixture.s3.get(&format!("videos/{ID}/poster.jpg")).await, b"poster.0000001.jpg of job 1");

    // Another upload of the first content is another version.
    let mut again = fixture.upload(KEY, MP4, "0003").await;
    trigger.handle(&again).await.unwrap();
    assert_eq!((fixture.aws.jobs(), &fixture.status().await["job"]), (3, &json!(job_id(2))));
    trigger.handle(&first).await.unwrap();
    assert_eq!((fixture.aws.jobs(), &fixture.status().await["job"]), (3, &json!(job_id(2))));

    // An event without the version stands for the current object.
    for member in ["sequencer", "version-id"] {
        again["detail"]["object"].as_object_mut().unwrap().remove(member);
        trigger.handle(&again).await.unwrap();
    }
    assert_eq!(fixture.aws.jobs(), 3);
}

#[tokio::test]
async fn a_change_of_the_ladder_makes_a_new_job_and_a_change_of_prices_does_not() {
    let fixture = Fixture::new().await;
    let event = fixture.clip().await;
    let mut policy = cdn_config::video::VideoPolicy::default();
    fixture.trigger_with(policy.clone()).handle(&event).await.unwrap();
    policy.prices.basic_microdollars += 1;
    fixture.trigger_with(policy.clone()).handle(&event).await.unwrap();
    assert_eq!(fixture.aws.jobs(), 1);
    policy.rungs.truncate(2);
    fixture.trigger_with(policy).handle(&event).await.unwrap();
    assert_eq!(fixture.aws.jobs(), 2);
}

#[tokio::test]
async fn objects_that_are_not_clean_videos_are_ignored() {
    let fixture = Fixture::new().await;
    let trigger = fixture.trigger();
    let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0".as_slice();
    for (key, bytes, tags) in [
        ("files/1/photo.mp4", jpeg, "state=clean"),
        ("files/1/empty.mp4", b"", "state=clean"),
        ("files/1/text.mp4", b"not a video", "state=clean"),
        ("files/1/pending.mp4", MP4, "state=pending"),
        ("files/1/refused.mp4", MP4, "state=refused"),
        ("files/1/unchecked.mp4", MP4, ""),
        ("private/1/pending.mp4", MP4, "state=pending"),
        ("videos/1/video_720p.mp4", MP4, "state=clean"),
        ("private-videos/1/video_720p.mp4", MP4, "state=clean"),
        ("claims/1.mp4", MP4, "state=clean"),
    ] {
        let event = fixture.upload_in_state(key, bytes, "01", tags).await;
        assert!(handles(&trigger, &delivery(&event, 1)).await, "{key}");
    }
    let gone = fixture.upload("files/1/gone.mp4", MP4, "01").await;
    fixture.s3.client.delete_object().bucket("originals").key("files/1/gone.mp4").send().await.unwrap();
    assert!(handles(&trigger, &delivery(&gone, 1)).await);
    assert_eq!(fixture.aws.requests(Operation::Probe), 0);
    let written: Vec<_> = fixture.s3.keys().await.into_iter().filter(|key| key.contains(".json")).collect();
    assert!(written.is_empty(), "{written:?}");
    // The name of a file does not matter.
    for key in
        ["files/1/clip.Mp4", "files/1/clip", "files/1/clip.jpg", "files/1/ü +%.mov", "private/1/clip.mp4"]
    {
        let event = fixture.upload(key, MP4, "01").await;
        trigger.handle(&event).await.unwrap();
    }
    assert_eq!(fixture.aws.jobs(), 5);
}

#[tokio::test]
async fn an_upload_becomes_a_job_when_it_is_tagged_clean() {
    let fixture = Fixture::new().await;
    let trigger = fixture.trigger();
    let created = fixture.upload_in_state(KEY, MP4, "01", "state=pending").await;
    trigger.handle(&created).await.unwrap();
    assert_eq!(fixture.aws.jobs(), 0);
    // A second write with the tag has the effect of tagging the object.
    fixture.upload(KEY, MP4, "01").await;
    let mut tagged = created.clone();
    tagged["detail-type"] = json!("Object Tags Added");
    tagged["detail"]["object"] = json!({"key": KEY, "etag": created["detail"]["object"]["etag"]});
    trigger.handle(&tagged).await.unwrap();
    trigger.handle(&tagged).await.unwrap();
    assert_eq!(fixture.aws.jobs(), 1);
}

#[tokio::test]
async fn only_the_bad_record_of_a_batch_fails() {
    let fixture = Fixture::new().await;
    let trigger = fixture.trigger();
    let (a, b) = (
        fixture.upload("files/1/a.mp4", MP4, "01").await,
        fixture.upload("files/1/b c.mp4", MP4, "01").await,
    );
    // The second object as an S3 notification, whose key is form-encoded.
    let object = json!({"key": "files/1/b+c.mp4", "size": 5, "eTag": b["detail"]["object"]["etag"], "sequencer": "01"});
    let record = json!({
        "eventSource": "aws:s3", "eventTime": "2026-01-01T00:00:00.000Z", "eventName": "ObjectCreated:Put",
        "userIdentity": {}, "requestParameters": {}, "s3": {"bucket": {"name": "originals"}, "object": object},
    });
    let mut elsewhere = a.clone();
    elsewhere["detail"]["bucket"]["name"] = json!("other");
    let message = |id: &str, body: &str| json!({"eventSource": "aws:sqs", "messageId": id, "body": body});
    let batch = json!({"Records": [
        message("bad", "{"),
        message("a", &a.to_string()),
        message("elsewhere", &elsewhere.to_string()),
        message("test", r#"{"Event": "s3:TestEvent"}"#),
        message("job", r#"{"source": "aws.mediaconvert", "detail-type": "MediaConvert Job State Change", "detail": {"jobId": "1", "status": "COMPLETE"}}"#),
        message("bad job", r#"{"source": "aws.mediaconvert", "detail-type": "MediaConvert Job State Change", "detail": {}}"#),
        message("b", &json!({"Records": [record]}).to_string()),
    ]});
    let response = serde_json::to_value(trigger.handle(&batch).await.unwrap()).unwrap();
    let failed: Vec<_> = response["batchItemFailures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["itemIdentifier"])
        .collect();
    assert_eq!(failed, ["bad", "elsewhere", "bad job"]);
    assert_eq!(fixture.aws.jobs(), 2);
}
