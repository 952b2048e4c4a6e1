//! The command line.

use std::error::Error as _;
use std::io;

use clap::{Parser, Subcommand};

use crate::check_policy::{self, CheckPolicyArgs, CheckPolicyError};
#[cfg(feature = "local")]
use crate::deployed::{self, DeployedArgs, DeployedError};
use crate::doctor::{self, DoctorArgs, DoctorError};
#[cfg(feature = "local")]
use crate::library::{self, LibraryArgs, LibraryError};
#[cfg(feature = "local")]
use crate::local::{self, LocalArgs, LocalError};
use crate::serve::{self, ServeArgs, ServeError};
use crate::session::{self, SessionArgs, SessionError};
use crate::sign::{self, SignArgs, SignError};
use crate::upload::{self, UploadArgs, UploadError};

/// Signed uploads, image variants and video, on one machine.
#[derive(Debug, Parser)]
#[command(name = "tintype", version = env!("TINTYPE_VERSION"))]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts S3, the edge, the services and the page on this machine.
    #[cfg(feature = "local")]
    Local(LocalArgs),
    /// Starts a synthesised deployment on this machine, with the packaged functions.
    #[cfg(feature = "local")]
    Deployed(DeployedArgs),
    /// Makes the library of a local stack again from its files.
    #[cfg(feature = "local")]
    Library(LibraryArgs),
    /// Uploads files to a local stack or a deployment, and prints the URL of each as soon as it is served.
    Upload(UploadArgs),
    /// Checks a deployment or a local stack from outside. For each problem it says what to do.
    Doctor(DoctorArgs),
    /// Checks a policy, and prints what it means: the access of unsigned requests and the number of variants of a source.
    CheckPolicy(CheckPolicyArgs),
    /// Prints an upload session of a local stack, as an application's backend makes one for its users.
    Session(SessionArgs),
    /// Serves files and variants from any S3, without the emulated edge: for a container behind another CDN.
    Serve(ServeArgs),
    /// Signs a URL of a local stack: for a private file, a size off the ladder, or any operation.
    Sign(SignArgs),
}

/// The reason why a command fails.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// `local` fails.
    #[cfg(feature = "local")]
    #[error(transparent)]
    Local(#[from] LocalError),
    /// `deployed` fails.
    #[cfg(feature = "local")]
    #[error(transparent)]
    Deployed(#[from] DeployedError),
    /// `library` fails.
    #[cfg(feature = "local")]
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// `upload` fails.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// `check-policy` fails.
    #[error(transparent)]
    CheckPolicy(#[from] CheckPolicyError),
    /// `doctor` fails, or found a problem.
    #[error(transparent)]
    Doctor(#[from] DoctorError),
    /// `session` fails.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// `serve` fails.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// `sign` fails.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl CommandError {
    /// `true` if the command ends because the reader of its output has closed the pipe.
    pub fn is_closed_pipe(&self) -> bool {
        let mut cause = self.source();
        while let Some(error) = cause {
            if error
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
            {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

/// Runs the command of a command line.
pub async fn run(cli: Cli) -> Result<(), CommandError> {
    match cli.command {
        #[cfg(feature = "local")]
        Command::Local(args) => Ok(local::run(args).await?),
        #[cfg(feature = "local")]
        Command::Deployed(args) => Ok(deployed::run(args).await?),
        #[cfg(feature = "local")]
        Command::Library(args) => Ok(library::run(args).await?),
        Command::Upload(args) => Ok(upload::run(args).await?),
        Command::CheckPolicy(args) => Ok(check_policy::run(&args)?),
        Command::Doctor(args) => Ok(doctor::run(args).await?),
        Command::Session(args) => Ok(session::run(args)?),
        Command::Serve(args) => Ok(serve::run(args).await?),
        Command::Sign(args) => Ok(sign::run(&args)?),
    }
}
