//! What jobs tell of themselves.

use local_media_convert::Manner;
use serde_json::json;

use super::clips::mp4;
use super::jobs::{PREFIX, adaptive, audio, files, job, movie, posters, rung, small};
use super::studio::{SetUp, Studio};
use crate::s3::server::BUCKET;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_tells_of_its_way_in_the_services_words() {
    let studio = Studio::start().await;
    let input = studio.put("clip.mp4", mp4("320x180", "25", 4.0)).await;
    let job = job(
        &input,
        &[
            adaptive(&[rung("_90p", (160, 90)), audio()]),
            files("video", &[movie("_90p", (160, 90), true)]),
            files("poster", &[posters((160, 90), 2, 2)]),
        ],
    );
    let done = studio.complete(&job).await;
    let id = done["id"].as_str().unwrap();
    let told = studio.told(id).await;
    assert_eq!((told[0].as_str(), told[1].as_str()), ("PROGRESSING", "INPUT_INFORMATION"), "{told:?}");
    assert_eq!(told.last().unwrap(), "COMPLETE", "{told:?}");

    let events = studio.events(id).await;
    for event in &events {
        assert_eq!(event["source"], "aws.mediaconvert");
        assert_eq!(event["detail-type"], "MediaConvert Job State Change");
        assert_eq!(event["resources"][0], done["arn"]);
        assert_eq!(event["detail"]["userMetadata"], json!({ "asset": "1", "claim": "c" }));
        assert!(event["detail"]["timestamp"].as_i64().unwrap() > 1_600_000_000_000);
    }
    let input = &events[1]["detail"]["inputDetails"][0];
    assert_eq!((&input["video"][0]["width"], &input["audio"][0]["channels"]), (&json!(320), &json!(1)));
    let groups = &events.last().unwrap()["detail"]["outputGroupDetails"];
    let at = |name: &str| json!(format!("s3://{BUCKET}/{PREFIX}{name}"));
    assert_eq!(groups[0]["type"], "CMAF_GROUP");
    assert_eq!(groups[0]["playlistFilePaths"], json!([at("index.m3u8"), at("index.mpd")]));
    assert_eq!(groups[0]["outputDetails"][0]["videoDetails"], json!({ "widthInPx": 160, "heightInPx": 90 }));
    assert_eq!(groups[1]["outputDetails"][0]["outputFilePaths"], json!([at("video_90p.mp4")]));
    assert_eq!(groups[1]["outputDetails"][0]["durationInMs"], 4000);
    assert_eq!(groups[2]["outputDetails"][0]["outputFilePaths"], json!([at("poster.0000001.jpg")]));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_twice_or_in_the_wrong_order_on_demand() {
    let clip = mp4("128x96", "25", 1.0);
    let twice = Studio::with(SetUp { manner: Manner::Repeated(2), ..SetUp::default() }).await;
    let input = twice.put("clip.mp4", clip.clone()).await;
    let id = twice.create(&small(&input)).await;
    twice.ended(&id).await;
    let events = twice.events(&id).await;
    assert!(events.len() >= 6 && events.chunks(2).all(|pair| pair[0] == pair[1]), "{events:?}");

    let reversed = Studio::with(SetUp { manner: Manner::Reversed, ..SetUp::default() }).await;
    let input = reversed.put("clip.mp4", clip).await;
    let id = reversed.create(&small(&input)).await;
    reversed.ended(&id).await;
    let told = reversed.told(&id).await;
    assert_eq!(
        (told.first().unwrap().as_str(), told.last().unwrap().as_str()),
        ("COMPLETE", "PROGRESSING"),
        "{told:?}"
    );
}
