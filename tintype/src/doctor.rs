//! `tintype doctor`: checks a deployment from outside, as its users see it. It works on the local stack and on AWS.
//!
//! Reading order: [`options`]; [`examination`] has the list of checks; `cdn`, `uploads` and `storage` have the checks;
//! `visitor` sends requests; [`finding`] is the result of a check.

pub mod options;

pub mod examination;

mod cdn;

mod uploads;

mod storage;

mod visitor;

pub mod finding;

use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use service::env;

use examination::examine;
use finding::{CheckResult, Finding};
use options::{Bucket, Caller, Options};

/// Options of the command.
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// The URL that viewers use, without a path.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// An upload session, if uploads need one.
    #[arg(long, conflicts_with = "token")]
    session: Option<String>,
    /// A token of the configured issuer, if uploads need one.
    #[arg(long)]
    token: Option<String>,
    /// The origin of a page that uploads, such as `https://www.example.com`. Checks that the page may upload.
    #[arg(long)]
    origin: Option<String>,
    /// The bucket of originals. Checks its lifecycle rules, with the AWS credentials and region of the environment.
    #[arg(long)]
    bucket: Option<String>,
    /// Maximum time that an upload may be pending, in seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// The reason why the command fails: a check has failed, or the deployment can't be checked.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// The environment lacks the settings for the check of the bucket.
    #[error(transparent)]
    Env(#[from] env::EnvError),
    /// The number of checks that failed. The output names each of them.
    #[error("{0} checks failed")]
    Unwell(usize),
}

/// Checks a deployment and prints the findings.
#[expect(clippy::print_stdout, reason = "the findings are the command's output")]
pub async fn run(args: DoctorArgs) -> Result<(), DoctorError> {
    let caller = match (args.session, args.token) {
        (Some(session), _) => Caller::Session(session),
        (None, Some(token)) => Caller::Token(token),
        (None, None) => Caller::Anyone,
    };
    let bucket = match args.bucket {
        Some(name) => {
            Some(Bucket { name, region: env::read(env::AWS_REGION)?, credentials: env::credentials()? })
        }
        None => None,
    };
    let options = Options {
        url: args.url.trim_end_matches('/').to_owned(),
        caller,
        origin: args.origin,
        bucket,
        upload_timeout: Duration::from_secs(u64::from(args.seconds)),
        clock: Timestamp::now,
    };
    let mut failures = 0;
    for Finding { name, result } in examine(&options).await {
        match result {
            CheckResult::Passed(observation) => println!("✓ {name}: {observation}"),
            CheckResult::Skipped(reason) => println!("– {name}: not checked: {reason}"),
            CheckResult::Failed(problem) => {
                failures += 1;
                println!("✗ {name}: {problem}");
            }
        }
    }
    if failures == 0 { Ok(()) } else { Err(DoctorError::Unwell(failures)) }
}
