//! The program `tintype`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use cdn_config::policy::{Policy, PolicyError};
use clap::{Args, Parser, Subcommand};
use contract::policy::Unsigned;
use local_stack::stack::{ACCESS_KEY_ID, Addresses, Options, REGION, SECRET_ACCESS_KEY, Stack, StackError};
use service::env;
use service::telemetry::{self, Style};
use tokio::signal::unix::{SignalKind, signal};
use upload_signer::scan::{Scanner, ScannerError};

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
}

#[derive(Args)]
struct Local {
    /// The edge's port; S3 takes the next, MediaConvert the one after. 0 takes any that are free.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder that everything is kept in.
    #[arg(long, default_value = "./data")]
    data: PathBuf,
    /// A policy instead of the built-in one: see cdn-config/policy.json.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Prints one line of JSON with the addresses instead of a text.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Local(local) = Cli::parse().command;
    match run(local).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("tintype: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// How long requests that are under way may go on after the signal to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why the program ends early.
#[derive(Debug, thiserror::Error)]
enum RunError {
    #[error("the policy {} can't be read: {cause}", .file.display())]
    PolicyFile { file: PathBuf, cause: std::io::Error },
    #[error("{}: {cause}", .file.display())]
    Policy { file: PathBuf, cause: PolicyError },
    #[error(transparent)]
    Env(#[from] env::EnvError),
    #[error(transparent)]
    Scanner(#[from] ScannerError),
    #[error(transparent)]
    Stack(#[from] StackError),
    #[error("signals can't be waited for: {0}")]
    Signals(#[from] std::io::Error),
}

async fn run(local: Local) -> Result<(), RunError> {
    telemetry::start(Style::Pretty, &env::read(env::LOG)?);
    let (policy, scanner) = (policy(local.policy)?, Scanner::from_env()?);
    let is_open = policy.rules.unsigned == Unsigned::Open;
    let (mut interrupted, mut terminated) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stack = Stack::start(Options { port: local.port, data: local.data, policy, scanner }).await?;
    announce(&stack.addresses, local.json, is_open);
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    if tokio::time::timeout(PATIENCE, stack.stop()).await.is_err() {
        tracing::warn!("some requests were still under way after {} s and are cut off", PATIENCE.as_secs());
    }
    Ok(())
}

fn policy(file: Option<PathBuf>) -> Result<Policy, RunError> {
    let Some(file) = file else { return Ok(Policy::built_in()) };
    match std::fs::read_to_string(&file) {
        Ok(text) => Policy::parse(&text).map_err(|cause| RunError::Policy { file, cause }),
        Err(cause) => Err(RunError::PolicyFile { file, cause }),
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
