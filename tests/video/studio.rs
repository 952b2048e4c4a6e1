//! The endpoint over a store of its own, whose outbox nobody reads but the test: a recorder of events.

use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use local_media_convert::{Manner, MediaConvert, Options, Tools};
use local_s3::Store;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::s3::server::{ACCESS_KEY_ID, BUCKET, REGION, SECRET, client};

/// How long a job may take before a test fails.
const PATIENCE: Duration = Duration::from_mins(4);

/// How often a test looks.
const GLANCE: Duration = Duration::from_millis(20);

/// How a studio is set up.
pub(crate) struct SetUp {
    pub(crate) manner: Manner,
    pub(crate) tools: Tools,
    pub(crate) jobs_at_once: usize,
}

impl Default for SetUp {
    fn default() -> Self {
        Self { manner: Manner::Orderly, tools: Tools::default(), jobs_at_once: 2 }
    }
}

/// A running endpoint.
pub(crate) struct Studio {
    pub(crate) s3: Client,
    pub(crate) endpoint: String,
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

impl Studio {
    pub(crate) async fn start() -> Self {
        Self::with(SetUp::default()).await
    }

    pub(crate) async fn with(set_up: SetUp) -> Self {
        Self::over(tempfile::tempdir().unwrap(), set_up).await
    }

    /// Ends it as a machine does that loses its power, as far as jobs are concerned, and starts it again.
    pub(crate) async fn restarted(self, set_up: SetUp) -> Self {
        let Self { stop, mut tasks, folder, store, .. } = self;
        stop.send_replace(true);
        while tasks.join_next().await.is_some() {}
        store.close().await;
        Self::over(folder, set_up).await
    }

    async fn over(folder: TempDir, set_up: SetUp) -> Self {
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
            manner: set_up.manner,
            owner,
            region: REGION.to_owned(),
            tools: set_up.tools,
            jobs_at_once: set_up.jobs_at_once,
        };
        let media_convert = MediaConvert::open(options).unwrap();
        let endpoint = serve(&mut tasks, media_convert.app(), &stopped).await;
        tasks.spawn(media_convert.work(stopped));
        Self { s3, endpoint, store, folder, stop, tasks }
    }

    /// Asks the endpoint, signed as an SDK does.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { Vec::new() } else { serde_json::to_vec(body).unwrap() };
        let url = format!("{}/2017-08-29{path}", self.endpoint);
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

    /// Puts a clip there; its S3 URL.
    pub(crate) async fn put(&self, name: &str, bytes: Vec<u8>) -> String {
        let key = format!("files/1/{name}");
        self.s3.put_object().bucket(BUCKET).key(&key).body(bytes.into()).send().await.unwrap();
        format!("s3://{BUCKET}/{key}")
    }

    /// Creates a job; its id.
    pub(crate) async fn create(&self, job: &Value) -> String {
        let answer = self.ask("POST", "/jobs", job).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["job"]["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn job(&self, id: &str) -> Value {
        let answer = self.ask("GET", &format!("/jobs/{id}"), &Value::Null).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["job"].clone()
    }

    /// Waits until a job meets a condition.
    pub(crate) async fn until(&self, id: &str, condition: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let job = self.job(id).await;
            if condition(&job) {
                return job;
            }
            assert!(Instant::now() < deadline, "it takes too long: {job}");
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Waits for a job's end and for the event of it.
    pub(crate) async fn ended(&self, id: &str) -> Value {
        let job =
            self.until(id, |job| !matches!(job["status"].as_str(), Some("SUBMITTED" | "PROGRESSING"))).await;
        let deadline = Instant::now() + PATIENCE;
        while !self.events(id).await.iter().any(|event| event["detail"]["status"] == job["status"]) {
            assert!(Instant::now() < deadline, "no event tells of the end: {job}");
            tokio::time::sleep(GLANCE).await;
        }
        job
    }

    /// Creates a job and waits for it to be complete.
    pub(crate) async fn complete(&self, job: &Value) -> Value {
        let id = self.create(job).await;
        let job = self.ended(&id).await;
        assert_eq!(job["status"], "COMPLETE", "{job}");
        job
    }

    /// The events of a job, in the order in which they would be delivered.
    pub(crate) async fn events(&self, id: &str) -> Vec<Value> {
        let events =
            self.store.events_after(0, 10_000).await.unwrap().into_iter().map(|pending| pending.event);
        events.filter(|event| event["detail"]["jobId"] == id).collect()
    }

    /// The statuses that the events of a job tell.
    pub(crate) async fn told(&self, id: &str) -> Vec<String> {
        let events = self.events(id).await;
        events.iter().map(|event| event["detail"]["status"].as_str().unwrap().to_owned()).collect()
    }

    /// The keys below a prefix.
    pub(crate) async fn keys(&self, prefix: &str) -> Vec<String> {
        let listed = self.s3.list_objects_v2().bucket(BUCKET).prefix(prefix).send().await.unwrap();
        listed.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
    }

    /// All outputs below a prefix as files of a folder.
    pub(crate) async fn download(&self, prefix: &str) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for key in self.keys(prefix).await {
            let object = self.s3.get_object().bucket(BUCKET).key(&key).send().await.unwrap();
            let bytes = object.body.collect().await.unwrap().into_bytes();
            std::fs::write(folder.path().join(key.strip_prefix(prefix).unwrap()), bytes).unwrap();
        }
        folder
    }

    /// What `Probe` says of an object.
    pub(crate) async fn probe(&self, url: &str) -> Answer {
        self.ask("POST", "/probe", &json!({ "inputFiles": [{ "fileUrl": url }] })).await
    }

    /// What the endpoint has on its disk of runs.
    pub(crate) fn work(&self) -> usize {
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
