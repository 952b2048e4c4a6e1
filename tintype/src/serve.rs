//! `tintype serve`: the image API over HTTP and any S3, without the emulated edge.

pub mod app;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use bucket::S3Config;
use clap::Args;
use contract::signing_keys::{SigningKeys, SigningKeysError};
use resize::edge::config::{ConfigError, StoreConfig};
use service::env;
use service::telemetry::{self, Style};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::policy_file::{self, PolicyFileError};
use crate::signals::{EndSignals, finish};
use app::ServerConfig;

/// The default region of the buckets.
const DEFAULT_REGION: &str = "us-east-1";

/// Credentials come from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, the secret of signed
/// links from `TINTYPE_LINK_SECRET`.
#[derive(Args, Debug)]
pub struct ServeArgs {
    /// The address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The bucket of originals.
    #[arg(long, value_name = "BUCKET")]
    originals: String,
    /// The bucket that keeps variants. Without it, every request renders its variant again.
    #[arg(long, value_name = "BUCKET")]
    variants: Option<String>,
    /// The URL of an S3 other than the region's own. Buckets are addressed by path.
    #[arg(long, value_name = "URL")]
    s3: Option<String>,
    /// The buckets' region.
    #[arg(long, default_value = DEFAULT_REGION)]
    region: String,
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
    /// A setting of the resize service can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The secret of signed links can't be used.
    #[error("TINTYPE_LINK_SECRET: {0}")]
    LinkSecret(#[from] SigningKeysError),
    /// The address can't be listened on.
    #[error("{address} can't be listened on: {cause}")]
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
    /// The system allows no handler of signals.
    #[error("signals can't be waited for: {0}")]
    Signals(#[from] io::Error),
}

/// Serves until a signal ends it.
pub async fn run(args: ServeArgs) -> Result<(), ServeError> {
    telemetry::start(Style::Json, &env::read(env::LOG)?);
    let is_unencrypted = args.s3.as_ref().is_some_and(|url| url.starts_with("http://"));
    if cfg!(not(feature = "tls")) && !is_unencrypted {
        return Err(ServeError::NoTls(args.s3.unwrap_or_else(|| "(the region's own)".to_owned())));
    }
    let link_secret = env::optional(env::LINK_SECRET)?;
    let config = ServerConfig {
        store: StoreConfig {
            s3: S3Config { endpoint: args.s3, region: args.region, credentials: env::credentials()? },
            originals: args.originals,
            variants: args.variants,
        },
        policy: policy_file::read(args.policy.as_deref())?,
        link_keys: link_secret.map(|secret| SigningKeys::parse(&secret)).transpose()?,
    };
    let mut end = EndSignals::listen()?;
    let address = args.listen;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|cause| ServeError::Listen { address, cause })?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    let (stop, mut stopped) = watch::channel(());
    let until_stopped = async move { drop(stopped.changed().await) };
    let serving = axum::serve(listener, app::app(config)?).with_graceful_shutdown(until_stopped);
    let serving = tokio::spawn(async move { serving.await });
    end.wait().await;
    drop(stop);
    finish(serving).await;
    Ok(())
}
