//! The command `tintype doctor`.

use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use service::env;
use tintype::doctor::{self, Outcome};

/// What is looked over.
#[derive(Args)]
pub(crate) struct Doctor {
    /// The URL that viewers reach it by, without a path.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// An upload session, where uploads need one.
    #[arg(long, conflicts_with = "token")]
    session: Option<String>,
    /// A token of the configured issuer, where uploads need one.
    #[arg(long)]
    token: Option<String>,
    /// The origin of a page that uploads, such as `https://www.example.com`: that it may is looked at, too.
    #[arg(long)]
    origin: Option<String>,
    /// The bucket of originals, to look at its lifecycle: needs the environment's AWS credentials and region.
    #[arg(long)]
    bucket: Option<String>,
    /// How long an upload may be pending, in seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Why a deployment isn't well, or couldn't be looked over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DoctorError {
    /// The environment lacks what looking at a bucket needs.
    #[error(transparent)]
    Env(#[from] env::EnvError),
    /// So many things are wrong; each was said.
    #[error("{0} of what was looked at is wrong")]
    Unwell(usize),
}

impl Doctor {
    /// Looks, and says what it found.
    #[expect(clippy::print_stdout, reason = "what was found is what this command has to say")]
    pub(crate) async fn run(self) -> Result<(), DoctorError> {
        let caller = match (self.session, self.token) {
            (Some(session), _) => doctor::Caller::Session(session),
            (None, Some(token)) => doctor::Caller::Token(token),
            (None, None) => doctor::Caller::Anyone,
        };
        let bucket = match self.bucket {
            Some(name) => Some(doctor::Bucket {
                name,
                region: env::read(env::AWS_REGION)?,
                credentials: env::credentials()?,
            }),
            None => None,
        };
        let options = doctor::Options {
            url: self.url.trim_end_matches('/').to_owned(),
            caller,
            origin: self.origin,
            bucket,
            patience: Duration::from_secs(u64::from(self.seconds)),
            clock: Timestamp::now,
        };
        let mut failures = 0;
        for doctor::Finding { name, outcome } in doctor::examine(&options).await {
            match outcome {
                Outcome::Passed(seen) => println!("✓ {name}: {seen}"),
                Outcome::Skipped(why) => println!("– {name}: not looked at: {why}"),
                Outcome::Failed(wrong) => {
                    failures += 1;
                    println!("✗ {name}: {wrong}");
                }
            }
        }
        if failures == 0 { Ok(()) } else { Err(DoctorError::Unwell(failures)) }
    }
}
