//! `tintype local`: all of Tintype on one machine. The emulators of S3, CloudFront, `MediaConvert` and EventBridge run the
//! services' own handlers, over real HTTP and real signatures.
//!
//! Reading order: [`options`]; [`stack`] starts everything; [`names`] and [`addresses`] are what its parts share; `listeners`; `data`
//! (the data folder); [`principals`] (the roles of the services); `images`, `uploads`, `transcoding` and `library` set up the
//! services; `media_convert` and `distribution` set up emulators; `rules` connects events with services;
//! `policy_watcher` applies changes of the policy's file; `page` is the page at `/`.

pub mod options;

pub mod stack;

pub mod names;

pub mod addresses;

pub mod error;

pub(crate) mod listeners;

mod data;

pub mod principals;

mod images;

mod uploads;

mod transcoding;

mod library;

mod media_convert;

mod distribution;

mod rules;

mod policy_watcher;

mod page;

use std::io;
use std::path::PathBuf;

use clap::Args;
use contract::policy::UnsignedAccess;
use local_media_convert::{EventDelivery, Tools};
use service::env::{self, Variable};
use service::telemetry::{self, FilterError, Style};
use upload_signer::config::error::ConfigError;
use upload_signer::config::policy as upload_policy;
use upload_signer::config::scanner::{self, ScannerConfigError};
use upload_signer::config::webhook::{self, WebhookConfigError};

use crate::number::whole;
use crate::output::{OutputError, print_line, reader_gone};
use crate::policy_file::{self, PolicyFileError};
use crate::signals::{EndSignals, finish};
use addresses::Addresses;
use error::StackError;
use listeners::LAST_FIRST_PORT;
use names::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};
use options::{Options, default_uploads};
use stack::Stack;

/// The variables of the environment that the command reads.
pub const READ_VARIABLES: &[Variable] = &[
    env::LOG,
    env::UPLOAD_TYPES,
    env::UPLOAD_MAX_BYTES,
    env::UPLOAD_MAX_PIXELS,
    env::UPLOAD_LIFETIME,
    env::SCAN_COMMAND,
    env::SCAN_URL,
    env::SCAN_TIMEOUT,
    env::WEBHOOK_URL,
    env::WEBHOOK_SECRET,
    env::JPEG_DECODER,
];

/// Options of the command.
#[derive(Args, Debug)]
pub struct LocalArgs {
    /// The edge's port. S3 takes the next port, MediaConvert the one after. 0 takes any free ports.
    #[arg(long, default_value_t = 8080, value_parser = whole(0..=LAST_FIRST_PORT), allow_negative_numbers = true)]
    port: u16,
    /// The folder of all data.
    #[arg(long, default_value = "./data")]
    data: PathBuf,
    /// A policy instead of the built-in one: see cdn-config/policy.json. A change of the file needs no restart.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Prints the addresses as one line of JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// The reason why the stack doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The policy can't be read.
    #[error(transparent)]
    Policy(#[from] PolicyFileError),
    /// A variable of the environment can't be used.
    #[error(transparent)]
    Env(#[from] env::EnvError),
    /// The filter of the log can't be used.
    #[error(transparent)]
    Log(#[from] FilterError),
    /// The scanner can't be used.
    #[error(transparent)]
    Scanner(#[from] ScannerConfigError),
    /// The rules for uploads can't be used.
    #[error(transparent)]
    Uploads(#[from] ConfigError),
    /// The webhook can't be used.
    #[error(transparent)]
    Webhook(#[from] WebhookConfigError),
    /// A part of the stack doesn't start.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// The addresses can't be printed.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The system doesn't allow a handler of signals.
    #[error("signals can't be waited for: {0}")]
    Signals(#[from] io::Error),
}

/// Runs a stack until a signal ends it.
pub async fn run(args: LocalArgs) -> Result<(), LocalError> {
    telemetry::start(Style::Pretty, &env::read(env::LOG)?)?;
    for name in env::unread(READ_VARIABLES) {
        tracing::warn!("{name} is set, but `tintype local` doesn't read it: see docs/configuration.md");
    }
    let (policy, scanner) = (policy_file::read(args.policy.as_deref())?, scanner::from_env()?);
    let webhook = webhook::endpoint_from_env()?;
    let is_open = policy.rules.unsigned == UnsignedAccess::Open;
    let mut end = EndSignals::listen()?;
    let stack = Stack::start(Options {
        port: args.port,
        data: args.data,
        policy,
        policy_file: args.policy,
        uploads: upload_policy::from_env(default_uploads())?,
        scanner,
        webhook,
        tools: Tools::default(),
        event_delivery: EventDelivery::default(),
        has_workers: true,
        has_library: true,
    })
    .await?;
    let announced = announce(&stack.addresses, args.json, is_open);
    if announced.is_ok() {
        tokio::select! {
            () = end.wait() => {}
            // This happens with `tintype local | head`. A program that reads the addresses as JSON may close the pipe
            // after them.
            () = reader_gone(), if !args.json => {}
        }
    }
    finish(stack.stop()).await;
    Ok(announced?)
}

/// The command that started the program, such as `tintype`, or `./run` in a checkout.
fn own_command() -> String {
    std::env::args_os()
        .next()
        .map_or_else(|| "tintype".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn announce(addresses: &Addresses, as_json: bool, is_open: bool) -> Result<(), OutputError> {
    if as_json {
        return print_line(&serde_json::to_string(addresses).unwrap_or_default());
    }
    let Addresses { edge, s3, mediaconvert } = addresses;
    let command = own_command();
    let warning = if is_open {
        "The policy is open: anyone who reaches this port can request any number of variants.\n\n"
    } else {
        ""
    };
    print_line(&format!(
        "Tintype is running.\n\n  \
         page          {edge}/\n  \
         uploads       {edge}/uploads, or `{command} upload FILE`\n  \
         files         {edge}/files/<id>/<name>?w=640\n  \
         signed links  {edge}/signed-urls, or `{command} sign URL` (private files, any size and operation)\n  \
         S3            {s3}   ({ACCESS_KEY_ID} / {SECRET_ACCESS_KEY}, {REGION})\n  \
         MediaConvert  {mediaconvert}\n\n\
         {warning}Ctrl-C ends it."
    ))
}
