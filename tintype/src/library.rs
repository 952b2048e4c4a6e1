//! `tintype library rebuild`: makes the records of a library again from its originals, those of a deployment or of a local stack, which
//! must not run.

use std::path::PathBuf;

use cdn_config::policy::Policy;
use clap::{Args, Subcommand};
use library::dynamodb::DynamoLibrary;
use local_media_convert::{EventDelivery, Tools};
use resize::edge::config::ConfigError;
use resize::edge::library_keeper::{LibraryKeeper, LibraryKeeperError};

use crate::local::error::StackError;
use crate::local::options::{Options, default_uploads};
use crate::local::stack::Stack;
use crate::output::{OutputError, print_line};

/// Options of the command.
#[derive(Args, Debug)]
pub struct LibraryArgs {
    #[command(subcommand)]
    command: LibraryCommand,
}

#[derive(Debug, Subcommand)]
enum LibraryCommand {
    /// Compares the record of every file with the storage, adds what is missing and removes what is gone. What people have written
    /// stays.
    Rebuild(RebuildArgs),
}

#[derive(Args, Debug)]
struct RebuildArgs {
    /// The data folder of a local stack that doesn't run.
    #[arg(long, default_value = "./data")]
    data: PathBuf,

    /// The name of a deployment's table, its output `LibraryTableName`. The environment has the region and the credentials.
    #[arg(long, requires = "bucket", conflicts_with = "data")]
    table: Option<String>,

    /// The name of the deployment's bucket of originals, its output `OriginalsBucket`.
    #[arg(long, requires = "table")]
    bucket: Option<String>,
}

/// The reason why the library isn't made again.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The folder isn't one of a stack.
    #[error("{} is not the data folder of a local stack; name it with --data", .0.display())]
    NoData(PathBuf),
    /// The environment has no region or credentials.
    #[error(transparent)]
    Environment(#[from] ConfigError),
    /// The stack doesn't start.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// A record can't be made.
    #[error(transparent)]
    Keeper(#[from] LibraryKeeperError),
    /// The result can't be printed.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// Runs the command.
pub async fn run(args: LibraryArgs) -> Result<(), LibraryError> {
    let LibraryCommand::Rebuild(args) = args.command;
    let compared = match args {
        RebuildArgs { table: Some(table), bucket: Some(bucket), .. } => {
            let library = DynamoLibrary::at_environment(&table).map_err(ConfigError::from)?;
            LibraryKeeper::of_bucket(library, &bucket)?.rebuild().await?
        }
        RebuildArgs { data, .. } => rebuild_local(data).await?,
    };
    Ok(print_line(&format!("{compared} files are in the library."))?)
}

async fn rebuild_local(data: PathBuf) -> Result<usize, LibraryError> {
    if !data.join("s3").is_dir() {
        return Err(LibraryError::NoData(data));
    }
    let stack = Stack::start(Options {
        port: 0,
        data,
        policy: Policy::built_in(),
        policy_file: None,
        uploads: default_uploads(),
        scanner: None,
        webhook: None,
        tools: Tools::default(),
        event_delivery: EventDelivery::default(),
        has_workers: true,
        has_library: true,
    })
    .await?;
    let compared = stack.rebuild_library().await;
    stack.stop().await;
    Ok(compared?)
}
