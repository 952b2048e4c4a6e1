//! The list of checks.

use super::finding::Finding;
use super::options::Options;
use super::visitor::Visitor;
use super::{cdn, storage, uploads};
use crate::client::{Answer, Client, NoAnswer};

/// The name of the first check.
const ANSWER: &str = "the CDN answers and its clock agrees with this machine's";

/// Runs all checks in order, also after a failure, unless nothing answers or another server does. Leaves six small uploads
/// behind: five pictures, and a page that is refused.
pub async fn examine(options: &Options) -> Vec<Finding> {
    let visitor = match Client::new(&options.url, options.caller.clone()) {
        Ok(client) => Visitor { options, client },
        Err(cause) => return vec![Finding::new("requests can be sent", Err(cause.to_string()))],
    };
    let answer = match cdn::any_answer(&visitor).await {
        Ok(answer) => answer,
        Err(cause) => return vec![Finding::new(ANSWER, Err(nothing_answers(options, &cause)))],
    };
    if !cdn::is_tintype(&visitor, &answer).await {
        return vec![Finding::new(ANSWER, Err(another_server(options, &answer)))];
    }
    let mut findings = vec![
        Finding::new(ANSWER, cdn::clock(&visitor, &answer)),
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

fn another_server(options: &Options, answer: &Answer) -> String {
    format!(
        "{} answers with {}: is this a Tintype? Name the URL of a local stack's page or of a deployment's CDN with --url",
        options.url,
        answer.summary()
    )
}

fn nothing_answers(options: &Options, cause: &NoAnswer) -> String {
    format!(
        "nothing answers at {} ({}); start a local stack with `tintype local`, or name a deployment's CDN with --url",
        options.url,
        cause.reason()
    )
}
