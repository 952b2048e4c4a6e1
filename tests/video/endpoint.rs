//! A local MediaConvert with its own S3. Only the test reads the outbox, so it records the endpoint's events.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use local_events::outbox::Outbox as _;
use local_media_convert::{EventDelivery, MediaConvert, Options, Tools};
use local_s3::Store;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::s3::server::{ACCESS_KEY_ID, BUCKET, REGION, SECRET, client};
use crate::support::wait;

/// Options of an endpoint.
pub(crate) struct Setup {
    pub(crate) event_delivery: EventDelivery,
    pub(crate) tools: Tools,
    pub(crate) max_concurrent_jobs: usize,
}

impl Default for Setup {
    fn default() -> Self {
        Self { event_delivery: EventDelivery::InOrder, tools: Tools::default(), max_concurrent_jobs: 2 }
    }
}

/// A running endpoint.
pub(crate) struct Endpoint {
    pub(crate) s3: Client,
    pub(crate) url: String,
    store: Store,
    folder: TempDir,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// An answer of the endpoint.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) error: String,
    pub(crate) body: Value,
}

impl Endpoint {
    pub(crate) async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    pub(crate) async fn with(setup: Setup) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), setup).await
    }

    /// Stops the endpoint without waiting for its jobs, and starts it again on the same data.
    pub(crate) async fn restarted(self, setup: Setup) -> Self {
        let Self { stop, mut tasks, folder, store, .. } = self;
        stop.send_replace(true);
        while tasks.join_next().await.is_some() {}
        store.close().await;
        Self::start_in(folder, setup).await
    }

    async fn start_in(folder: TempDir, setup: Setup) -> Self {
        let store = Store::open(&folder.path().join("s3")).unwrap();
        store.create_bucket(BUCKET).unwrap();
        let owner = Credentials::new(ACCESS_KEY_ID, SECRET, None, None, "test");
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let s3_address = serve(&mut tasks, local_s3::app(store.clone(), &owner, REGION), &stopped).await;
        let s3 = client(&s3_address, owner.clone());
        let options = Options {
            folder: folder.path().join("media-convert"),
            s3: s3.clone(),
            outbox: store.clone(),
            event_delivery: setup.event_delivery,
            callers: vec![owner],
            region: REGION.to_owned(),
            tools: setup.tools,
            max_concurrent_jobs: setup.max_concurrent_jobs,
        };
        let media_convert = MediaConvert::open(options).unwrap();
        let url = serve(&mut tasks, media_convert.app(), &stopped).await;
        tasks.spawn(media_convert.work(stopped));
        Self { s3, url, store, folder, stop, tasks }
    }

    /// Sends a request with the signature of an SDK.
    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { Vec::new() } else { serde_json::to_vec(body).unwrap() };
        let url = format!("{}/2017-08-29{path}", self.url);
        let mut request = http::Request::builder().method(method).uri(&url).body(body.clone()).unwrap();
        let credentials = Credentials::new(ACCESS_KEY_ID, SECRET, None, None, "test").into();
        let parameters = v4::SigningParams::builder()
            .identity(&credentials)
            .region(REGION)
            .name("mediaconvert")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .unwrap();
        let signable =
            SignableRequest::new(method, &url, std::iter::empty(), SignableBody::Bytes(&body)).unwrap();
        let (instructions, _) = sign(signable, &parameters.into()).unwrap().into_parts();
        instructions.apply_to_request_http1x(&mut request);
        let response = reqwest::Client::new().execute(request.try_into().unwrap()).await.unwrap();
        let error =
            response.headers().get("x-amzn-errortype").map_or("", |value| value.to_str().unwrap()).to_owned();
        Answer { status: response.status().as_u16(), error, body: response.json().await.unwrap() }
    }

    /// Stores a clip. Returns its S3 URL.
    pub(crate) async fn store_clip(&self, name: &str, bytes: Vec<u8>) -> String {
        let key = format!("files/1/{name}");
        self.s3.put_object().bucket(BUCKET).key(&key).body(bytes.into()).send().await.unwrap();
        format!("s3://{BUCKET}/{key}")
    }

    /// Creates a job. Returns its id.
    pub(crate) async fn create(&self, job: &Value) -> String {
        let answer = self.send("POST", "/jobs", job).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["job"]["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn job(&self, id: &str) -> Value {
        let answer = self.send("GET", &format!("/jobs/{id}"), &Value::Null).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["job"].clone()
    }

    /// Waits until a job meets a condition. Returns the job.
    pub(crate) async fn wait_for_job(
        &self,
        id: &str,
        awaited: &str,
        condition: impl Fn(&Value) -> bool,
    ) -> Value {
        wait::for_value(awaited, async || {
            let job = self.job(id).await;
            if condition(&job) { Ok(job) } else { Err(job) }
        })
        .await
    }

    /// Waits for a job's end and for its last event. Returns the job.
    pub(crate) async fn wait_for_end(&self, id: &str) -> Value {
        let has_ended = |job: &Value| !matches!(job["status"].as_str(), Some("SUBMITTED" | "PROGRESSING"));
        let job = self.wait_for_job(id, "the end of a job", has_ended).await;
        wait::until(&format!("the last event of the job {job}"), async || {
            self.events(id).await.iter().any(|event| event["detail"]["status"] == job["status"])
        })
        .await;
        job
    }

    /// Creates a job and waits until it is complete. Returns the job.
    pub(crate) async fn run_job(&self, job: &Value) -> Value {
        let id = self.create(job).await;
        let job = self.wait_for_end(&id).await;
        assert_eq!(job["status"], "COMPLETE", "{job}");
        job
    }

    /// The events of a job in the order of delivery.
    pub(crate) async fn events(&self, id: &str) -> Vec<Value> {
        let events =
            self.store.events_after(0, 10_000).await.unwrap().into_iter().map(|pending| pending.event);
        events.filter(|event| event["detail"]["jobId"] == id).collect()
    }

    /// The statuses in the events of a job.
    pub(crate) async fn event_statuses(&self, id: &str) -> Vec<String> {
        let events = self.events(id).await;
        events.iter().map(|event| event["detail"]["status"].as_str().unwrap().to_owned()).collect()
    }

    /// The keys below a prefix.
    pub(crate) async fn keys(&self, prefix: &str) -> Vec<String> {
        let listed = self.s3.list_objects_v2().bucket(BUCKET).prefix(prefix).send().await.unwrap();
        listed.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
    }

    /// Downloads the objects below a prefix into a folder.
    pub(crate) async fn download(&self, prefix: &str) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for key in self.keys(prefix).await {
            let object = self.s3.get_object().bucket(BUCKET).key(&key).send().await.unwrap();
            let bytes = object.body.collect().await.unwrap().into_bytes();
            std::fs::write(folder.path().join(key.strip_prefix(prefix).unwrap()), bytes).unwrap();
        }
        folder
    }

    /// Sends `Probe` for an object.
    pub(crate) async fn probe(&self, url: &str) -> Answer {
        self.send("POST", "/probe", &json!({ "inputFiles": [{ "fileUrl": url }] })).await
    }

    /// The number of runs that have files on disk.
    pub(crate) fn run_folders(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("media-convert/work")).map_or(0, Iterator::count)
    }
}

async fn serve(tasks: &mut JoinSet<()>, app: axum::Router, stopped: &watch::Receiver<bool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let mut stopped = stopped.clone();
    let until_stopped = async move { drop(stopped.wait_for(|is_stopped| *is_stopped).await) };
    tasks.spawn(
        async move { axum::serve(listener, app).with_graceful_shutdown(until_stopped).await.unwrap() },
    );
    address
}
