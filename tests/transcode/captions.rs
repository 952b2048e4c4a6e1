//! Captions that the metadata of a video names: their part of the job, and the reasons for which they are refused.

use serde_json::{Value, json};

use super::fixture::{Fixture, KEY};
use super::jobs::reports;
use super::probe_results::MP4;
use crate::s3::server::BUCKET;

const CAPTIONS: &str = "files/0190163d-8694-739b-aea5-966c26f8ad92/en.vtt";
const WEB_VTT: &[u8] = b"WEBVTT\n\n00:01.000 --> 00:04.000\nHello\n";

/// Stores the clip with an entry of metadata and tags, and handles the event of its state.
async fn handle_clip(fixture: &Fixture, entry: &str, key: &str, tags: &str) {
    let put = fixture.s3.client.put_object().bucket(BUCKET).key(KEY).metadata(entry, key).tagging(tags);
    put.body(MP4.to_vec().into()).send().await.unwrap();
    let event = json!({
        "version": "0", "detail-type": "Object Tags Added", "source": "aws.s3", "time": "2026-01-01T00:00:00Z",
        "detail": {"bucket": {"name": BUCKET}, "object": {"key": KEY}},
    });
    fixture.trigger().handle(&event).await.unwrap();
}

#[tokio::test]
async fn the_job_of_a_video_with_captions_has_a_selector_and_an_output_for_them() {
    let fixture = Fixture::new().await;
    fixture.upload(CAPTIONS, WEB_VTT, "1").await;
    handle_clip(&fixture, "captions-pt-br", CAPTIONS, "state=clean").await;
    let status = fixture.status().await;
    assert_eq!(status["source"]["captions"], json!({ "pt-br": CAPTIONS }), "{status}");
    let job = fixture.aws.state().jobs.remove(0);
    assert_eq!(
        job["settings"]["inputs"][0]["captionSelectors"],
        json!({ "Captions Selector pt-br": { "sourceSettings": {
            "sourceType": "WEBVTT", "fileSourceSettings": { "sourceFile": format!("s3://{BUCKET}/{CAPTIONS}") },
        }}})
    );
    let outputs = job["settings"]["outputGroups"][0]["outputs"].as_array().unwrap();
    assert_eq!(
        outputs.last().unwrap(),
        &json!({
            "nameModifier": "_captions_pt-br",
            "containerSettings": { "container": "CMFC" },
            "captionDescriptions": [{
                "captionSelectorName": "Captions Selector pt-br",
                "customLanguageCode": "pt-br",
                "languageDescription": "pt-br",
                "destinationSettings": {
                    "destinationType": "WEBVTT", "webvttDestinationSettings": { "stylePassthrough": "STRICT" },
                },
            }],
        })
    );
    assert_eq!(reports(&[job]), [""]);
}

#[tokio::test]
async fn captions_that_cannot_be_used_fail_their_video_with_a_sentence_before_a_job_is_paid() {
    let check = async |entry: &str, captions: (&[u8], &str), key: &str, clip_tags: &str, expected: &str| {
        let fixture = Fixture::new().await;
        fixture.upload_in_state(CAPTIONS, captions.0, "1", captions.1).await;
        handle_clip(&fixture, entry, key, clip_tags).await;
        let status: Value = fixture.status().await;
        assert_eq!(
            (&status["state"], &status["error"]["code"]),
            (&json!("failed"), &json!("captions")),
            "{status}"
        );
        let message = status["error"]["message"].as_str().unwrap();
        assert!(message.contains(expected), "{message}");
        assert_eq!(fixture.aws.jobs(), 0, "{expected}");
    };
    let clean = "state=clean";
    let bad = b"WEBVTT\n\n00:00:01,000 --> 00:00:04,000\nHello\n";
    let large = [WEB_VTT, &vec![b'\n'; 1 << 20]].concat();
    check("captions-en", (bad, clean), CAPTIONS, clean, "aren't WebVTT: line 3 isn't the times of a cue")
        .await;
    check("captions-en", (b"1\n", clean), CAPTIONS, clean, "the first line isn't WEBVTT").await;
    check("captions-en", (&large, clean), CAPTIONS, clean, "have more than 1048576 bytes").await;
    check("captions-en", (WEB_VTT, "state=pending"), CAPTIONS, clean, "upload the file first").await;
    check(
        "captions-en",
        (WEB_VTT, clean),
        "files/0/other.vtt",
        clean,
        "there are no captions 'files/0/other.vtt'",
    )
    .await;
    check("captions-en", (WEB_VTT, "state=clean&owner=b"), CAPTIONS, "state=clean&owner=a", "by its owner")
        .await;
    check("captions-english", (WEB_VTT, clean), CAPTIONS, clean, "doesn't name a language").await;
}
