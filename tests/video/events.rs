//! The events of jobs.

use local_media_convert::EventDelivery;
use serde_json::json;

use super::clips::mp4;
use super::endpoint::{Endpoint, Setup};
use super::jobs::{PREFIX, adaptive, audio, files, job, movie, posters, rung, small};
use crate::s3::server::BUCKET;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_publishes_the_events_of_mediaconvert() {
    let endpoint = Endpoint::start().await;
    let input = endpoint.store_clip("clip.mp4", mp4("320x180", "25", 4.0)).await;
    let job = job(
        &input,
        &[
            adaptive(&[rung("_90p", (160, 90)), audio()]),
            files("video", &[movie("_90p", (160, 90), true)]),
            files("poster", &[posters((160, 90), 2, 2)]),
        ],
    );
    let done = endpoint.run_job(&job).await;
    let id = done["id"].as_str().unwrap();
    let statuses = endpoint.event_statuses(id).await;
    // Updates come at intervals, whatever the job does: on a slow machine also before its input is probed.
    let changes: Vec<&str> =
        statuses.iter().map(String::as_str).filter(|status| *status != "STATUS_UPDATE").collect();
    assert_eq!(changes, ["PROGRESSING", "INPUT_INFORMATION", "COMPLETE"], "{statuses:?}");
    assert_eq!((statuses[0].as_str(), statuses.last().unwrap().as_str()), ("PROGRESSING", "COMPLETE"));

    let events = endpoint.events(id).await;
    for event in &events {
        assert_eq!(event["source"], "aws.mediaconvert");
        assert_eq!(event["detail-type"], "MediaConvert Job State Change");
        assert_eq!(event["resources"][0], done["arn"]);
        assert_eq!(event["detail"]["userMetadata"], json!({ "asset": "1", "claim": "c" }));
        assert!(event["detail"]["timestamp"].as_i64().unwrap() > 1_600_000_000_000);
    }
    let input = events.iter().find(|event| event["detail"]["status"] == "INPUT_INFORMATION").unwrap();
    let input = &input["detail"]["inputDetails"][0];
    assert_eq!((&input["video"][0]["width"], &input["audio"][0]["channels"]), (&json!(320), &json!(1)));
    let groups = &events.last().unwrap()["detail"]["outputGroupDetails"];
    let at = |name: &str| json!(format!("s3://{BUCKET}/{PREFIX}{name}"));
    assert_eq!(groups[0]["type"], "CMAF_GROUP");
    assert_eq!(groups[0]["playlistFilePaths"], json!([at("index.m3u8"), at("index.mpd")]));
    assert_eq!(groups[0]["outputDetails"][0]["videoDetails"], json!({ "widthInPx": 160, "heightInPx": 90 }));
    assert_eq!(groups[1]["outputDetails"][0]["outputFilePaths"], json!([at("video_90p.mp4")]));
    // The last frame of sound is whole.
    let milliseconds = groups[1]["outputDetails"][0]["durationInMs"].as_u64().unwrap();
    assert!((4_000..4_050).contains(&milliseconds), "{groups}");
    assert_eq!(groups[2]["outputDetails"][0]["outputFilePaths"], json!([at("poster.0000001.jpg")]));
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_can_repeat_or_reverse_events() {
    let clip = mp4("128x96", "25", 1.0);
    let twice =
        Endpoint::with(Setup { event_delivery: EventDelivery::Repeated(2), ..Setup::default() }).await;
    let input = twice.store_clip("clip.mp4", clip.clone()).await;
    let id = twice.create(&small(&input)).await;
    twice.wait_for_end(&id).await;
    let events = twice.events(&id).await;
    assert!(events.len() >= 6 && events.chunks(2).all(|pair| pair[0] == pair[1]), "{events:?}");

    let reversed =
        Endpoint::with(Setup { event_delivery: EventDelivery::Reversed, ..Setup::default() }).await;
    let input = reversed.store_clip("clip.mp4", clip).await;
    let id = reversed.create(&small(&input)).await;
    reversed.wait_for_end(&id).await;
    let statuses = reversed.event_statuses(&id).await;
    assert_eq!(
        (statuses.first().unwrap().as_str(), statuses.last().unwrap().as_str()),
        ("COMPLETE", "PROGRESSING"),
        "{statuses:?}"
    );
}
