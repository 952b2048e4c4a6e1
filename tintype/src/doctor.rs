//! Looks over a deployment from outside, as its users see it: `tintype doctor`. Works on the local stack and on AWS alike.
//!
//! Reading order: [`examine`] below is the list of what is looked at; `visit` asks; `edge` looks at the CDN, `uploads`
//! sends files and reads them again, `storage` looks at the bucket itself.

mod edge;

mod storage;

mod uploads;

mod visit;

use std::time::Duration;

use aws_credential_types::Credentials;
use jiff::Timestamp;

use visit::Visitor;

/// What is looked over, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The URL that viewers reach the CDN by, without a path.
    pub url: String,
    /// How the caller of the upload API proves itself.
    pub caller: Caller,
    /// The origin of a page that uploads, such as `https://www.example.com`; none where no page does.
    pub origin: Option<String>,
    /// The bucket of originals; none where it isn't to be looked at.
    pub bucket: Option<Bucket>,
    /// How long an upload may be pending.
    pub patience: Duration,
    /// The clock.
    pub clock: fn() -> Timestamp,
}

/// A caller of the upload API.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Shows nothing.
    Anyone,
    /// Has a session.
    Session(String),
    /// Has a token of the configured issuer.
    Token(String),
}

/// A bucket, and who looks at it.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Whose `s3:GetLifecycleConfiguration` is used.
    pub credentials: Credentials,
}

/// What was looked at, and what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What should be.
    pub name: &'static str,
    /// Whether it is.
    pub outcome: Outcome,
}

/// Whether something is as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is: what was seen.
    Passed(String),
    /// It isn't: what was seen, and what to do.
    Failed(String),
    /// It wasn't looked at: why.
    Skipped(String),
}

/// Looks at everything, one after the other, whatever came of the last. Leaves two small uploads behind: a picture, and a
/// page that is refused.
pub async fn examine(options: &Options) -> Vec<Finding> {
    let visitor = match Visitor::new(options) {
        Ok(visitor) => visitor,
        Err(cause) => {
            return vec![Finding { name: "a request can be made", outcome: Outcome::Failed(cause) }];
        }
    };
    let mut findings = vec![
        finding("the CDN answers, and its clock is this one's", edge::clock(&visitor).await),
        finding("the edge function has its policy", edge::policy(&visitor).await),
        finding("what is off the ladder is refused at the edge", edge::ladder(&visitor).await),
        finding("the origin's paths are not for viewers", edge::canonical(&visitor).await),
        finding("private files need a signed link", edge::private(&visitor).await),
    ];
    findings.extend(uploads::all(&visitor).await);
    findings.push(Finding {
        name: "what is abandoned or refused is removed by lifecycle",
        outcome: storage::lifecycle(&visitor).await,
    });
    findings
}

/// What a look has shown: what was seen, or what is wrong and what to do.
type Look = Result<String, String>;

fn finding(name: &'static str, look: Look) -> Finding {
    let outcome = match look {
        Ok(seen) => Outcome::Passed(seen),
        Err(wrong) => Outcome::Failed(wrong),
    };
    Finding { name, outcome }
}
