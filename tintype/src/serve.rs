//! `tintype serve`: the image API over HTTP and any S3, without the emulated edge, and uploads if it is told to accept them.

pub mod app;

mod download;

mod limits;

mod span;

pub mod uploads;

#[cfg(feature = "otlp")]
mod otlp;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use bucket::{S3Config, Transport};
use cdn_config::policy::Keep;
use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use contract::signing_keys::{SigningKeys, SigningKeysError};
use resize::edge::config::{ConfigError, StoreConfig};
use service::env::{self, Variable};
use service::telemetry::{self, FilterError, Style};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::client::parse_url;
use crate::number::whole;
use crate::policy_file::{self, PolicyFileError};
use crate::signals::{EndSignals, finish};
use app::{CurrentPolicy, ServerApps, ServerConfig};
use limits::ConnectionLimits;

/// The maximum time for which a client may keep a connection without progress. Load balancers keep idle connections for a
/// minute (AWS's default), and must be the side that closes them.
const IDLE_LIMIT: Duration = Duration::from_secs(75);

/// The largest bound on connections: more than the files that a process may open.
const MAX_CONNECTIONS: usize = 1 << 20;

/// The variables of the environment that the command reads.
const READ_VARIABLES: &[Variable] = &[env::LOG, env::LINK_SECRET, env::JPEG_DECODER];

/// The variables that it reads in addition if it accepts uploads.
const UPLOAD_VARIABLES: &[Variable] = &[
    env::SIGNER_SECRET,
    env::SESSION_SECRET,
    env::UPLOAD_OPEN,
    env::UPLOAD_ORIGINS,
    env::UPLOAD_TYPES,
    env::UPLOAD_MAX_BYTES,
    env::UPLOAD_MAX_PIXELS,
    env::UPLOAD_LIFETIME,
    env::JWT_ISSUER,
    env::JWT_AUDIENCE,
    env::JWT_KEYS,
    env::SCAN_COMMAND,
    env::SCAN_URL,
    env::SCAN_TIMEOUT,
    env::SECRETS_ENDPOINT,
];

/// Credentials come from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, the secret of signed
/// links from `TINTYPE_LINK_SECRET`.
#[derive(Args, Debug)]
pub struct ServeArgs {
    /// The port of the loopback interface, or the address and port, to listen on.
    #[arg(long, value_name = "[ADDRESS:]PORT", default_value = "127.0.0.1:8080", value_parser = port_or_address)]
    listen: SocketAddr,
    /// A port of its own for `/healthz`, `/readyz` and `/metrics`: a port of the loopback interface, or an address and
    /// port. Without it, these paths are answered at the port of the files.
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = port_or_address)]
    metrics_listen: Option<SocketAddr>,
    /// The maximum number of connections. Further clients wait until one ends.
    #[arg(long, default_value_t = 1024, value_name = "NUMBER", value_parser = whole(1..=MAX_CONNECTIONS), allow_negative_numbers = true)]
    max_connections: usize,
    /// The bucket of originals.
    #[arg(long, value_name = "BUCKET", value_parser = bucket_name)]
    originals: String,
    /// The bucket that keeps every variant. Without it, every `GET` renders its variant again.
    #[arg(long, value_name = "BUCKET", value_parser = bucket_name)]
    variants: Option<String>,
    /// The URL of an S3 other than the region's own. Buckets are addressed by path.
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    s3: Option<String>,
    /// The buckets' region. Without it, the one in `AWS_REGION`, or us-east-1.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    region: Option<String>,
    /// A policy instead of the built-in one: see cdn-config/policy.json. SIGHUP makes the server read the file again.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Accepts uploads into the bucket of originals, checks them, and serves only files that passed the check. The URL is the
    /// one at which viewers reach this server.
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    uploads: Option<String>,
    /// The S3's URL for clients that upload, if it isn't that of --s3.
    #[arg(long, value_name = "URL", value_parser = parse_url, requires = "uploads")]
    upload_s3: Option<String>,
}

/// The reason why the server doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The policy can't be read.
    #[error(transparent)]
    Policy(#[from] PolicyFileError),
    /// A variable of the environment can't be used.
    #[error(transparent)]
    Env(#[from] env::EnvError),
    /// The filter of the log can't be used.
    #[error(transparent)]
    Log(#[from] FilterError),
    /// A setting of the resize service can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The secret of signed links can't be used.
    #[error("TINTYPE_LINK_SECRET: {0}")]
    LinkSecret(#[from] SigningKeysError),
    /// Originals and variants would lie in one bucket.
    #[error("--originals and --variants name the same bucket: variants need one of their own")]
    OneBucket,
    /// The policy says that no variant is stored.
    #[error(
        "--variants: the policy's delivery.keep is never, so no variant is stored; leave --variants out, or change the policy"
    )]
    NothingKept,
    /// The server can't listen at the address.
    #[error(
        "the server can't listen at {address}: {cause}; choose another with --listen or --metrics-listen"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        cause: io::Error,
    },
    /// The S3 needs TLS, which this program was built without.
    #[error(
        "--s3 {0}: this program was built without TLS; build it with `--features tls`, or give an http:// URL"
    )]
    NoTls(String),
    /// A variable of OpenTelemetry can't be used.
    #[cfg(feature = "otlp")]
    #[error("traces and metrics can't be exported: {0}")]
    Otlp(#[from] opentelemetry_otlp::ExporterBuildError),
    /// The settings of uploads can't be used.
    #[error(transparent)]
    Uploads(#[from] upload_signer::config::error::ConfigError),
    /// The system doesn't allow a handler of signals.
    #[error("signals can't be waited for: {0}")]
    Signals(#[from] io::Error),
}

/// Serves until a signal ends it.
pub async fn run(args: ServeArgs) -> Result<(), ServeError> {
    let collector = env::optional(env::OTLP_ENDPOINT)?;
    #[cfg(feature = "otlp")]
    let exports = collector.map(|_| otlp::Exports::start()).transpose()?;
    #[cfg(feature = "otlp")]
    telemetry::start_with(Style::Json, &env::read(env::LOG)?, exports.as_ref().map(otlp::Exports::exporter))?;
    #[cfg(not(feature = "otlp"))]
    telemetry::start(Style::Json, &env::read(env::LOG)?)?;
    #[cfg(not(feature = "otlp"))]
    if collector.is_some() {
        tracing::warn!(
            name = env::OTLP_ENDPOINT.name,
            "a variable is set that this program doesn't read: it was built without the feature otlp"
        );
    }
    let read = [READ_VARIABLES, if args.uploads.is_some() { UPLOAD_VARIABLES } else { &[] }].concat();
    for name in env::unread(&read) {
        tracing::warn!(name, "a variable is set that `tintype serve` doesn't read");
    }
    if args.variants.as_ref() == Some(&args.originals) {
        return Err(ServeError::OneBucket);
    }
    let is_unencrypted = args.s3.as_ref().is_some_and(|url| url.starts_with("http://"));
    if cfg!(not(feature = "tls")) && !is_unencrypted {
        return Err(ServeError::NoTls(args.s3.unwrap_or_else(|| "(the region's own)".to_owned())));
    }
    let policy = policy_file::read(args.policy.as_deref())?;
    let has_variants = args.variants.is_some();
    if policy.keep == Keep::Never && has_variants {
        return Err(ServeError::NothingKept);
    }
    let link_secret = env::optional(env::LINK_SECRET)?;
    let region = args.region.map_or_else(|| env::read(env::AWS_REGION), Ok)?;
    let s3 = S3Config {
        endpoint: args.s3,
        region,
        credentials: env::credentials()?,
        transport: Transport::NETWORK,
    };
    let (uploads, poller) = match &args.uploads {
        Some(public_url) => {
            let (uploads, poller) =
                uploads::from_env(&s3, &args.originals, public_url, args.upload_s3.as_deref()).await?;
            (Some(uploads), Some(poller))
        }
        None => (None, None),
    };
    let config = ServerConfig {
        store: StoreConfig { s3, originals: args.originals, variants: args.variants },
        policy,
        link_keys: link_secret.map(|secret| SigningKeys::parse(&secret)).transpose()?,
        has_workers: true,
        uploads,
    };
    let mut end = EndSignals::listen()?;
    let ServerApps { media, status, access, policy } = app::apps(config)?;
    let following = tokio::spawn(follow(signal(SignalKind::hangup())?, args.policy, policy, has_variants));
    let polling = poller.map(|poller| tokio::spawn(uploads::poll(poller)));
    let limits = ConnectionLimits { connections: args.max_connections, idle: IDLE_LIMIT };
    let listeners = match args.metrics_listen {
        Some(address) => vec![(args.listen, media), (address, status)],
        None => vec![(args.listen, status.fallback_service(media))],
    };
    let (stop, stopped) = watch::channel(());
    let mut serving = JoinSet::new();
    for (address, app) in listeners {
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|cause| ServeError::Listen { address, cause })?;
        tracing::info!(address = %listener.local_addr()?, "serving");
        let mut stopped = stopped.clone();
        serving.spawn(limits::serve(listener, app, limits, async move { drop(stopped.changed().await) }));
    }
    // A failure is in the log. The server keeps running, since the storage may start after it.
    let checking = tokio::spawn(async move { access.result().await });
    end.wait().await;
    checking.abort();
    following.abort();
    // A check of an upload that is cut off is repeated by the next server.
    polling.inspect(tokio::task::JoinHandle::abort);
    drop(stop);
    finish(serving.join_all()).await;
    #[cfg(feature = "otlp")]
    if let Some(exports) = exports {
        exports.end().await;
    }
    Ok(())
}

/// Reads the policy's file at each SIGHUP. A file that can't be used changes nothing.
async fn follow(mut hangups: Signal, file: Option<PathBuf>, current: CurrentPolicy, has_variants: bool) {
    while hangups.recv().await.is_some() {
        let read = policy_file::read(file.as_deref()).map_err(ServeError::from);
        match read {
            Ok(policy) if policy.keep == Keep::Never && has_variants => {
                tracing::error!(error = %ServeError::NothingKept, "the old policy stays");
            }
            Ok(policy) => current.replace(policy),
            Err(error) => tracing::error!(%error, "the old policy stays"),
        }
    }
}

/// A port of the loopback interface, or an address and port.
fn port_or_address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    text.parse().map_err(|_| {
        "it is neither a port such as 8080 nor an address and port such as 0.0.0.0:8080".to_owned()
    })
}

/// The name of a bucket, without the scheme and the path that other programs write around it.
fn bucket_name(text: &str) -> Result<String, String> {
    let name = text.trim_start_matches("s3://").trim_end_matches('/');
    match name {
        "" => Err("it is empty; write the name of a bucket, such as my-originals".to_owned()),
        _ if name.contains(['/', ':']) => {
            Err("it is not the name of a bucket, such as my-originals".to_owned())
        }
        _ if name != text => Err(format!("write the bucket's name alone: {name}")),
        _ => Ok(name.to_owned()),
    }
}
