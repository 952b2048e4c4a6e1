//! All of Tintype in one process: three listeners and what is behind them.

mod data;

mod ports;

mod readers;

mod media_convert;

mod transcoding;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use axum::Router;
use bucket::{S3Config, Timeouts, client};
use cdn_config::policy::Policy;
use jiff::Timestamp;
use resize::edge::config::{Config, StoreConfig};
use resize::edge::render_service::RenderService;
use resize::edge::upkeep::Upkeep;
use resize::edge::upkeep::cloudfront::Cdn;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use upload_signer::arrival::finalizer::Finalizer;
use upload_signer::arrival::scan::Scanner;
use upload_signer::arrival::store as uploads;
use upload_signer::callers::access::Access;
use upload_signer::http::api::Api;
use upload_signer::http::origins::AllowedOrigins;
use upload_signer::links::LinkSigner;
use upload_signer::parts::store::MultipartStore;
use upload_signer::signing::bucket_endpoint::BucketEndpoint;
use upload_signer::signing::policy::{S3_MAX_BYTES, UploadPolicy};
use upload_signer::signing::signer::Signer;

use crate::policy::{self, Governed, edge_data};
use crate::{events, page, secrets};
use local_edge::EdgeConfig;
use local_edge::cache::Cache;
use local_edge::function::{EdgeFunctions, KeyValues};
use local_edge::invalidation::{self, DISTRIBUTION};
use local_edge::policy::CurrentPolicy;
use local_media_convert::{EventDelivery, MediaConvertError, Tools};
use local_s3::Principal;

use ports::{listen, ports, url};

/// The id of the credentials of the local S3's owner. It listens on the loopback alone.
pub const ACCESS_KEY_ID: &str = "tintype";

/// Their secret.
pub const SECRET_ACCESS_KEY: &str = "tintype-local";

/// The region that the local S3 says it is in.
pub const REGION: &str = "us-east-1";

/// The bucket of originals.
pub const ORIGINALS: &str = "tintype-originals";

/// The bucket of variants.
pub const VARIANTS: &str = "tintype-variants";

/// The largest upload, in bytes: a film, sent in parts. The signer's own default is for deployments that don't say.
const MAX_UPLOAD_BYTES: u64 = S3_MAX_BYTES;

/// How a stack is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// The edge's port; S3 has the next and `MediaConvert` the one after. 0 takes any three that are free.
    pub port: u16,
    /// The folder that everything is kept in.
    pub data: PathBuf,
    /// What requests may ask for, and what they may cost.
    pub policy: Policy,
    /// The file that the policy was read from, to be followed while the stack runs.
    pub policy_file: Option<PathBuf>,
    /// Who is asked about an upload before it is served.
    pub scanner: Option<Scanner>,
    /// The programs that transcode.
    pub tools: Tools,
    /// The order and number of the events of jobs.
    pub event_delivery: EventDelivery,
}

/// Why a stack doesn't start, or ends.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// Another program listens there.
    #[error("port {port} on 127.0.0.1 can't be listened on: {cause}; choose another with --port")]
    Port {
        /// Which.
        port: u16,
        /// What the system says.
        cause: io::Error,
    },
    /// The three ports would go beyond 65535.
    #[error("--port must be at most {}: S3 and MediaConvert take the two ports after it", u16::MAX - 2)]
    PortTooHigh,
    /// The data folder can't be used.
    #[error("the data folder {} can't be used: {cause}", .folder.display())]
    Data {
        /// Which.
        folder: PathBuf,
        /// Why.
        cause: local_s3::StoreError,
    },
    /// A secret of the data folder can't be read or made.
    #[error("the secrets in {} can't be used: {cause}", .folder.display())]
    Secret {
        /// The data folder.
        folder: PathBuf,
        /// Why.
        cause: secrets::SecretError,
    },
    /// The jobs of the data folder can't be read.
    #[error("the jobs in {} can't be read: {cause}", .folder.display())]
    Jobs {
        /// The data folder.
        folder: PathBuf,
        /// Why.
        cause: MediaConvertError,
    },
    /// A part refuses its configuration: a defect of ours.
    #[error("a part of the stack can't be set up: {0}")]
    SetUp(String),
}

/// Where a stack listens: URLs without a path.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Addresses {
    /// The page, the CDN's paths and the signer.
    pub edge: String,
    /// S3.
    pub s3: String,
    /// `MediaConvert`.
    pub mediaconvert: String,
}

/// A running stack.
#[derive(Debug)]
pub struct Stack {
    /// Where it listens.
    pub addresses: Addresses,
    /// Its resize service.
    pub resizer: Arc<RenderService>,
    store: local_s3::Store,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Stack {
    /// Starts everything, and returns when it can be asked.
    pub async fn start(options: Options) -> Result<Self, StackError> {
        let [edge_port, s3_port, media_convert_port] = ports(options.port)?;
        let edge_listener = listen(edge_port).await?;
        let s3_listener = listen(s3_port).await?;
        let media_convert_listener = listen(media_convert_port).await?;
        let addresses = Addresses {
            edge: url(&edge_listener)?,
            s3: url(&s3_listener)?,
            mediaconvert: url(&media_convert_listener)?,
        };

        let store = data::open_store(&options.data).await?;
        let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "local");
        let (cdn, resizer, upkeep) = (readers::cdn(), readers::resizer(), readers::upkeep());
        let uploads = uploads::StoreConfig {
            s3: s3_config(&addresses, credentials.clone()),
            bucket: ORIGINALS.to_owned(),
        };
        let buckets = |principal: &Principal| store_config(&addresses, principal.credentials.clone());
        let cache = Cache::new();
        let resizer_store = resize::edge::store::Store::new(&buckets(&resizer));
        let config =
            Config::from_env(&options.policy).map_err(|error| StackError::SetUp(error.to_string()))?;
        let resizer_service = Arc::new(RenderService::new(resizer_store, config));
        let upkeep_service = Upkeep {
            render_service: Arc::clone(&resizer_service),
            store: resize::edge::store::Store::new(&buckets(&upkeep)),
            originals: ORIGINALS.to_owned(),
            cdn: Some(Cdn::new(DISTRIBUTION, credentials.clone(), Some(&addresses.mediaconvert))),
        };
        let cdn_client = client(&s3_config(&addresses, cdn.credentials.clone()), Timeouts::SDK_DEFAULTS);
        let s3 = local_s3::shared_app(store.clone(), &credentials, vec![cdn, resizer, upkeep], REGION);
        let media_convert = media_convert::open(&options, &addresses, &store, &credentials).await?;
        let trigger = transcoding::trigger(&addresses, &credentials, &options.policy.video)?;
        let secrets = data::open_secrets(&options.data).await?;
        let links = LinkSigner::new(secrets.links.clone(), options.policy.rules.clone());
        let signer = Api { links: Some(links.clone()), ..signer(&addresses, &uploads, secrets.clone())? };
        let governed = Governed {
            key_values: KeyValues::new(edge_data(&options.policy, &secrets.links)),
            link_keys: secrets.links,
            links,
            resizer: Arc::clone(&resizer_service),
            current: CurrentPolicy::new(options.policy),
        };
        let edge = edge_app(&governed, cdn_client, cache.clone(), signer)?;

        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(s3_listener, s3, stopped.clone()));
        let apis = media_convert.app().merge(invalidation::app(cache));
        tasks.spawn(serve(media_convert_listener, apis, stopped.clone()));
        tasks.spawn(media_convert.work(stopped.clone()));
        tasks.spawn(serve(edge_listener, edge, stopped.clone()));
        if let Some(file) = options.policy_file {
            tasks.spawn(policy::follow(file, governed, stopped.clone()));
        }
        let finalizer = Finalizer {
            store: uploads::Store::new(&uploads),
            policy: upload_policy(),
            scanner: options.scanner,
        };
        tasks.spawn(events::deliver(
            store.clone(),
            events::Listeners { finalizer, trigger, upkeep: upkeep_service },
            stopped,
        ));
        Ok(Self { addresses, resizer: resizer_service, store, stop, tasks })
    }

    /// Takes no more requests, finishes what is under way, and returns when the data folder is closed.
    pub async fn stop(mut self) {
        // An error only says that everything has ended already.
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
        self.store.close().await;
    }
}

fn upload_policy() -> UploadPolicy {
    UploadPolicy { max_bytes: MAX_UPLOAD_BYTES, ..UploadPolicy::default() }
}

fn signer(
    addresses: &Addresses,
    uploads: &uploads::StoreConfig,
    secrets: secrets::Secrets,
) -> Result<Api, StackError> {
    let target = BucketEndpoint::at_endpoint(&uploads.bucket, REGION, &addresses.s3)
        .map_err(|error| StackError::SetUp(error.to_string()))?;
    let signer = Signer::new(target, uploads.s3.credentials.clone(), &addresses.edge);
    Ok(Api {
        signer: Signer { policy: upload_policy(), ..signer },
        // On one machine anyone who reaches the port may upload; a session or token that is shown must hold.
        access: Access { is_open: true, sessions: Some(secrets.sessions), issuer: None },
        keys: secrets.signer,
        multipart: MultipartStore::new(uploads),
        store: uploads::Store::new(uploads),
        origins: AllowedOrigins::All,
        links: None,
    })
}

fn edge_app(governed: &Governed, s3: Client, cache: Cache, signer: Api) -> Result<Router, StackError> {
    let functions = EdgeFunctions::new(governed.key_values.clone(), Timestamp::now)
        .map_err(|error| StackError::SetUp(error.to_string()))?;
    Ok(local_edge::app(EdgeConfig {
        cache,
        functions,
        s3,
        originals: ORIGINALS.to_owned(),
        variants: VARIANTS.to_owned(),
        policy: governed.current.clone(),
        resize: resize::edge::http::app(Arc::clone(&governed.resizer)),
        signer: upload_signer::app::app(signer),
        page: page::app(),
    }))
}

fn s3_config(addresses: &Addresses, credentials: Credentials) -> S3Config {
    S3Config { endpoint: Some(addresses.s3.clone()), region: REGION.to_owned(), credentials }
}

fn store_config(addresses: &Addresses, credentials: Credentials) -> StoreConfig {
    StoreConfig {
        s3: s3_config(addresses, credentials),
        originals: ORIGINALS.to_owned(),
        variants: Some(VARIANTS.to_owned()),
    }
}

async fn serve(listener: TcpListener, app: Router, mut stopped: watch::Receiver<bool>) {
    let until_stopped = async move {
        // An error says that the sender is gone, which is a stop as well.
        let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
    };
    if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(until_stopped).await {
        tracing::error!(%error, "a listener ended");
    }
}
