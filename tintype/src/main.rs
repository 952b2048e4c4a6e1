//! The program `tintype`.

mod look_over;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use bucket::S3Config;
use cdn_config::policy::{Policy, PolicyError};
use clap::{Args, Parser, Subcommand};
use contract::policy::UnsignedAccess;
use contract::signing_keys::{SigningKeys, SigningKeysError};
use jiff::Timestamp;
use local_media_convert::{EventDelivery, Tools};
use resize::edge::config::{ConfigError, StoreConfig};
use service::env;
use service::telemetry::{self, Style};
use tintype::links::{self, End, SignLinkError};
use tintype::secrets::{self, SecretError};
use tintype::serve::{self, ServeConfig};
use tintype::signals::{EndSignals, finish};
use tintype::stack::{ACCESS_KEY_ID, Addresses, Options, REGION, SECRET_ACCESS_KEY, Stack, StackError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use upload_signer::config::scanner::{self, ScannerConfigError};
use upload_signer::signing::policy::TypePattern;
use upload_signer::signing::request::Visibility;

/// Signed uploads, image variants and video, on one machine.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts S3, the edge, the services and the page on this machine.
    Local(Local),
    /// Looks over a deployment, or a local stack, from outside, and says what is wrong and what to do.
    Doctor(look_over::Doctor),
    /// Makes an upload session of a local stack, as an application's backend does for its users.
    Session(Session),
    /// Serves files and variants from any S3, without the emulated edge: for a container behind another CDN.
    Serve(Serve),
    /// Signs a URL of a local stack: for a private file, a size off the ladder, or any operation.
    Sign(Sign),
}

/// Credentials come from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, the secret of signed
/// links from `TINTYPE_LINK_SECRET`.
#[derive(Args)]
struct Serve {
    /// The address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The bucket of originals.
    #[arg(long, value_name = "BUCKET")]
    originals: String,
    /// The bucket that variants are kept in. Without one each is made for each request.
    #[arg(long, value_name = "BUCKET")]
    variants: Option<String>,
    /// The URL of another S3 than the region's own; addressed by path.
    #[arg(long, value_name = "URL")]
    s3: Option<String>,
    /// The buckets' region.
    #[arg(long, default_value = REGION)]
    region: String,
    /// A policy instead of the built-in one: see cdn-config/policy.json.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

#[derive(Args)]
struct Sign {
    /// The URL, such as `http://127.0.0.1:8080/private/…/cat.jpg?w=640`, or its path and query.
    url: String,
    /// When it ends: a time in seconds since 1970, or +SECONDS from now. Never without.
    #[arg(long, value_name = "TIME")]
    expires: Option<End>,
    /// The stack's data folder, whose secret it is signed with.
    #[arg(long, default_value = "./data")]
    data: PathBuf,
    /// The stack's policy, if it isn't the built-in one: its presets are part of what is signed.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

#[derive(Args)]
struct Session {
    /// Whose session it is.
    #[arg(long)]
    owner: String,
    /// The stack's data folder, whose session secret it is signed with.
    #[arg(long, default_value = "./data")]
    data: PathBuf,
    /// How long it lives, in seconds.
    #[arg(long, default_value_t = 3600)]
    seconds: u32,
    /// A media type that it allows, such as image/png or image/*; may be given again. All of the policy without.
    #[arg(long = "type", value_name = "TYPE", value_parser = media_type)]
    types: Vec<TypePattern>,
    /// The largest file, in bytes.
    #[arg(long)]
    max_bytes: Option<u64>,
    /// The most files in one request.
    #[arg(long)]
    max_files: Option<usize>,
    /// Only private files.
    #[arg(long)]
    private: bool,
}

#[derive(Args)]
struct Local {
    /// The edge's port; S3 takes the next, MediaConvert the one after. 0 takes any that are free.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder that everything is kept in.
    #[arg(long, default_value = "./data")]
    data: PathBuf,
    /// A policy instead of the built-in one: see cdn-config/policy.json. A change of the file needs no restart.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Prints one line of JSON with the addresses instead of a text.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Local(local) => run(local).await,
        Command::Serve(serve) => run_server(serve).await,
        Command::Session(session) => print_session(session),
        Command::Sign(sign) => print_link(&sign),
        Command::Doctor(doctor) => doctor.run().await.map_err(RunError::from),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("tintype: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Why the program ends early.
#[derive(Debug, thiserror::Error)]
enum RunError {
    #[error("the policy {} can't be read: {cause}", .file.display())]
    PolicyFile { file: PathBuf, cause: std::io::Error },
    #[error("{}: {cause}", .file.display())]
    Policy { file: PathBuf, cause: PolicyError },
    #[error(transparent)]
    Env(#[from] env::EnvError),
    #[error("the session secret of {} can't be used: {cause}", .folder.display())]
    Secret { folder: PathBuf, cause: SecretError },
    #[error(transparent)]
    Link(#[from] SignLinkError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Scanner(#[from] ScannerConfigError),
    #[error(transparent)]
    Stack(#[from] StackError),
    #[error("TINTYPE_LINK_SECRET: {0}")]
    LinkSecret(#[from] SigningKeysError),
    #[error("{address} can't be listened on: {cause}")]
    Listen { address: SocketAddr, cause: std::io::Error },
    #[error(
        "--s3 {0}: this program was built without TLS; build it with `--features tls`, or give an http:// URL"
    )]
    NoTls(String),
    #[error(transparent)]
    Doctor(#[from] look_over::DoctorError),
    #[error("signals can't be waited for: {0}")]
    Signals(#[from] std::io::Error),
}

async fn run(local: Local) -> Result<(), RunError> {
    telemetry::start(Style::Pretty, &env::read(env::LOG)?);
    let (policy, scanner) = (policy(local.policy.as_deref())?, scanner::from_env()?);
    let is_open = policy.rules.unsigned == UnsignedAccess::Open;
    let mut end = EndSignals::listen()?;
    let stack = Stack::start(Options {
        port: local.port,
        data: local.data,
        policy,
        policy_file: local.policy,
        scanner,
        tools: Tools::default(),
        event_delivery: EventDelivery::default(),
    })
    .await?;
    announce(&stack.addresses, local.json, is_open);
    end.wait().await;
    finish(stack.stop()).await;
    Ok(())
}

async fn run_server(given: Serve) -> Result<(), RunError> {
    telemetry::start(Style::Json, &env::read(env::LOG)?);
    let speaks_in_the_clear = given.s3.as_ref().is_some_and(|url| url.starts_with("http://"));
    if cfg!(not(feature = "tls")) && !speaks_in_the_clear {
        return Err(RunError::NoTls(given.s3.unwrap_or_else(|| "(the region's own)".to_owned())));
    }
    let link_secret = env::optional(env::LINK_SECRET)?;
    let config = ServeConfig {
        store: StoreConfig {
            s3: S3Config { endpoint: given.s3, region: given.region, credentials: env::credentials()? },
            originals: given.originals,
            variants: given.variants,
        },
        policy: policy(given.policy.as_deref())?,
        link_keys: link_secret.map(|secret| SigningKeys::parse(&secret)).transpose()?,
    };
    let mut end = EndSignals::listen()?;
    let address = given.listen;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|cause| RunError::Listen { address, cause })?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    let (stop, mut stopped) = watch::channel(());
    let until_stopped = async move { drop(stopped.changed().await) };
    let serving = axum::serve(listener, serve::app(config)?).with_graceful_shutdown(until_stopped);
    let serving = tokio::spawn(async move { serving.await });
    end.wait().await;
    drop(stop);
    finish(serving).await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the session is what this command has to say")]
fn print_session(given: Session) -> Result<(), RunError> {
    let secrets =
        secrets::open(&given.data).map_err(|cause| RunError::Secret { folder: given.data.clone(), cause })?;
    let expires = Timestamp::now() + Duration::from_secs(u64::from(given.seconds));
    let session = upload_signer::callers::session::Session {
        types: (!given.types.is_empty()).then_some(given.types),
        max_bytes: given.max_bytes,
        max_files: given.max_files,
        visibility: given.private.then_some(Visibility::Private),
        ..upload_signer::callers::session::Session::new(&given.owner, expires)
    };
    println!("{}", session.to_token(&secrets.sessions));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the link is what this command has to say")]
fn print_link(given: &Sign) -> Result<(), RunError> {
    let policy = policy(given.policy.as_deref())?;
    println!("{}", links::sign(&given.url, given.expires, &policy, &given.data, Timestamp::now())?);
    Ok(())
}

fn media_type(text: &str) -> Result<TypePattern, String> {
    TypePattern::parse(text).ok_or_else(|| format!("'{text}' is no media type such as image/png or image/*"))
}

fn policy(file: Option<&Path>) -> Result<Policy, RunError> {
    let Some(file) = file else { return Ok(Policy::built_in()) };
    match std::fs::read_to_string(file) {
        Ok(text) => Policy::parse(&text).map_err(|cause| RunError::Policy { file: file.to_owned(), cause }),
        Err(cause) => Err(RunError::PolicyFile { file: file.to_owned(), cause }),
    }
}

#[expect(clippy::print_stdout, reason = "the addresses are what this program has to say")]
fn announce(addresses: &Addresses, as_json: bool, is_open: bool) {
    if as_json {
        println!("{}", serde_json::to_string(addresses).unwrap_or_default());
        return;
    }
    let Addresses { edge, s3, mediaconvert } = addresses;
    println!("Tintype is running.\n");
    println!("  page          {edge}/");
    println!("  uploads       {edge}/uploads");
    println!("  files         {edge}/files/<id>/<name>?w=640");
    println!(
        "  signed links  {edge}/signed-urls, or `tintype sign URL` (private files, any size and operation)"
    );
    println!("  S3            {s3}   ({ACCESS_KEY_ID} / {SECRET_ACCESS_KEY}, {REGION})");
    println!("  MediaConvert  {mediaconvert}\n");
    if is_open {
        println!("The policy is open: anyone who reaches this port can ask for any number of variants.\n");
    }
    println!("Ctrl-C ends it.");
}

#[expect(clippy::print_stderr, reason = "the log may not have been started")]
fn say(sentence: &str) {
    eprintln!("{sentence}");
}
