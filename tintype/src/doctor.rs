//! `tintype doctor`: checks a deployment from outside, as its users see it. It works on the local stack and on AWS.
//!
//! Reading order: [`options`]; [`examination`] has the list of checks; `cdn`, `uploads` and `storage` have the checks;
//! `visitor` has what they share; [`finding`] is the result of a check.

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
use options::{Bucket, Options};

use crate::client::{Caller, CallerArgs, LOCAL_URL, parse_url};
use crate::number::whole;
use crate::output::{OutputError, print_line};

/// Options of the command.
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// The URL that viewers use, without a path.
    #[arg(long, default_value = LOCAL_URL, value_parser = url_without_path)]
    url: String,
    #[command(flatten)]
    caller: CallerArgs,
    /// The origin of a page that uploads, such as `https://www.example.com`. Checks that the page may upload.
    #[arg(long, value_parser = url_without_path)]
    origin: Option<String>,
    /// The bucket of originals. Checks its lifecycle rules, with the AWS credentials and region of the environment.
    #[arg(long)]
    bucket: Option<String>,
    /// Maximum time that an upload may be pending, in seconds.
    #[arg(long, default_value_t = 60, value_parser = whole(0..=u32::MAX), allow_negative_numbers = true)]
    seconds: u32,
}

/// The reason why the command fails: a check has failed, or the deployment can't be checked.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// The environment lacks the settings for the check of the bucket.
    #[error(transparent)]
    Env(#[from] env::EnvError),
    /// The number of checks that failed. The output names each of them.
    #[error("{_0} {} failed", if *_0 == 1 { "check" } else { "checks" })]
    ChecksFailed(usize),
    /// A finding can't be printed.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// Checks a deployment and prints the findings.
pub async fn run(args: DoctorArgs) -> Result<(), DoctorError> {
    let bucket = match args.bucket {
        Some(name) => {
            Some(Bucket { name, region: env::read(env::AWS_REGION)?, credentials: env::credentials()? })
        }
        None => None,
    };
    let options = Options {
        url: args.url,
        caller: Caller::from(args.caller),
        origin: args.origin,
        bucket,
        upload_timeout: Duration::from_secs(u64::from(args.seconds)),
        clock: Timestamp::now,
    };
    let mut failures = 0;
    for Finding { name, result } in examine(&options).await {
        match result {
            CheckResult::Passed(observation) => print_line(&format!("✓ {name}: {observation}"))?,
            CheckResult::Skipped(reason) => print_line(&format!("– {name}: not checked: {reason}"))?,
            CheckResult::Failed(problem) => {
                failures += 1;
                print_line(&format!("✗ {name}: {problem}"))?;
            }
        }
    }
    if failures == 0 { Ok(()) } else { Err(DoctorError::ChecksFailed(failures)) }
}

/// The URL of a deployment. Its paths are those of the checks.
fn url_without_path(text: &str) -> Result<String, String> {
    let url = parse_url(text)?;
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", &url));
    match rest.split_once('/') {
        Some((host, path)) => Err(format!("it has the path /{path}; write {scheme}://{host}")),
        None => Ok(url),
    }
}
