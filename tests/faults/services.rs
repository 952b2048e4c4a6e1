//! The processes of the services. One that crashes is replaced.

use std::sync::Arc;
use std::time::Duration;

use cdn_config::policy::{Keep, Policy};
use contract::signing_keys::SigningKeys;
use jiff::Timestamp;
use library::dynamodb::DynamoLibrary;
use local_edge::invalidation::DISTRIBUTION;
use local_s3::Principal;
use resize::edge::config::{Config, StoreConfig as ImageStore};
use resize::edge::library_keeper::LibraryKeeper;
use resize::edge::render_service::RenderService;
use resize::edge::settling::SETTLING;
use resize::edge::store::Store as Images;
use resize::edge::upkeep::Upkeep;
use resize::edge::upkeep::cloudfront::Cdn;
use tintype::local::names::{ORIGINALS, REGION, VARIANTS};
use tintype::local::principals::{Principals, transcoder_arn};
use tokio::time::Instant;
use transcode_trigger::edge::clock::Clock;
use transcode_trigger::edge::store::Store as Videos;
use transcode_trigger::edge::submit::{SubmitConfig, Submitter, TIMEOUTS};
use transcode_trigger::edge::trigger::Trigger;
use transcode_trigger::inputs::Inputs;
use upload_signer::arrival::finalizer::Finalizer;
use upload_signer::arrival::store::{Store as Uploads, StoreConfig as UploadStore};
use upload_signer::callers::access::Access;
use upload_signer::http::api::Api;
use upload_signer::http::origins::AllowedOrigins;
use upload_signer::http::wait::Waiters;
use upload_signer::links::LinkSigner;
use upload_signer::parts::store::MultipartStore;
use upload_signer::signing::bucket_endpoint::BucketEndpoint;
use upload_signer::signing::policy::UploadPolicy;
use upload_signer::signing::signer::Signer;
use upload_signer::webhook::endpoint::Endpoint;
use upload_signer::webhook::notifier::Notifier;
use upload_signer::webhook::redelivery::Redelivery;
use upload_signer::webhook::secret::WebhookSecret;

use super::link::{s3_config, transport};
use super::media::START_MS;
use super::process::{Instance, Process};
use super::wire::Wire;

/// The secret of everything that is signed.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The URL of the CDN.
pub(crate) const EDGE: &str = "https://cdn.test";

/// The name of the library's table, as in the template.
pub(crate) const LIBRARY: &str = "LibraryTable";

/// The duration of a claim, as deployed.
const CLAIM_TIME: Duration = Duration::from_mins(3);

const HOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The processes that handle events. The others answer requests on the wire.
pub(crate) struct Services {
    pub(crate) finalizer: (Instance, Finalizer),
    pub(crate) upkeep: (Instance, Upkeep),
    pub(crate) trigger: (Instance, Trigger),
    pub(crate) webhook: (Instance, Notifier, Redelivery),
    pub(crate) keeper: (Instance, LibraryKeeper),
    /// The next process's number.
    next: u32,
    start: Instant,
}

impl Services {
    pub(crate) fn start(wire: &Wire, policy: &Policy, principals: &Principals) -> Self {
        let of = |process| Instance { process, number: 0 };
        let start = Instant::now();
        start_signer(wire, of(Process::Signer), policy, principals);
        start_resizer(wire, of(Process::Resizer), policy, principals);
        start_server(wire, of(Process::Server), policy, principals);
        Self {
            finalizer: (of(Process::Finalizer), finalizer(wire, of(Process::Finalizer), principals)),
            upkeep: (of(Process::Upkeep), upkeep(wire, of(Process::Upkeep), policy, principals)),
            trigger: (of(Process::Trigger), trigger(wire, of(Process::Trigger), policy, principals, start)),
            webhook: webhook(wire, of(Process::Webhook), principals),
            keeper: (of(Process::Keeper), keeper(wire, of(Process::Keeper), policy, principals)),
            next: 1,
            start,
        }
    }

    pub(crate) fn restart(
        &mut self,
        process: Process,
        wire: &Wire,
        policy: &Policy,
        principals: &Principals,
    ) {
        let instance = Instance { process, number: self.next };
        self.next += 1;
        match process {
            Process::Signer => start_signer(wire, instance, policy, principals),
            Process::Resizer => start_resizer(wire, instance, policy, principals),
            Process::Server => start_server(wire, instance, policy, principals),
            Process::Finalizer => self.finalizer = (instance, finalizer(wire, instance, principals)),
            Process::Upkeep => self.upkeep = (instance, upkeep(wire, instance, policy, principals)),
            Process::Trigger => {
                self.trigger = (instance, trigger(wire, instance, policy, principals, self.start));
            }
            Process::Webhook => self.webhook = webhook(wire, instance, principals),
            Process::Keeper => self.keeper = (instance, keeper(wire, instance, policy, principals)),
            Process::Client | Process::Cdn | Process::Queue | Process::Observer => {}
        }
    }
}

pub(crate) fn keys() -> SigningKeys {
    SigningKeys::parse(SECRET).unwrap()
}

fn uploads(wire: &Wire, instance: Instance, principal: &Principal) -> UploadStore {
    UploadStore { s3: s3_config(wire, instance, principal.credentials.clone()), bucket: ORIGINALS.to_owned() }
}

fn images(wire: &Wire, instance: Instance, principal: &Principal, keep: Keep) -> Images {
    Images::behind_cdn(&ImageStore {
        s3: s3_config(wire, instance, principal.credentials.clone()),
        originals: ORIGINALS.to_owned(),
        variants: (keep != Keep::Never).then(|| VARIANTS.to_owned()),
    })
}

fn start_signer(wire: &Wire, instance: Instance, policy: &Policy, principals: &Principals) {
    let store = uploads(wire, instance, &principals.signer);
    let credentials = principals.signer.credentials.clone();
    let endpoint = BucketEndpoint::at_endpoint(ORIGINALS, REGION, "http://s3").unwrap();
    let api = Api {
        signer: Signer { policy: UploadPolicy::default(), ..Signer::new(endpoint, credentials, EDGE) },
        access: Access { is_open: true, sessions: Some(keys()), ..Access::default() },
        keys: keys(),
        multipart: MultipartStore::new(&store),
        store: Uploads::new(&store),
        waiters: Waiters::default(),
        origins: AllowedOrigins::All,
        links: Some(LinkSigner::new(keys(), policy.rules.clone())),
        library: Some(Arc::new(library(wire, instance, &principals.signer))),
    };
    wire.serve("signer", upload_signer::app::app(api), Some(instance));
}

fn library(wire: &Wire, instance: Instance, principal: &Principal) -> DynamoLibrary {
    let library = DynamoLibrary::new(LIBRARY, REGION, Some("http://dynamodb"), principal.credentials.clone());
    library.with_transport(&transport(wire, instance))
}

fn keeper(wire: &Wire, instance: Instance, policy: &Policy, principals: &Principals) -> LibraryKeeper {
    let store = Images::new(&ImageStore {
        s3: s3_config(wire, instance, principals.keeper.credentials.clone()),
        originals: ORIGINALS.to_owned(),
        variants: None,
    });
    LibraryKeeper {
        library: Arc::new(library(wire, instance, &principals.keeper)),
        render_service: Arc::new(RenderService::new(store.clone(), Config::of(policy))),
        store,
    }
}

fn start_resizer(wire: &Wire, instance: Instance, policy: &Policy, principals: &Principals) {
    let store = images(wire, instance, &principals.resizer, policy.keep);
    let service = Arc::new(RenderService::new(store, Config::of(policy)));
    wire.serve("resize", resize::edge::http::app(service), Some(instance));
}

/// The resize service without a CDN, which reads stored variants itself.
fn start_server(wire: &Wire, instance: Instance, policy: &Policy, principals: &Principals) {
    let store = images(wire, instance, &principals.resizer, policy.keep);
    let config = Config::of(policy).of_server();
    let service = Arc::new(RenderService::new(store, config));
    wire.serve("server", resize::edge::http::app(service), Some(instance));
}

fn finalizer(wire: &Wire, instance: Instance, principals: &Principals) -> Finalizer {
    let store = Uploads::new(&uploads(wire, instance, &principals.finalizer));
    Finalizer { store, policy: UploadPolicy::default(), scanner: None }
}

fn upkeep(wire: &Wire, instance: Instance, policy: &Policy, principals: &Principals) -> Upkeep {
    let store = images(wire, instance, &principals.upkeep, policy.keep);
    let cdn = Cdn::new(DISTRIBUTION, principals.upkeep.credentials.clone(), Some("http://cloudfront"));
    Upkeep {
        render_service: Arc::new(RenderService::new(store.clone(), Config::of(policy))),
        store,
        originals: ORIGINALS.to_owned(),
        cdn: Some(cdn.with_transport(&transport(wire, instance))),
        settling: SETTLING,
    }
}

fn trigger(
    wire: &Wire,
    instance: Instance,
    policy: &Policy,
    principals: &Principals,
    start: Instant,
) -> Trigger {
    let credentials = principals.trigger.credentials.clone();
    Trigger {
        inputs: Inputs::new(ORIGINALS, "files/,private/").unwrap(),
        policy: policy.video.clone(),
        store: Videos::new(&s3_config(wire, instance, credentials.clone()), ORIGINALS),
        submitter: Submitter::new(&SubmitConfig {
            region: REGION.to_owned(),
            credentials,
            endpoint: Some("http://media-convert".to_owned()),
            role: transcoder_arn(),
            queue: None,
            bus: Some("default".to_owned()),
            events_endpoint: Some("http://events".to_owned()),
            attempts: 4,
            timeouts: TIMEOUTS,
            transport: transport(wire, instance),
        }),
        claim_time: CLAIM_TIME,
        max_receives: 5,
        clock: Clock::new(move || START_MS + start.elapsed().as_millis() as i64),
    }
}

fn webhook(wire: &Wire, instance: Instance, principals: &Principals) -> (Instance, Notifier, Redelivery) {
    let credentials = principals.webhook.credentials.clone();
    let transport = transport(wire, instance);
    let redelivery = Redelivery::new(REGION, Some("http://sqs".to_owned()), credentials);
    let redelivery = redelivery.with_transport(&transport);
    let notifier = Notifier {
        store: Uploads::new(&uploads(wire, instance, &principals.webhook)),
        endpoint: Endpoint::new("http://hook/messages", WebhookSecret::parse(HOOK_SECRET).unwrap()).unwrap(),
        public_url: EDGE.to_owned(),
        clock: Timestamp::now,
        transport,
    };
    (instance, notifier, redelivery)
}
