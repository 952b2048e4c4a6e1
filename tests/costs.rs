//! The calls that an upload causes, from which `deploy/cost.py` computes its price. `UPDATE=1 ./test costs` writes them to
//! `deploy/calls.json`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_s3::types::{Tag, Tagging};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use bucket::{S3Config, Transport};
use cdn_config::event_rules::EVENT_RULES;
use cdn_config::events::EventResources;
use cdn_config::policy::Policy;
use http::Method;
use library::dynamodb::{DynamoLibrary, TABLE};
use local_dynamodb::tables::Tables;
use local_events::pattern::Pattern;
use resize::edge::config::{Config, StoreConfig as VariantStoreConfig};
use resize::edge::library_keeper::LibraryKeeper;
use resize::edge::render_service::RenderService;
use resize::edge::store::Store as VariantStore;
use resize::edge::upkeep::Upkeep;
use serde_json::{Value, json};
use tempfile::TempDir;
use tintype::local::names::{ORIGINALS, VARIANTS};
use tokio::net::TcpListener;
use upload_signer::arrival::finalizer::Finalizer;
use upload_signer::arrival::store::{Store, StoreConfig};
use upload_signer::signing::policy::UploadPolicy;

use crate::s3::server::{ACCESS_KEY_ID, REGION, SECRET, client};
use crate::support::pictures::{jpeg, quarters};

/// The name of the library's table.
const TABLE_NAME: &str = "library";

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/calls.json");

/// An S3 that counts requests by their price: `writes` are PUT, COPY, POST and LIST, `reads` are all others except
/// DELETE, which costs nothing.
struct CountingS3 {
    config: S3Config,
    counts: Arc<Mutex<BTreeMap<&'static str, u32>>>,
    _folder: TempDir,
}

impl CountingS3 {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let store = local_s3::Store::open(folder.path()).unwrap();
        for name in [ORIGINALS, VARIANTS] {
            store.create_bucket(name).unwrap();
        }
        let credentials = Credentials::from_keys(ACCESS_KEY_ID, SECRET, None);
        let counts: Arc<Mutex<BTreeMap<_, _>>> = Arc::default();
        let counter = Arc::clone(&counts);
        let count = from_fn(move |request: Request, next: Next| {
            if let Some(price) = price(request.method(), request.uri().query().unwrap_or_default()) {
                *counter.lock().unwrap().entry(price).or_default() += 1;
            }
            next.run(request)
        });
        let app = local_s3::app(store, &credentials, REGION).layer(count);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = Some(format!("http://{}", listener.local_addr().unwrap()));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            config: S3Config {
                endpoint,
                region: REGION.to_owned(),
                credentials,
                transport: Transport::NETWORK,
            },
            counts,
            _folder: folder,
        }
    }

    /// The requests since the last call.
    fn counted(&self) -> Value {
        json!(std::mem::take(&mut *self.counts.lock().unwrap()))
    }
}

/// A table of the library that counts reads and writes.
struct CountingTable {
    endpoint: String,
    counts: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl CountingTable {
    async fn start() -> Self {
        let tables = Tables::default();
        tables.create(TABLE_NAME, &serde_json::from_str(TABLE).unwrap()).unwrap();
        let counts: Arc<Mutex<BTreeMap<_, _>>> = Arc::default();
        let counter = Arc::clone(&counts);
        let count = from_fn(move |request: Request, next: Next| {
            let target = request.headers()["x-amz-target"].to_str().unwrap();
            let name = target.strip_prefix(local_dynamodb::TARGET).unwrap().to_owned();
            *counter.lock().unwrap().entry(name).or_default() += 1;
            next.run(request)
        });
        let app = local_dynamodb::app(tables).layer(count);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { endpoint, counts }
    }

    fn counted(&self) -> Value {
        json!(*self.counts.lock().unwrap())
    }
}

/// The requests of two counts together.
fn sum(one: &Value, other: &Value) -> Value {
    let of = |price: &str| one[price].as_u64().unwrap_or(0) + other[price].as_u64().unwrap_or(0);
    json!({ "reads": of("reads"), "writes": of("writes") })
}

fn tagging(state: &str) -> Tagging {
    let tag = Tag::builder().key("state").value(state).build().unwrap();
    Tagging::builder().tag_set(tag).build().unwrap()
}

fn price(method: &Method, query: &str) -> Option<&'static str> {
    let is_list = *method == Method::GET && query.contains("list-type");
    match *method {
        Method::DELETE => None,
        Method::PUT | Method::POST => Some("writes"),
        _ if is_list => Some("writes"),
        _ => Some("reads"),
    }
}

fn event(detail_type: &str, key: &str, etag: &str) -> Value {
    let object = json!({ "key": key, "size": 1, "etag": etag, "sequencer": "00" });
    let detail = json!({ "bucket": { "name": ORIGINALS }, "object": object, "reason": "POST Object" });
    json!({ "source": "aws.s3", "detail-type": detail_type, "detail": detail })
}

/// The number of messages for each function that these events cause, by the rules of a deployment with a library and a webhook.
fn messages(events: &[Value]) -> BTreeMap<&'static str, usize> {
    let (originals, other) = (json!(ORIGINALS), json!("other"));
    let resources = EventResources { originals: &originals, originals_arn: &other, job_queue: &other };
    let mut messages = BTreeMap::new();
    for rule in EVENT_RULES {
        let pattern = Pattern::new(&rule.events.pattern(resources)).unwrap();
        let matching = events.iter().filter(|event| pattern.matches(event)).count();
        if matching > 0 {
            *messages.entry(rule.handler.name()).or_default() += matching;
        }
    }
    messages
}

#[tokio::test]
async fn the_calls_of_an_upload_are_those_of_the_cost_model() {
    let s3 = CountingS3::start().await;
    let key = "files/0190163d-8694-739b-aea5-966c26f8ad91/cat.jpg";
    let s3_client = client(s3.config.endpoint.as_deref().unwrap(), s3.config.credentials.clone());
    let put =
        s3_client.put_object().bucket(ORIGINALS).key(key).content_type("image/jpeg").tagging("state=pending");
    let stored = put.body(jpeg(&quarters(400, 300)).into()).send().await.unwrap();
    let etag = stored.e_tag.unwrap().replace('"', "");
    let events = ["Object Created", "Object Tags Added"].map(|kind| event(kind, key, &etag));
    let video = ["Object Created", "Object Tags Added"].map(|kind| event(kind, "files/1/clip.mp4", "00"));
    s3.counted();

    let store = VariantStore::new(&VariantStoreConfig {
        s3: s3.config.clone(),
        originals: ORIGINALS.to_owned(),
        variants: Some(VARIANTS.to_owned()),
    });
    let render_service = Arc::new(RenderService::new(store.clone(), Config::of(&Policy::built_in())));
    let upkeep = Upkeep {
        render_service,
        store,
        originals: ORIGINALS.to_owned(),
        cdn: None,
        settling: Duration::ZERO,
    };
    let store = Store::new(&StoreConfig { s3: s3.config.clone(), bucket: ORIGINALS.to_owned() });
    let finalizer = Finalizer { store, policy: UploadPolicy::default(), scanner: None };
    let [created, tagged] = &events;
    upkeep.handle(created).await.unwrap();
    let before = s3.counted();
    finalizer.handle(created).await.unwrap();
    let finalizer = s3.counted();
    // Every change is delivered once more, a minute later.
    for event in [tagged, created, tagged] {
        upkeep.handle(event).await.unwrap();
    }
    let after = s3.counted();
    let upkeep_requests = sum(&before, &after);

    let table = CountingTable::start().await;
    let library =
        DynamoLibrary::new(TABLE_NAME, REGION, Some(&table.endpoint), s3.config.credentials.clone());
    let keeper = LibraryKeeper {
        library: Arc::new(library),
        store: upkeep.store.clone(),
        render_service: Arc::clone(&upkeep.render_service),
    };
    let tag = async |state: &str| {
        let request = s3_client.put_object_tagging().bucket(ORIGINALS).key(key);
        request.tagging(tagging(state)).send().await.unwrap();
        s3.counted();
    };
    // When the keeper hears of the upload, the finaliser hasn't checked it.
    tag("pending").await;
    keeper.handle(created).await.unwrap();
    let stored = s3.counted();
    tag("clean").await;
    keeper.handle(tagged).await.unwrap();
    let checked = s3.counted();
    let library = sum(&stored, &checked);

    let calls = json!({
        "events": events.len(),
        "messages": messages(&events),
        "messagesOfVideo": messages(&video),
        "requests": { "upkeep": upkeep_requests, "finalizer": finalizer, "library": library },
        "table": table.counted(),
    });
    let text = format!("{calls:#}\n");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, &text).unwrap();
    }
    let is_current = std::fs::read_to_string(FILE).unwrap_or_default() == text;
    assert!(is_current, "deploy/calls.json is out of date: `UPDATE=1 ./test costs` rewrites it: {text}");
}

#[test]
fn a_picture_wakes_no_function_that_it_does_not_concern() {
    let events = |key: &str| ["Object Created", "Object Tags Added"].map(|kind| event(kind, key, "00"));
    for key in ["files/1/cat.jpg", "files/1/cat.mp4.png", "private/1/cat.jpg"] {
        assert_eq!(messages(&events(key)).get("trigger"), None, "{key}");
        assert_eq!(messages(&events(key))["upkeep"], 4, "{key}");
    }
    for key in ["files/1/clip.mp4", "files/1/2/clip.webm", "files/1/file.bin", "private/1/clip.mp4"] {
        assert_eq!(messages(&events(key))["trigger"], 2, "{key}");
    }
    assert_eq!(messages(&events("videos/1/2/video_720p.mp4")), BTreeMap::new());
    assert_eq!(messages(&events("videos/1/status.json")), BTreeMap::new());
    assert_eq!(messages(&events("private-videos/1/2/video_720p.mp4")), BTreeMap::new());
}
