//! The list of checks.

use super::finding::{CheckResult, Finding};
use super::options::Options;
use super::visitor::Visitor;
use super::{cdn, storage, uploads};

/// Runs all checks in order, also after a failure. Leaves two small uploads behind: a picture, and a page that is
/// refused.
pub async fn examine(options: &Options) -> Vec<Finding> {
    let visitor = match Visitor::new(options) {
        Ok(visitor) => visitor,
        Err(cause) => {
            return vec![Finding { name: "requests can be sent", result: CheckResult::Failed(cause) }];
        }
    };
    let mut findings = vec![
        Finding::new("the CDN answers and its clock agrees with this machine's", cdn::clock(&visitor).await),
        Finding::new("the edge function has its policy", cdn::policy(&visitor).await),
        Finding::new("the edge refuses unsigned requests off the ladder", cdn::ladder(&visitor).await),
        Finding::new("the edge refuses canonical paths", cdn::canonical(&visitor).await),
        Finding::new("private files need a signed link", cdn::private(&visitor).await),
    ];
    findings.extend(uploads::all(&visitor).await);
    findings.push(Finding {
        name: "lifecycle rules remove abandoned and refused uploads",
        result: storage::lifecycle(&visitor).await,
    });
    findings
}
