//! `tintype session`: prints an upload session of a local stack.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use upload_signer::callers::session::Session;
use upload_signer::signing::policy::TypePattern;
use upload_signer::signing::request::Visibility;

use crate::number::whole;
use crate::output::{OutputError, print_line};
use crate::secrets::{self, SecretError};

/// Options of the command.
#[derive(Args, Debug)]
pub struct SessionArgs {
    /// The user of the session, 1 to 255 bytes.
    #[arg(long, value_parser = owner)]
    owner: String,
    /// The stack's data folder. Its session secret signs the session.
    #[arg(long, default_value = "./data")]
    data: PathBuf,
    /// Lifetime of the session, in seconds.
    #[arg(long, default_value_t = 3600, value_parser = whole(1..=u32::MAX), allow_negative_numbers = true)]
    seconds: u32,
    /// A media type that the session allows, such as image/png or image/*. Repeat it for several. Without it, all types
    /// of the policy.
    #[arg(long = "type", value_name = "TYPE", value_parser = media_type)]
    types: Vec<TypePattern>,
    /// Maximum size of a file, in bytes.
    #[arg(long, value_parser = whole(1..=u64::MAX), allow_negative_numbers = true)]
    max_bytes: Option<u64>,
    /// Maximum number of files in one request.
    #[arg(long, value_parser = whole(1..=usize::MAX), allow_negative_numbers = true)]
    max_files: Option<usize>,
    /// Allows private files only.
    #[arg(long)]
    private: bool,
}

/// The reason why no session is printed.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The data folder has no usable secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The session can't be printed.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// Prints a session.
pub fn run(args: SessionArgs) -> Result<(), SessionError> {
    let secret = secrets::read_sessions(&args.data)?;
    let expires = Timestamp::now() + Duration::from_secs(u64::from(args.seconds));
    let session = Session {
        types: (!args.types.is_empty()).then_some(args.types),
        max_bytes: args.max_bytes,
        max_files: args.max_files,
        visibility: args.private.then_some(Visibility::Private),
        ..Session::new(&args.owner, expires)
    };
    Ok(print_line(&session.to_token(&secret))?)
}

fn owner(text: &str) -> Result<String, String> {
    match text.len() {
        1..=255 => Ok(text.to_owned()),
        length => Err(format!("it has {length} bytes, but must have 1 to 255")),
    }
}

fn media_type(text: &str) -> Result<TypePattern, String> {
    TypePattern::parse(text)
        .ok_or_else(|| format!("'{text}' is not a media type such as image/png or image/*"))
}
