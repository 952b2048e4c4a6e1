//! A simulated `MediaConvert`: a job is done when the test says so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use local_media_convert::default_queue_arn;
use local_s3::Store;
use serde_json::{Value, json};
use tintype::local::names::{ORIGINALS, REGION};
use tokio::time::Instant;

use super::wire::STALE;
use crate::transcode::probe_results;

/// The beginning of 2026, in milliseconds since 1970.
pub(crate) const START_MS: i64 = 1_767_225_600_000;

/// The name of a file that has sound alone.
pub(crate) const SOUND: &str = "song.mp4";

/// The time for which a repeated token returns the same job, and for which a search may miss a new one.
const MEMORY: Duration = Duration::from_mins(1);

#[derive(Clone)]
pub(crate) struct Media {
    jobs: Arc<Mutex<Vec<Job>>>,
    outbox: Store,
}

struct Job {
    request: Value,
    created: Instant,
    is_done: bool,
}

impl Media {
    pub(crate) fn new(outbox: Store) -> Self {
        Self { jobs: Arc::default(), outbox }
    }

    pub(crate) fn app(&self) -> Router {
        Router::new()
            .route("/2017-08-29/probe", post(probe))
            .route("/2017-08-29/jobs", post(create))
            .route("/2017-08-29/search", get(search))
            .with_state(self.clone())
    }

    fn jobs(&self) -> MutexGuard<'_, Vec<Job>> {
        self.jobs.lock().unwrap()
    }

    /// The number of jobs of a video.
    pub(crate) fn jobs_of(&self, key: &str) -> usize {
        let input = json!(format!("s3://{ORIGINALS}/{key}"));
        self.jobs().iter().filter(|job| job.request["settings"]["inputs"][0]["fileInput"] == input).count()
    }

    /// Finishes all jobs: writes their outputs and publishes their events. The last event of progress comes after the end,
    /// and the end comes twice.
    pub(crate) async fn finish(&self, s3: &aws_sdk_s3::Client) {
        let open: Vec<(usize, Value)> = {
            let mut jobs = self.jobs();
            let open = jobs.iter_mut().enumerate().filter(|(_, job)| !job.is_done);
            open.map(|(number, job)| {
                job.is_done = true;
                (number, job.request.clone())
            })
            .collect()
        };
        for (number, job) in open {
            let input = job["settings"]["inputs"][0]["fileInput"].as_str().unwrap();
            let input = input.strip_prefix(&format!("s3://{ORIGINALS}/")).unwrap();
            // The video may be gone by now.
            let _ = s3.get_object().bucket(ORIGINALS).key(input).send().await;
            let group = &job["settings"]["outputGroups"][0]["outputGroupSettings"]["cmafGroupSettings"];
            let folder = group["destination"].as_str().unwrap();
            let folder = folder.strip_prefix(&format!("s3://{ORIGINALS}/")).unwrap();
            let folder = folder.strip_suffix("index").unwrap();
            let is_sound = input.ends_with(SOUND);
            let pictures = ["poster.0000000.jpg", "poster.0000001.jpg", "index_thumb_0.jpg"];
            let others = if is_sound { &["audio.m4a"][..] } else { &pictures };
            for name in others.iter().chain(&["index.m3u8", "index.mpd"]) {
                let put = s3.put_object().bucket(ORIGINALS).key(format!("{folder}{name}"));
                put.body(name.as_bytes().to_vec().into()).send().await.unwrap();
            }
            let event = |status: &str, at_ms: i64, extra: Value| event(number, &job, status, at_ms, &extra);
            let half = json!({ "jobProgress": { "jobPercentComplete": 50 } });
            let complete =
                event("COMPLETE", 20_000, json!({ "outputGroupDetails": outputs(folder, is_sound) }));
            let events = vec![
                event("PROGRESSING", 1_000, json!({})),
                complete.clone(),
                event("STATUS_UPDATE", 10_000, half),
                complete,
            ];
            self.outbox.publish(events).await.unwrap();
        }
    }
}

fn job_id(number: usize) -> String {
    format!("1767225600000-job{number}")
}

fn event(number: usize, job: &Value, status: &str, at_ms: i64, extra: &Value) -> Value {
    let mut detail = json!({
        "timestamp": START_MS + 10_000_000_000 + at_ms, "accountId": "000000000000", "status": status, "jobId": job_id(number),
        "queue": default_queue_arn(REGION), "userMetadata": job["userMetadata"],
    });
    detail.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    json!({
        "version": "0", "detail-type": "MediaConvert Job State Change", "source": "aws.mediaconvert",
        "time": "2026-01-01T00:00:00Z", "detail": detail,
    })
}

fn outputs(folder: &str, is_sound: bool) -> Value {
    let url = |name: &str| format!("s3://{ORIGINALS}/{folder}{name}");
    if is_sound {
        let playlists = [url("index.mpd"), url("index.m3u8")];
        return json!([
            { "type": "CMAF_GROUP", "playlistFilePaths": playlists, "outputDetails": [{ "durationInMs": 30_030 }] },
            {
                "type": "FILE_GROUP",
                "outputDetails": [{ "outputFilePaths": [url("audio.m4a")], "durationInMs": 30_000 }],
            },
        ]);
    }
    json!([
        {
            "type": "CMAF_GROUP", "playlistFilePaths": [url("index.mpd"), url("index.m3u8")],
            "outputDetails": [{ "durationInMs": 30_030, "videoDetails": { "widthInPx": 480, "heightInPx": 270 } }],
        },
        {
            "type": "FILE_GROUP",
            "outputDetails": [{ "outputFilePaths": [url("poster.0000001.jpg")], "durationInMs": 40_000 }],
        },
    ])
}

async fn probe(Json(request): Json<Value>) -> Json<Value> {
    let is_sound = request["inputFiles"][0]["fileUrl"].as_str().unwrap().ends_with(SOUND);
    let result = if is_sound { probe_results::audio_only() } else { probe_results::full_hd() };
    Json(json!({ "probeResults": [result] }))
}

async fn create(State(media): State<Media>, Json(request): Json<Value>) -> Response {
    let mut jobs = media.jobs();
    let is_repeated = |job: &Job| {
        job.request["clientRequestToken"] == request["clientRequestToken"] && job.created.elapsed() < MEMORY
    };
    let number = jobs.iter().position(is_repeated).unwrap_or(jobs.len());
    if number == jobs.len() {
        jobs.push(Job { request, created: Instant::now(), is_done: false });
    }
    (StatusCode::CREATED, Json(json!({ "job": description(number, &jobs[number]) }))).into_response()
}

async fn search(
    State(media): State<Media>,
    headers: HeaderMap,
    query: Query<HashMap<String, String>>,
) -> Json<Value> {
    let is_stale = headers.contains_key(STALE);
    let is_found = |job: &Job| {
        job.request["settings"]["inputs"][0]["fileInput"] == query["inputFile"].as_str()
            && (!is_stale || job.created.elapsed() >= MEMORY)
    };
    let jobs = media.jobs();
    let found = jobs.iter().enumerate().filter(|(_, job)| is_found(job));
    let found: Vec<Value> = found.map(|(number, job)| description(number, job)).collect();
    Json(json!({ "jobs": found }))
}

fn description(number: usize, job: &Job) -> Value {
    json!({ "id": job_id(number), "status": "SUBMITTED", "userMetadata": job.request["userMetadata"] })
}
