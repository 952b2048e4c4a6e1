//! The trigger with its own S3, simulated AWS services, and a clock that the test sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_s3::types::{Tag, Tagging};
use bucket::{S3Config, Transport};
use cdn_config::video::VideoPolicy;
use serde_json::{Value, json};
use service::wire::Timeouts;
use transcode_trigger::edge::clock::Clock;
use transcode_trigger::edge::store::Store;
use transcode_trigger::edge::submit::{SubmitConfig, Submitter, TIMEOUTS};
use transcode_trigger::edge::trigger::Trigger;
use transcode_trigger::inputs::Inputs;

use super::aws::Aws;
use super::probe_results::MP4;
use crate::s3::server::{ACCESS_KEY_ID, BUCKET, REGION, SECRET, Server};

/// The beginning of 2026.
pub(crate) const START_MS: i64 = 1_767_225_600_000;

/// The duration of a claim.
pub(crate) const CLAIM_TIME: Duration = Duration::from_mins(3);

/// The id of the upload that most tests use, and its key.
pub(crate) const ID: &str = "0190163d-8694-739b-aea5-966c26f8ad91";
pub(crate) const KEY: &str = "files/0190163d-8694-739b-aea5-966c26f8ad91/clip.mp4";

pub(crate) struct Fixture {
    pub(crate) s3: Server,
    pub(crate) aws: Aws,
    /// The time limits of the trigger's calls.
    pub(crate) timeouts: Timeouts,
    now_ms: Arc<AtomicI64>,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let (s3, aws) = (Server::start().await, Aws::start().await);
        Self { s3, aws, timeouts: TIMEOUTS, now_ms: Arc::new(AtomicI64::new(START_MS)) }
    }

    /// A process of the trigger with the default policy.
    pub(crate) fn trigger(&self) -> Trigger {
        self.trigger_with(VideoPolicy::default())
    }

    pub(crate) fn trigger_with(&self, policy: VideoPolicy) -> Trigger {
        let credentials = Credentials::from_keys(ACCESS_KEY_ID, SECRET, None);
        let now_ms = Arc::clone(&self.now_ms);
        let s3 = S3Config {
            endpoint: Some(self.s3.endpoint.clone()),
            region: REGION.to_owned(),
            credentials: credentials.clone(),
            transport: Transport::NETWORK,
        };
        Trigger {
            inputs: Inputs::new(BUCKET, "files/,private/").unwrap(),
            policy,
            store: Store::new(&s3, BUCKET),
            submitter: Submitter::new(&SubmitConfig {
                region: REGION.to_owned(),
                credentials,
                endpoint: Some(self.aws.endpoint.clone()),
                role: "arn:aws:iam::111122223333:role/transcode".to_owned(),
                queue: None,
                bus: Some("default".to_owned()),
                events_endpoint: Some(self.aws.endpoint.clone()),
                attempts: 1,
                timeouts: self.timeouts,
                transport: Transport::NETWORK,
            }),
            claim_time: CLAIM_TIME,
            max_receives: 5,
            clock: Clock::new(move || now_ms.load(Ordering::SeqCst)),
        }
    }

    /// Moves the clock until every current claim is stale.
    pub(crate) fn expire_claims(&self) {
        self.now_ms.fetch_add(CLAIM_TIME.as_millis() as i64, Ordering::SeqCst);
    }

    /// Stores an object with the tags of the finaliser. Returns the event of its creation.
    pub(crate) async fn upload(&self, key: &str, bytes: &[u8], sequencer: &str) -> Value {
        self.upload_in_state(key, bytes, sequencer, "state=clean").await
    }

    pub(crate) async fn upload_in_state(
        &self,
        key: &str,
        bytes: &[u8],
        sequencer: &str,
        tags: &str,
    ) -> Value {
        let put = self.s3.client.put_object().bucket(BUCKET).key(key).tagging(tags);
        let put = put.body(bytes.to_vec().into()).send().await.unwrap();
        let (etag, version) = (put.e_tag.unwrap().trim_matches('"').to_owned(), put.version_id.unwrap());
        json!({
            "version": "0", "detail-type": "Object Created", "source": "aws.s3", "time": "2026-01-01T00:00:00Z",
            "detail": {
                "bucket": {"name": BUCKET},
                "object": {
                    "key": key, "size": bytes.len(), "etag": etag, "version-id": version, "sequencer": sequencer,
                },
            },
        })
    }

    /// Sets the state of the clip. Returns the event of its tags.
    pub(crate) async fn tag(&self, state: &str) -> Value {
        let tag = Tag::builder().key("state").value(state).build().unwrap();
        let tagging = Tagging::builder().tag_set(tag).build().unwrap();
        self.s3.client.put_object_tagging().bucket(BUCKET).key(KEY).tagging(tagging).send().await.unwrap();
        json!({
            "version": "0", "detail-type": "Object Tags Added", "source": "aws.s3", "time": "2026-01-01T00:00:00Z",
            "detail": {"bucket": {"name": BUCKET}, "object": {"key": KEY}},
        })
    }

    /// Removes the clip.
    pub(crate) async fn remove_clip(&self) {
        self.s3.client.delete_object().bucket(BUCKET).key(KEY).send().await.unwrap();
    }

    /// The keys of the files that were made of the clip.
    pub(crate) async fn files(&self) -> Vec<String> {
        let below = format!("videos/{ID}/");
        self.s3.keys().await.into_iter().filter(|key| key.starts_with(&below)).collect()
    }

    /// Uploads the clip that most tests use.
    pub(crate) async fn clip(&self) -> Value {
        self.upload(KEY, MP4, "0055AED6DCD90281E5").await
    }

    /// The status document of the clip.
    pub(crate) async fn status(&self) -> Value {
        serde_json::from_slice(&self.s3.get(&format!("videos/{ID}/status.json")).await).unwrap()
    }

    /// MediaConvert's event of a job, `at_ms` milliseconds after the start.
    pub(crate) fn event(&self, number: usize, status: &str, at_ms: i64, extra: &Value) -> Value {
        let mut detail = json!({
            "timestamp": START_MS + at_ms, "accountId": "111122223333", "status": status,
            "jobId": super::aws::job_id(number), "userMetadata": self.aws.state().jobs[number]["userMetadata"],
        });
        detail.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({
            "version": "0", "detail-type": "MediaConvert Job State Change", "source": "aws.mediaconvert",
            "time": "2026-01-01T00:00:00Z", "detail": detail,
        })
    }

    /// Writes the outputs of a job that the trigger reads. Returns the event of its end.
    pub(crate) async fn complete(&self, number: usize, at_ms: i64) -> Value {
        let folder = self.folder(number);
        for name in ["poster.0000000.jpg", "poster.0000001.jpg", "index_thumb_0.jpg", "index.m3u8"] {
            let content = format!("{name} of job {number}");
            self.s3.put(&format!("{folder}{name}"), content.as_bytes()).await;
        }
        let url = |name: &str| format!("s3://{BUCKET}/{folder}{name}");
        let groups = json!([
            {
                "type": "CMAF_GROUP", "playlistFilePaths": [url("index.mpd"), url("index.m3u8")],
                "outputDetails": [{"durationInMs": 30_030, "videoDetails": {"widthInPx": 480, "heightInPx": 270}}],
            },
            {"type": "FILE_GROUP", "outputDetails": [{"outputFilePaths": [url("video_720p.mp4")], "durationInMs": 30_030}]},
            {"type": "FILE_GROUP", "outputDetails": [{"outputFilePaths": [url("poster.0000001.jpg")], "durationInMs": 40_000}]},
        ]);
        let warnings = json!([{"code": 230_001, "count": 1}]);
        self.event(number, "COMPLETE", at_ms, &json!({"outputGroupDetails": groups, "warnings": warnings}))
    }

    /// The prefix of the keys of a job's outputs.
    pub(crate) fn folder(&self, number: usize) -> String {
        let state = self.aws.state();
        let group = &state.jobs[number]["settings"]["outputGroups"][0]["outputGroupSettings"];
        let destination = group["cmafGroupSettings"]["destination"].as_str().unwrap();
        destination
            .strip_prefix(&format!("s3://{BUCKET}/"))
            .unwrap()
            .strip_suffix("index")
            .unwrap()
            .to_owned()
    }
}

/// An SQS message with an event. `receives` is its receive count.
pub(crate) fn delivery(event: &Value, receives: u32) -> Value {
    json!({"Records": [{
        "eventSource": "aws:sqs", "messageId": "1", "body": event.to_string(),
        "attributes": {"ApproximateReceiveCount": receives.to_string()},
    }]})
}

/// Delivers a message to the trigger. `true` if the trigger handled it, so that SQS deletes it.
pub(crate) async fn handles(trigger: &Trigger, delivery: &Value) -> bool {
    trigger.handle(delivery).await.unwrap().batch_item_failures.is_empty()
}
