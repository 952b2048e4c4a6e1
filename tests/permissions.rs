//! The permissions of the deployment, both ways: each call has its permission, and each permission has a call. Needs Node.js and the
//! built CDK app; `./test` provides both.
//!
//! `environment` says the same of the variables of the functions' environment.
//!
//! The calls are those that every flow of `faults` really makes, and those that AWS makes by itself (`of_aws`). The policies are those
//! of the synthesised template, with a library and a webhook.

mod environment;
mod exceptions;
mod mutations;
mod of_aws;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cdn_config::policy::{Keep, Policy};
use local_policy::{Call, Caller, Decision, Key, Permissions, export};
use serde_json::{Value, json};

use crate::deployment::template::Template;
use crate::faults::flows::KEEPS;
use crate::faults::permissions::calls_of_every_flow;
use exceptions::Exceptions;

/// With `UPDATE=1` the test writes the file.
#[test]
fn the_local_stack_has_the_permissions_of_the_deployment() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/permissions.json");
    let document = |keep: Keep| (keep.name(), export(&template(keep).in_local_account()).unwrap());
    let documents: BTreeMap<&str, Value> = KEEPS.into_iter().map(document).collect();
    let expected = format!("{:#}\n", json!(documents));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &expected).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == expected,
        "deploy/permissions.json is out of date: `UPDATE=1 ./test permissions` updates it"
    );
}

/// The template of a deployment that stores these variants, with a library and a webhook.
fn template(keep: Keep) -> Template {
    Template::complete_of(&Policy { keep, ..Policy::built_in() })
}

#[tokio::test(start_paused = true)]
async fn every_call_has_a_permission_and_every_permission_a_call() {
    let (mut denied, mut unused) = (Exceptions::read("denied"), Exceptions::read("unused"));
    for keep in KEEPS {
        Box::pin(check(keep, &mut denied, &mut unused)).await;
    }
    denied.assert_all_are_needed();
    unused.assert_all_are_needed();
}

async fn check(keep: Keep, denied: &mut Exceptions, unused: &mut Exceptions) {
    let template = template(keep).in_local_account();
    let document = export(&template).unwrap();
    let mut calls = calls_of_every_flow(keep).await;
    calls.extend(of_aws::calls(&template).unwrap());
    let permissions = Permissions::parse(&document).unwrap();

    let missing: Vec<String> = calls
        .iter()
        .filter(|call| permissions.decide(call) != Decision::Allowed)
        .map(describe)
        .filter(|text| !denied.contain(text))
        .collect();
    assert!(missing.is_empty(), "{}: calls without permission:\n{}", keep.name(), missing.join("\n"));

    let decisions: BTreeMap<Call, Decision> =
        calls.iter().flat_map(variants).map(|call| (call.clone(), permissions.decide(&call))).collect();
    let unnoticed: Vec<String> = mutations::of(&document)
        .into_iter()
        .filter(|mutation| !changes_a_decision(&mutation.document, &decisions))
        .map(|mutation| mutation.name)
        .filter(|name| !unused.contain(name))
        .collect();
    assert!(unnoticed.is_empty(), "{}: no call needs:\n{}", keep.name(), unnoticed.join("\n"));
}

fn changes_a_decision(document: &Value, decisions: &BTreeMap<Call, Decision>) -> bool {
    let permissions = Permissions::parse(document).unwrap();
    decisions.iter().any(|(call, decision)| permissions.decide(call) != *decision)
}

/// A call, and the same call with each value of its context missing or different. Policies must distinguish them.
fn variants(call: &Call) -> BTreeSet<Call> {
    let mut variants = BTreeSet::from([call.clone()]);
    for key in call.context.keys() {
        let other = match key {
            Key::SecureTransport | Key::InvokedViaFunctionUrl => "false",
            Key::TlsVersion => "1.1",
            Key::SourceArn => "arn:aws:other:us-east-1:000000000000:other",
            Key::SourceAccount => "111111111111",
            Key::PassedToService => "ec2.amazonaws.com",
            Key::FunctionUrlAuthType => "NONE",
            Key::Prefix => "claims/",
            Key::Acl => "private",
            Key::ExistingObjectTag(_) | Key::RequestObjectTag(_) => "other",
        };
        for context in [call.context.clone().without(key), call.context.clone().with(key.clone(), other)] {
            variants.insert(Call { context, ..call.clone() });
        }
    }
    variants
}

fn describe(call: &Call) -> String {
    let (Caller::Role(name) | Caller::Service(name)) = &call.caller;
    let name = name.rsplit('/').next().unwrap();
    format!("{name} {} {}", call.action, call.resource)
}
