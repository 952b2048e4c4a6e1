//! `tintype deployed`: a synthesised deployment on this machine. It starts what the template of a cloud assembly declares, with the
//! packaged functions, and knows nothing of its own about the deployment.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use clap::Args;
use local_deployed::deployment::{self, Deployment};
use local_deployed::error::DeployError;
use local_media_convert::Tools;
use serde::Serialize;
use service::env::{self, EnvError};
use service::telemetry::{self, FilterError, Style};

use crate::local::addresses::Addresses;
use crate::local::error::StackError;
use crate::local::listeners::{LAST_FIRST_PORT, Listeners};
use crate::local::names::owner;
use crate::number::whole;
use crate::output::{OutputError, print_line};
use crate::signals::{EndSignals, finish};

/// Options of the command.
#[derive(Args, Debug)]
pub struct DeployedArgs {
    /// The folder of the cloud assembly, which `node dist/app.js` writes in `deploy`.
    #[arg(default_value = "deploy/cdk.out")]
    assembly: PathBuf,
    /// The distribution's port. S3 takes the next port, all other APIs of AWS the one after. 0 takes any free ports.
    #[arg(long, default_value_t = 8080, value_parser = whole(0..=LAST_FIRST_PORT))]
    port: u16,
    /// The folder of all data: objects, secrets, and the code and logs of functions.
    #[arg(long, default_value = "./deployed")]
    data: PathBuf,
    /// Prints the addresses and the stack's outputs as one line of JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// The reason why the deployment doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum DeployedError {
    /// A variable of the environment can't be used.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// The filter of the log can't be used.
    #[error(transparent)]
    Log(#[from] FilterError),
    /// The ports can't be used.
    #[error(transparent)]
    Ports(#[from] StackError),
    /// The deployment can't be started.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// The addresses can't be printed.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The system doesn't allow a handler of signals.
    #[error("signals can't be waited for: {0}")]
    Signals(#[from] io::Error),
}

/// The addresses and outputs of a deployment.
#[derive(Serialize)]
struct Announcement<'a> {
    #[serde(flatten)]
    addresses: &'a Addresses,
    outputs: &'a BTreeMap<String, String>,
}

/// Runs a deployment until a signal ends it.
pub async fn run(args: DeployedArgs) -> Result<(), DeployedError> {
    telemetry::start(Style::Pretty, &env::read(env::LOG)?)?;
    let mut end = EndSignals::listen()?;
    let listeners = Listeners::bind(args.port).await?;
    let addresses = listeners.addresses()?;
    let Listeners { edge, s3, media_convert: aws } = listeners;
    let options = deployment::Options {
        assembly: args.assembly.clone(),
        data: args.data.clone(),
        owner: owner(),
        tools: Tools::default(),
    };
    let deployment = Deployment::start(options, deployment::Listeners { edge, s3, aws }).await?;
    let announced = announce(&Announcement { addresses: &addresses, outputs: &deployment.outputs }, &args);
    if announced.is_ok() {
        end.wait().await;
    }
    finish(deployment.stop()).await;
    Ok(announced?)
}

fn announce(announcement: &Announcement<'_>, args: &DeployedArgs) -> Result<(), OutputError> {
    if args.json {
        return print_line(&serde_json::to_string(announcement).unwrap_or_default());
    }
    let Announcement { addresses: Addresses { edge, s3, mediaconvert }, outputs } = announcement;
    let data = args.data.display();
    print_line(&format!(
        "The deployment is running.\n\n  \
         distribution  {edge}\n  \
         S3            {s3}\n  \
         other APIs    {mediaconvert}\n  \
         alarms        {mediaconvert}/deployed/alarms\n  \
         secrets       {data}/secrets.json\n  \
         logs          {data}/logs\n"
    ))?;
    for (name, value) in *outputs {
        print_line(&format!("  {name}: {value}"))?;
    }
    print_line("\nCtrl-C ends it.")
}
