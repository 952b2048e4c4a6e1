//! `tintype serve`: the image API over HTTP and any S3, without the emulated edge.

pub mod app;

mod limits;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use bucket::{S3Config, Transport};
use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use contract::signing_keys::{SigningKeys, SigningKeysError};
use resize::edge::config::{ConfigError, StoreConfig};
use service::env::{self, Variable};
use service::telemetry::{self, FilterError, Style};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::client::parse_url;
use crate::number::whole;
use crate::policy_file::{self, PolicyFileError};
use crate::signals::{EndSignals, finish};
use app::{ServerApps, ServerConfig};
use limits::ConnectionLimits;

/// The maximum time for which a client may keep a connection without progress. Load balancers keep idle connections for a
/// minute (AWS's default), and must be the side that closes them.
const IDLE_LIMIT: Duration = Duration::from_secs(75);

/// The largest bound on connections: more than the files that a process may open.
const MAX_CONNECTIONS: usize = 1 << 20;

/// The variables of the environment that the command reads.
const READ_VARIABLES: &[Variable] = &[env::LOG, env::LINK_SECRET, env::JPEG_DECODER];

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
    /// The bucket that keeps variants. Without it, every `GET` renders its variant again.
    #[arg(long, value_name = "BUCKET", value_parser = bucket_name)]
    variants: Option<String>,
    /// The URL of an S3 other than the region's own. Buckets are addressed by path.
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    s3: Option<String>,
    /// The buckets' region. Without it, the one in `AWS_REGION`, or us-east-1.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    region: Option<String>,
    /// A policy instead of the built-in one: see cdn-config/policy.json.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
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
    /// The system doesn't allow a handler of signals.
    #[error("signals can't be waited for: {0}")]
    Signals(#[from] io::Error),
}

/// Serves until a signal ends it.
pub async fn run(args: ServeArgs) -> Result<(), ServeError> {
    telemetry::start(Style::Json, &env::read(env::LOG)?)?;
    for name in env::unread(READ_VARIABLES) {
        tracing::warn!(name, "a variable is set that `tintype serve` doesn't read");
    }
    if args.variants.as_ref() == Some(&args.originals) {
        return Err(ServeError::OneBucket);
    }
    let is_unencrypted = args.s3.as_ref().is_some_and(|url| url.starts_with("http://"));
    if cfg!(not(feature = "tls")) && !is_unencrypted {
        return Err(ServeError::NoTls(args.s3.unwrap_or_else(|| "(the region's own)".to_owned())));
    }
    let link_secret = env::optional(env::LINK_SECRET)?;
    let region = args.region.map_or_else(|| env::read(env::AWS_REGION), Ok)?;
    let config = ServerConfig {
        store: StoreConfig {
            s3: S3Config {
                endpoint: args.s3,
                region,
                credentials: env::credentials()?,
                transport: Transport::NETWORK,
            },
            originals: args.originals,
            variants: args.variants,
        },
        policy: policy_file::read(args.policy.as_deref())?,
        link_keys: link_secret.map(|secret| SigningKeys::parse(&secret)).transpose()?,
        has_workers: true,
    };
    let mut end = EndSignals::listen()?;
    let ServerApps { media, status, access } = app::apps(config)?;
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
    drop(stop);
    finish(serving.join_all()).await;
    Ok(())
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
