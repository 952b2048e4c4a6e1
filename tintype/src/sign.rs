//! `tintype sign`: signs a URL of a local stack.

pub mod link;

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use crate::output::{OutputError, print_line};
use crate::policy_file::{self, PolicyFileError};
use link::{Expiry, SignLinkError};

/// Options of the command.
#[derive(Args, Debug)]
pub struct SignArgs {
    /// The URL, such as `http://127.0.0.1:8080/private/…/cat.jpg?w=640`, or its path and query.
    url: String,
    /// The time at which the link expires: seconds since 1970, or +SECONDS from now. Omit it for a link that does not
    /// expire.
    #[arg(long, value_name = "TIME")]
    expires: Option<Expiry>,
    /// The stack's data folder. Its link secret signs the URL.
    #[arg(long, default_value = "./data")]
    data: PathBuf,
    /// The stack's policy, if it isn't the built-in one: the signature covers the policy's presets.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// The reason why no link is printed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The policy can't be read.
    #[error(transparent)]
    Policy(#[from] PolicyFileError),
    /// The URL can't be signed.
    #[error(transparent)]
    Link(#[from] SignLinkError),
    /// The link can't be printed.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// Prints a signed link.
pub fn run(args: &SignArgs) -> Result<(), SignError> {
    let policy = policy_file::read(args.policy.as_deref())?;
    Ok(print_line(&link::sign(&args.url, args.expires, &policy, &args.data, Timestamp::now())?)?)
}
