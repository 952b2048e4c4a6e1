//! The deployment in memory: the services' own handlers, the local S3, CloudFront and EventBridge, a simulated `MediaConvert`,
//! and queues as SQS has them.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use bucket::{Bucket, Timeouts, client};
use cdn_config::key_value::{key_value_data, signing_pair};
use cdn_config::policy::Policy;
use http::StatusCode;
use jiff::Timestamp;
use library::dynamodb::TABLE;
use local_deployed::api_guard::guarded;
use local_dynamodb::tables::Tables;
use local_edge::behaviors::of_policy;
use local_edge::cache::Cache;
use local_edge::distribution::{self, Distribution};
use local_edge::function_url::FunctionUrl;
use local_edge::functions::EdgeFunctions;
use local_edge::functions::key_values::KeyValues;
use local_edge::invalidation::{self, Quota};
use local_edge::origins::Origins;
use local_edge::policy::CurrentPolicy;
use local_events::put_events::{self, Bus};
use local_s3::{ACCOUNT, Principal, Store};
use resize::edge::store::access::AccessCheck;
use tempfile::TempDir;
use tintype::bucket_origin::BucketOrigin;
use tintype::local::names::{ORIGINALS, REGION, VARIANTS};
use tintype::local::principals::Principals;
use tower::ServiceExt as _;

use super::answer::Got;
use super::hook::Hook;
use super::link::s3_config;
use super::media::Media;
use super::process::{Instance, Process};
use super::queues::Queues;
use super::services::{LIBRARY, Services, keys};
use super::wire::Wire;
use crate::support::{memory_folder, owner};

/// Far more invalidations than CloudFront's quota: the quota is tested elsewhere.
const QUOTA: Quota = Quota { paths: 1_000_000, wildcards: 15, duration: Duration::ZERO };

pub(crate) struct World {
    pub(crate) wire: Wire,
    pub(crate) store: Store,
    pub(crate) media: Media,
    pub(crate) hook: Hook,
    pub(crate) queues: RefCell<Queues>,
    pub(crate) services: RefCell<Services>,
    pub(crate) policy: Policy,
    pub(crate) principals: Principals,
    /// `true` if the events about originals reach the library.
    pub(crate) has_library: bool,
    distribution: Distribution,
    edge: Router,
    numbers: Cell<u32>,
    _folder: TempDir,
}

impl World {
    pub(crate) fn new(policy: Policy) -> Self {
        let principals = Principals::new(policy.keep, &keys()).unwrap();
        Self::with_principals(policy, principals)
    }

    /// The deployment with other permissions.
    pub(crate) fn with_principals(policy: Policy, principals: Principals) -> Self {
        let folder = memory_folder();
        let store = Store::open_with_parts(folder.path(), 1).unwrap();
        store.create_bucket(ORIGINALS).unwrap();
        store.create_bucket(VARIANTS).unwrap();
        let wire = Wire::new();
        let (all, permissions) = (principals.all(), principals.permissions.clone());
        let s3 = local_s3::app_with_principals(store.clone(), &owner(), all, permissions, REGION);
        wire.serve("s3", s3, None);
        let media = Media::new(store.clone());
        wire.serve("media-convert", guarded(media.app(), principals.guard()), None);
        let (region, account) = (REGION.to_owned(), ACCOUNT.to_owned());
        let bus = Bus { outbox: store.clone(), region, account, clock: Timestamp::now };
        wire.serve("events", guarded(put_events::app(bus), principals.guard()), None);
        let cache = Cache::new();
        let invalidations = invalidation::app(cache.clone(), QUOTA);
        wire.serve("cloudfront", guarded(invalidations, principals.guard()), None);
        let hook = Hook::default();
        wire.serve("hook", hook.app(), None);
        let tables = Tables::default();
        tables.create(LIBRARY, &serde_json::from_str(TABLE).unwrap()).unwrap();
        wire.serve("dynamodb", guarded(local_dynamodb::app(tables), principals.guard()), None);
        wire.serve("sqs", guarded(Router::new().fallback(async || "{}"), principals.guard()), None);

        let services = Services::start(&wire, &policy, &principals);
        let distribution = distribution(&wire, &policy, &principals.cdn, cache);
        let edge = distribution::app(distribution.clone());
        let (queues, services) = (RefCell::default(), RefCell::new(services));
        let numbers = Cell::new(0);
        Self {
            wire,
            store,
            media,
            hook,
            queues,
            services,
            policy,
            principals,
            has_library: false,
            distribution,
            edge,
            numbers,
            _folder: folder,
        }
    }

    /// A new process in the place of one that has crashed.
    pub(crate) fn restart(&self, process: Process) {
        self.services.borrow_mut().restart(process, &self.wire, &self.policy, &self.principals);
    }

    /// A number that no other call of this function gets.
    pub(crate) fn number(&self) -> u32 {
        self.numbers.set(self.numbers.get() + 1);
        self.numbers.get()
    }

    /// The edge whose cache invalidations reach.
    pub(crate) fn edge(&self) -> Router {
        self.edge.clone()
    }

    /// An edge with an empty cache.
    pub(crate) fn other_edge(&self) -> Router {
        distribution::app(Distribution { cache: Cache::new(), ..self.distribution.clone() })
    }

    /// `MediaConvert`'s client of S3, which sees no faults.
    pub(crate) fn transcoder(&self) -> aws_sdk_s3::Client {
        let observer = Instance { process: Process::Observer, number: 0 };
        let credentials = self.principals.transcoder.credentials.clone();
        client(&s3_config(&self.wire, observer, credentials), Timeouts::COMMON)
    }

    /// The owner's client of S3, which sees no faults.
    pub(crate) fn s3(&self) -> aws_sdk_s3::Client {
        let observer = Instance { process: Process::Observer, number: 0 };
        client(&s3_config(&self.wire, observer, owner()), Timeouts::COMMON)
    }
}

fn distribution(wire: &Wire, policy: &Policy, cdn: &Principal, cache: Cache) -> Distribution {
    let from = Instance { process: Process::Cdn, number: 0 };
    let client = client(&s3_config(wire, from, cdn.credentials.clone()), Timeouts::COMMON);
    let bucket = |name: &str| {
        let bucket = Bucket::new(client.clone(), name);
        let origin = BucketOrigin { access: AccessCheck::new(vec![bucket.clone()]), bucket };
        let read = async move |request: Request| {
            origin.read(request.method(), request.uri().path(), request.headers()).await
        };
        Router::new().fallback(read)
    };
    let mut data = key_value_data(policy);
    data.push(signing_pair(&keys()));
    Distribution {
        cache,
        functions: EdgeFunctions::new(KeyValues::new(data), Timestamp::now).unwrap(),
        origins: Origins {
            originals: bucket(ORIGINALS),
            variants: bucket(VARIANTS),
            resize: FunctionUrl::new(forward(wire, from, "resize")),
            signer: forward(wire, from, "signer"),
            page: Router::new(),
        },
        behaviors: of_policy(&CurrentPolicy::new(policy.clone())),
        names_ignored_parameters: true,
    }
}

/// An origin that a process asks over the wire.
fn forward(wire: &Wire, from: Instance, host: &'static str) -> Router {
    let wire = wire.clone();
    Router::new().fallback(move |request: Request| {
        let wire = wire.clone();
        async move { forwarded(&wire, from, host, request).await }
    })
}

async fn forwarded(wire: &Wire, from: Instance, host: &str, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    parts.uri = format!("http://{host}{}", parts.uri).parse().unwrap();
    let sent = wire.send(from, Request::from_parts(parts, body));
    // CloudFront waits half a minute for an origin.
    match tokio::time::timeout(Duration::from_secs(30), async { sent.await?.read().await }).await {
        Ok(Ok(got)) => {
            let mut response = Response::new(Body::from(got.body));
            *response.status_mut() = StatusCode::from_u16(got.status).unwrap();
            *response.headers_mut() = got.headers;
            response
        }
        Ok(Err(_)) => StatusCode::BAD_GATEWAY.into_response(),
        Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

/// Sends a request to a router.
pub(crate) async fn ask(router: Router, request: Request) -> Arc<Got> {
    let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
    let (parts, body) = response.into_parts();
    // A body that ends early is no answer.
    let (status, body) = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(body) => (parts.status.as_u16(), body),
        Err(_) => (0, bytes::Bytes::new()),
    };
    Arc::new(Got { status, headers: parts.headers, body })
}
