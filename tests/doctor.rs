//! `tintype doctor` on a stack without problems, and on stacks with one problem each.

use std::time::Duration;

use axum::Router;
use axum::routing::any;
use cdn_config::policy::Policy;
use contract::policy::UnsignedAccess;
use http::StatusCode;
use jiff::{Timestamp, ToSpan as _};
use tintype::client::Caller;
use tintype::doctor::examination::examine;
use tintype::doctor::finding::{CheckResult, Finding};
use tintype::doctor::options::Options;
use tokio::net::TcpListener;

use crate::faults::flows::KEEPS;
use crate::support::Running;

fn options(url: &str) -> Options {
    Options {
        url: url.to_owned(),
        caller: Caller::Anyone,
        origin: Some("https://www.example.com".to_owned()),
        bucket: None,
        upload_timeout: Duration::from_mins(1),
        clock: Timestamp::now,
    }
}

/// The names of the failed checks with their observations.
fn failures(findings: &[Finding]) -> Vec<(&str, &str)> {
    let has_failed = |finding: &&Finding| matches!(finding.result, CheckResult::Failed(_));
    findings.iter().filter(has_failed).map(|finding| (finding.name, said(finding))).collect()
}

fn said(finding: &Finding) -> &str {
    match &finding.result {
        CheckResult::Passed(text) | CheckResult::Failed(text) | CheckResult::Skipped(text) => text,
    }
}

#[tokio::test]
async fn a_local_stack_passes_every_check() {
    for keep in KEEPS {
        passes_every_check(&Running::with_policy(Policy { keep, ..Policy::built_in() }).await).await;
    }
}

async fn passes_every_check(stack: &Running) {
    let findings = examine(&options(stack.edge())).await;
    assert_eq!(failures(&findings), []);
    assert_eq!(findings.len(), 12);
    let names = findings.iter().find(|one| one.name == "files of any name have variants").unwrap();
    assert!(said(names).contains("é.png"), "{names:?}");
    let skipped: Vec<_> = findings
        .iter()
        .filter(|finding| matches!(finding.result, CheckResult::Skipped(_)))
        .map(|one| one.name)
        .collect();
    assert_eq!(skipped, ["lifecycle rules remove abandoned and refused uploads"]);
}

#[tokio::test]
async fn an_open_policy_is_reported() {
    let mut policy = Policy::built_in();
    policy.rules.unsigned = UnsignedAccess::Open;
    let stack = Running::with_policy(policy).await;
    let findings = examine(&options(stack.edge())).await;
    let [(name, wrong)] = failures(&findings)[..] else { panic!("{findings:?}") };
    assert_eq!(name, "the edge refuses unsigned requests off the ladder");
    assert!(wrong.contains("the policy is open"), "{wrong}");
}

#[tokio::test]
async fn a_wrong_clock_is_reported() {
    let stack = Running::start().await;
    let clock = || Timestamp::now() - 10.minutes();
    let findings = examine(&Options { clock, ..options(stack.edge()) }).await;
    let [(name, wrong)] = failures(&findings)[..] else { panic!("{findings:?}") };
    assert_eq!(name, "the CDN answers and its clock agrees with this machine's");
    assert!(wrong.contains("s apart"), "{wrong}");
}

#[tokio::test]
async fn another_server_and_a_closed_port_are_reported_differently() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let other = Router::new().fallback(any(|| async { (StatusCode::NOT_FOUND, "not here") }));
    let serving = tokio::spawn(async move { axum::serve(listener, other).await.unwrap() });
    let findings = examine(&options(&url)).await;
    let [(_, wrong)] = failures(&findings)[..] else { panic!("{findings:?}") };
    assert!(
        wrong.contains(&format!("{url} answers with status 404: not here: is this a Tintype?")),
        "{wrong}"
    );
    assert!(wrong.contains("--url"), "{wrong}");
    assert_eq!(findings.len(), 1, "the other checks would all say the same: {findings:?}");
    serving.abort();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let findings = examine(&options(&url)).await;
    let [(_, wrong)] = failures(&findings)[..] else { panic!("{findings:?}") };
    assert!(wrong.contains("nothing answers at"), "{wrong}");
    assert_eq!(findings.len(), 1, "the other checks would all say the same: {findings:?}");
}
